import { describe, expect, test } from 'vitest';
import { clocksOf, withInstant } from '../../../main/workflow/record-instants.ts';
import type { IndexReader } from '../../../main/evidence/readers/index-reader.ts';
import type { CaseReader } from '../../../main/evidence/readers/case-reader.ts';
import type { RecordBody, SnapshotRecord } from '../../../shared/model/record.ts';
import en from '../../../shared/locale/en.json' with { type: 'json' };
import { ambiguities } from '../../../shared/model/record.ts';

const of = (exhibit: string, body: RecordBody): SnapshotRecord => ({
  ...body,
  handset: 'H1',
  label: 'before',
  run: null,
  exhibit,
});
const clock = (offsetMs: number, boundMs = 20): RecordBody => ({
  kind: 'clock',
  offsetMs,
  boundMs,
  zone: 'Asia/Taipei',
});
const crash = (atHandset: string | null): RecordBody => ({
  kind: 'crash',
  package: null,
  process: null,
  tag: 't',
  atHandset,
  exception: null,
  summary: '',
});

/** A1: a clock and a list; A2: a clock at its start, one at its end, and two lists; A3: a list and no clock. When each was asked for. */
const acquisitions: Readonly<Record<string, readonly [string, string]>> = {
  E1: ['A1', '10:00:00'],
  E2: ['A1', '10:00:01'],
  E3: ['A2', '11:00:00'],
  E4: ['A2', '11:10:00'],
  E5: ['A2', '11:04:00'],
  E7: ['A2', '11:06:00'],
  E6: ['A3', '12:00:00'],
};

function clocks(...records: readonly SnapshotRecord[]): ReturnType<typeof clocksOf> {
  const exhibits = Object.entries(acquisitions).map(([id, [acquisition, time]]) => ({
    id,
    acquisition,
    origin: { type: 'command', startedAt: `2014-08-07T${time}.000000Z` },
  }));
  return clocksOf(
    { exhibits: () => exhibits } as unknown as CaseReader,
    { records: () => records } as unknown as IndexReader,
  );
}

describe('an instant of the handset’s clock', () => {
  test('stands on the workstation’s too, with the measured offset taken off and what both may be off', () => {
    const clockOf = clocks(of('E1', clock(37_500, 19.2)), of('E3', clock(90_000)));
    const at = '2014-08-07T18:00:37.500000+08:00';
    expect(withInstant(of('E2', crash(at)), clockOf)).toMatchObject({
      atHandset: at,
      at: '2014-08-07T10:00:00.000000Z',
      atBoundMs: 21,
    });
    // Whole seconds leave a second open; a time without a zone is taken in the zone of the handset.
    expect(withInstant(of('E2', crash('2014-08-07T18:00:37.000000')), clockOf)).toMatchObject({
      at: '2014-08-07T09:59:59.500000Z',
      atBoundMs: 1020,
    });
  });

  test('is taken with the measurement nearest to when it was read', () => {
    const clockOf = clocks(of('E3', clock(1000)), of('E4', clock(2000, 30)));
    const at = '2014-08-07T18:00:02.500000+08:00';
    expect(withInstant(of('E5', crash(at)), clockOf)).toMatchObject({
      at: '2014-08-07T10:00:01.500000Z',
      atBoundMs: 21,
    });
    expect(withInstant(of('E7', crash(at)), clockOf)).toMatchObject({
      at: '2014-08-07T10:00:00.500000Z',
      atBoundMs: 31,
    });
  });

  test('is ambiguous, with why, where that cannot be told', () => {
    const why = (exhibit: string, ...records: readonly SnapshotRecord[]): unknown => {
      const told = withInstant(of(exhibit, crash('2014-08-07T18:00:00.123000')), clocks(...records));
      expect(told).not.toHaveProperty('at');
      return told.ambiguous;
    };
    expect(why('E6', of('E1', clock(0)))).toBe('clock-not-measured');
    expect(why('E5', of('E3', clock(0)), of('E4', clock(3_600_000)))).toBe('clock-was-set');
    expect(why('E2', of('E1', clock(-86_400_000)))).toBe('clock-far-off');
    const withoutZone: RecordBody = { kind: 'clock', offsetMs: 0, boundMs: 1, zone: null };
    expect(why('E2', of('E1', withoutZone))).toBe('zone-not-known');
    for (const one of ambiguities) expect(Object.keys(en)).toContain(`ui.ambiguous.${one}`);
  });

  test('drift is no clock that was set; what has no instant stays as it is', () => {
    const clockOf = clocks(of('E3', clock(0, 500)), of('E4', clock(2900, 500)));
    expect(withInstant(of('E5', crash('2014-08-07T18:00:00.123000')), clockOf)).toHaveProperty('at');
    const none = of('E5', crash(null));
    expect(withInstant(none, clockOf)).toBe(none);
    const property = of('E5', { kind: 'property', name: 'a', value: 'b' });
    expect(withInstant(property, clockOf)).toBe(property);
  });
});
