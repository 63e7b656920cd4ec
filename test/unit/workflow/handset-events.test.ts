import { describe, expect, it } from 'vitest';
import type { EventRecord } from '../../../main/workflow/handset-events.ts';
import { alignHandsetEvents } from '../../../main/workflow/handset-events.ts';
import { parseExhibit } from '../../../main/parsing/parse-exhibit.ts';

const nonce = '0123456789abcdef';

function record(eventKind: EventRecord['eventKind'], atHandset: string, text: string): EventRecord {
  return { kind: 'event', eventKind, atHandset, text, label: 'before', handset: 'H1', run: 'R1', exhibit: 'E010' };
}

const us = (at: string): number => Date.parse(at) * 1000;

describe('events read from the handset', () => {
  it('are tied to the clock of the captures by the canary that stands in both', () => {
    // The handset runs 37.5 s ahead of the gateway.
    const records = [
      record('canary', '2014-08-07T18:00:37.500000+08:00', `canary request sent, nonce ${nonce}`),
      record('consent-act', '2014-08-07T18:01:37.500000+08:00', 'messaging service switched on'),
    ];
    const canaries = [{ label: 'before', run: 'R1', nonce, atUs: us('2014-08-07T10:00:00Z') }];
    const events = alignHandsetEvents(records, canaries, () => null);
    expect(events[1]).toMatchObject({
      at: '2014-08-07T10:01:00.000000Z',
      atHandset: '2014-08-07T18:01:37.500000+08:00',
    });
    expect(events[1]?.source).toContain('tied by canary');
  });

  it('use the measured offset when it is plausible, and say when clocks were taken as equal', () => {
    const records = [record('note', '2014-08-07T18:00:10.000000+08:00', 'x')];
    const measured = alignHandsetEvents(records, [], () => ({ offsetMs: 10_000, boundMs: 1, zone: 'Asia/Taipei' }));
    expect(measured[0]).toMatchObject({ at: '2014-08-07T10:00:00.000000Z' });
    // A workstation of 2026 beside a clock of 2014 says nothing about the gateway's clock.
    // Set while it was asked: by which offset the line stands, nobody knows, and nothing is judged by its order.
    const set = { offsetMs: 10_000, boundMs: 1, zone: 'Asia/Taipei', wasSet: true };
    const [open] = alignHandsetEvents(records, [], () => set);
    expect(open).toMatchObject({ clock: 'assumed' });
    expect(open).not.toHaveProperty('boundMs');
    const other = alignHandsetEvents(records, [], () => ({ offsetMs: -3.9e11, boundMs: 1, zone: 'Asia/Taipei' }));
    expect(other[0]).toMatchObject({ at: '2014-08-07T10:00:10.000000Z' });
    expect(other[0]?.source).toContain('taken as equal');
  });

  it('say how far their clock may be off: by the canaries’ disagreement, by the measurement’s bound, by the log’s own digits', () => {
    const other = 'fedcba9876543210';
    const records = [
      record('canary', '2014-08-07T18:00:37.500000+08:00', `canary request sent, nonce ${nonce}`),
      record('canary', '2014-08-07T18:10:38.100000+08:00', `canary request sent, nonce ${other}`),
      record('consent-act', '2014-08-07T18:05:00.250000+08:00', 'messaging service switched on'),
      record('consent-act', '2014-08-07T18:06:00.000000+08:00', 'terms accepted'),
    ];
    const canaries = [
      { label: 'before', run: 'R1', nonce, atUs: us('2014-08-07T10:00:00Z') },
      { label: 'before', run: 'R1', nonce: other, atUs: us('2014-08-07T10:10:00Z') },
    ];
    // 37.5 s and 38.1 s ahead: 0.3 s either side of the middle; a request may leave half a second after its line.
    expect(alignHandsetEvents(records, canaries, () => null).map((one) => one.boundMs)).toEqual([801, 801, 801, 1800]);
    const clock = { offsetMs: 10_000, boundMs: 40, zone: 'Asia/Taipei' };
    expect(alignHandsetEvents(records, [], () => clock).map((one) => one.boundMs)).toEqual([41, 41, 41, 1040]);
    expect(alignHandsetEvents(records, [], () => null).map((one) => [one.clock, one.boundMs])[2]).toEqual([
      'assumed',
      undefined,
    ]);
  });

  it('ignore a canary of another run', () => {
    const records = [record('canary', '2014-08-07T18:00:37.500000+08:00', `canary request sent, nonce ${nonce}`)];
    const canaries = [{ label: 'before', run: 'R2', nonce, atUs: us('2014-08-07T10:00:00Z') }];
    expect(alignHandsetEvents(records, canaries, () => null)[0]?.source).toContain('taken as equal');
  });
});

describe('a canary line of the log', () => {
  it('is read by parsing into words that tie the clocks', () => {
    const line = `08-07 18:00:37.500  1234  1234 I Canary  : handsight-canary nonce=${nonce}\n`;
    const clock = { offsetMs: 0, boundMs: 1, zone: 'Asia/Taipei' };
    const parsed = parseExhibit({
      collector: 'logcat',
      command: 'logcat -d -v threadtime',
      bytes: Buffer.from(`--------- beginning of /dev/log/main\n${line}`),
      context: { collectedAt: '2014-08-07T10:05:00.000000Z', handsetClock: clock },
    });
    const events = parsed.records.flatMap((one) =>
      one.kind === 'event' ? [{ ...one, label: 'before', handset: 'H1', run: 'R1', exhibit: 'E010' }] : [],
    );
    const canaries = [{ label: 'before', run: 'R1', nonce, atUs: us('2014-08-07T10:00:00Z') }];
    expect(alignHandsetEvents(events, canaries, () => clock)[0]?.source).toContain('tied by canary');
  });
});
