import { describe, expect, it } from 'vitest';
import { doubtOfHour, epochOnHandset, handsetInstantToUtc } from '../../../main/parsing/handset-time.ts';
import { alignHandsetEvents } from '../../../main/workflow/handset-events.ts';
import type { EventRecord } from '../../../main/workflow/handset-events.ts';
import { clocksOf, withInstant } from '../../../main/workflow/record-instants.ts';
import type { CaseReader } from '../../../main/evidence/readers/case-reader.ts';
import type { IndexReader } from '../../../main/evidence/readers/index-reader.ts';
import type { RecordBody, SnapshotRecord } from '../../../shared/model/record.ts';
import { ofKind, parseText } from './fixture.ts';

/** A handset of a zone, its clock right; the log is read some hours later. */
const inZone = (zone: string, collectedAt: string) => ({
  collectedAt,
  handsetClock: { offsetMs: 0, boundMs: 20, zone },
});

const owned = { handset: 'H1', label: 'before', run: null, exhibit: 'E2' } as const;

/** As `records` shows the line of a log of a handset in this zone. */
function shown(zone: string, log: RecordBody): SnapshotRecord & { readonly at?: string; readonly ambiguous?: string } {
  const clock: SnapshotRecord = { ...owned, exhibit: 'E1', kind: 'clock', offsetMs: 0, boundMs: 20, zone };
  const exhibits = ['E1', 'E2'].map((id) => ({ id, acquisition: 'A1', origin: { type: 'file' } }));
  const clockOf = clocksOf(
    { exhibits: () => exhibits } as unknown as CaseReader,
    { records: () => [clock] } as unknown as IndexReader,
  );
  return withInstant({ ...log, ...owned }, clockOf);
}

/** [zone, the log's local time without year, when it was read, what it is, its instant where there is one] */
const lines = [
  ['Europe/Berlin', '10-26 01:59:59.500', '2014-10-26T08:00:00Z', 'once', '2014-10-25T23:59:59.500000Z'],
  ['Europe/Berlin', '10-26 02:00:00.000', '2014-10-26T08:00:00Z', 'hour-repeated', null],
  ['Europe/Berlin', '10-26 02:59:59.999', '2014-10-26T08:00:00Z', 'hour-repeated', null],
  ['Europe/Berlin', '10-26 03:00:00.000', '2014-10-26T08:00:00Z', 'once', '2014-10-26T02:00:00.000000Z'],
  ['Europe/Berlin', '03-30 02:30:00.000', '2014-03-30T08:00:00Z', 'hour-skipped', null],
  ['Europe/Berlin', '03-30 03:00:00.000', '2014-03-30T08:00:00Z', 'once', '2014-03-30T01:00:00.000000Z'],
  ['America/New_York', '11-02 00:59:59.999', '2014-11-02T12:00:00Z', 'once', '2014-11-02T04:59:59.999000Z'],
  ['America/New_York', '11-02 01:30:00.000', '2014-11-02T12:00:00Z', 'hour-repeated', null],
  ['America/New_York', '11-02 02:00:00.000', '2014-11-02T12:00:00Z', 'once', '2014-11-02T07:00:00.000000Z'],
  ['America/New_York', '03-09 02:30:00.000', '2014-03-09T12:00:00Z', 'hour-skipped', null],
  ['Asia/Taipei', '10-26 02:30:00.000', '2014-10-26T08:00:00Z', 'once', '2014-10-25T18:30:00.000000Z'],
  ['Asia/Taipei', '03-30 02:30:00.000', '2014-03-30T08:00:00Z', 'once', '2014-03-29T18:30:00.000000Z'],
  ['Asia/Taipei', '11-02 01:30:00.000', '2014-11-02T12:00:00Z', 'once', '2014-11-01T17:30:00.000000Z'],
] as const;

describe('a log’s line where daylight saving begins or ends', () => {
  it.each(lines)('%s %s, read %s: %s', (zone, local, collectedAt, what, at) => {
    const result = parseText(
      `${local}  1234  1234 I Tag: said\n`,
      'logcat -d -v threadtime',
      inZone(zone, collectedAt),
    );
    const [log] = ofKind(result, 'log');
    if (log === undefined) throw new Error('no line was read');
    const record = shown(zone, log);
    if (at === null) {
      // Without an offset: the reading says neither of the two, or that the zone is another.
      expect(log.atHandset).not.toMatch(/[+-]\d\d:\d\d$/);
      expect(record).not.toHaveProperty('at');
      expect(record.ambiguous).toBe(what);
    } else {
      expect(log.atHandset).toMatch(/[+-]\d\d:\d\d$/);
      expect(record.at).toBe(at);
      expect(record).not.toHaveProperty('ambiguous');
    }
  });

  it('stands once where the line tells its own offset, or the instant was counted from 1970', () => {
    const text = '2014-10-26 02:30:00.000 +0100  1234  1234 I Tag: said\n';
    const context = inZone('Europe/Berlin', '2014-10-26T08:00:00Z');
    const [log] = ofKind(parseText(text, 'logcat -d -v threadtime -v year -v zone', context), 'log');
    expect(log?.atHandset).toBe('2014-10-26T02:30:00.000000+01:00');
    const counted = (iso: string): string | null => epochOnHandset(Date.parse(iso), context.handsetClock);
    expect(counted('2014-10-26T00:30:00Z')).toBe('2014-10-26T02:30:00.000000+02:00');
    expect(counted('2014-10-26T01:30:00Z')).toBe('2014-10-26T02:30:00.000000+01:00');
  });

  it('knows both instants of the repeated hour, and none of the hour left out', () => {
    const clock = { offsetMs: 0, boundMs: 0, zone: 'Europe/Berlin' };
    const repeated = '2014-10-26T02:30:00.000000';
    expect(doubtOfHour(repeated, clock.zone)).toEqual({ why: 'hour-repeated', apartMs: 3_600_000 });
    expect(handsetInstantToUtc(repeated, clock)).toBe('2014-10-26T00:30:00.000000Z');
    // Half an hour on Lord Howe Island.
    expect(doubtOfHour('2014-04-06T01:45:00', 'Australia/Lord_Howe')).toEqual({
      why: 'hour-repeated',
      apartMs: 1_800_000,
    });
    expect(handsetInstantToUtc('2014-03-30T02:30:00', clock)).toBeNull();
    expect(doubtOfHour('2014-03-30T02:30:00', null)).toBeNull();
  });
});

describe('an act of consent in such an hour', () => {
  const act = (atHandset: string): EventRecord => ({
    ...owned,
    kind: 'event',
    eventKind: 'consent-act',
    atHandset,
    text: 'terms accepted',
  });
  const placed = (atHandset: string) =>
    alignHandsetEvents([act(atHandset)], [], () => ({ offsetMs: 0, boundMs: 20, zone: 'Europe/Berlin' }))[0];

  it('is open by the hour where it is repeated: nothing between its two instants stands before or after it', () => {
    expect(placed('2014-10-26T02:30:00.250000')).toMatchObject({
      at: '2014-10-26T00:30:00.250000Z',
      boundMs: 3_600_021,
    });
  });

  it('is kept, its clock not tied, where the zone leaves the hour out', () => {
    expect(placed('2014-03-30T02:30:00.250000')).toMatchObject({
      clock: 'assumed',
      source: 'E2 (an hour that the zone leaves out)',
    });
  });
});
