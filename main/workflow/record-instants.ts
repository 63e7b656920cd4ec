import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { InstantOfRecord, SnapshotRecord } from '../../shared/model/record.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';
import { doubtOfHour, handsetInstantToUtc } from '../parsing/handset-time.ts';
import type { HandsetClock } from '../parsing/parse-result.ts';
import { plausibleOffsetMs, resolutionMs } from './handset-events.ts';
import { isSetBetween } from './packet-clocks.ts';

/** The clock of the acquisition that an exhibit belongs to, and whether it was set meanwhile; null: none was measured. */
type ClockOfExhibit = (exhibit: string) => { readonly clock: HandsetClock; readonly isStepped: boolean } | null;

/** From the clock records of the index: of an acquisition's measurements the one nearest in time to when the exhibit was asked for. */
export function clocksOf(reader: Pick<CaseReader, 'exhibits'>, index: Pick<IndexReader, 'records'>): ClockOfExhibit {
  const exhibits = new Map(reader.exhibits().map((one) => [one.id, one]));
  const measured = new Map<string, MeasuredClock[]>();
  for (const record of index.records({ kind: 'clock' })) {
    const exhibit = exhibits.get(record.exhibit);
    if (record.kind !== 'clock' || exhibit === undefined || exhibit.acquisition === null) continue;
    const list = measured.get(exhibit.acquisition) ?? [];
    const { offsetMs, boundMs, zone } = record;
    list.push({ clock: { offsetMs, boundMs, zone }, askedMs: askedMs(exhibit) });
    measured.set(exhibit.acquisition, list);
  }
  return (id) => {
    const exhibit = exhibits.get(id);
    const clocks = measured.get(exhibit?.acquisition ?? '') ?? [];
    const [first] = clocks;
    if (exhibit === undefined || first === undefined) return null;
    const { clock } = nearestTo(askedMs(exhibit), clocks) ?? first;
    return { clock, isStepped: clocks.some((one) => isSetBetween(clock, one.clock)) };
  };
}

interface MeasuredClock {
  readonly clock: HandsetClock;
  readonly askedMs: number;
}

/** By the workstation; NaN where an exhibit does not tell. */
function askedMs({ origin }: Pick<Exhibit, 'origin'>): number {
  return origin.type === 'command' || origin.type === 'pull' ? Date.parse(origin.startedAt) : Number.NaN;
}

/** Of two that are equally near the earlier one. */
function nearestTo(atMs: number, clocks: readonly MeasuredClock[]): MeasuredClock | undefined {
  return clocks.toSorted((a, b) => Math.abs(a.askedMs - atMs) - Math.abs(b.askedMs - atMs))[0];
}

/**
 * The record with its instant on the workstation's clock, and how far that may be off; `ambiguous` names why there is none. The
 * offset is that of the acquisition, measured nearest to the reading: a clock that was set between the instant and the acquisition does not show in it.
 */
export function withInstant<Row extends SnapshotRecord>(record: Row, clockOf: ClockOfExhibit): Row & InstantOfRecord {
  const atHandset = 'atHandset' in record ? record.atHandset : null;
  if (atHandset === null) return record;
  const found = clockOf(record.exhibit);
  if (found === null) return { ...record, ambiguous: 'clock-not-measured' };
  const { clock, isStepped } = found;
  if (isStepped) return { ...record, ambiguous: 'clock-was-set' };
  // So far off is no drift: it is another time, as for the events of a run.
  if (Math.abs(clock.offsetMs) >= plausibleOffsetMs) return { ...record, ambiguous: 'clock-far-off' };
  const doubt = doubtOfHour(atHandset, clock.zone);
  if (doubt !== null) return { ...record, ambiguous: doubt.why };
  const at = handsetInstantToUtc(atHandset, clock);
  if (at === null) return { ...record, ambiguous: 'zone-not-known' };
  return { ...record, at, atBoundMs: Math.ceil(clock.boundMs + resolutionMs(atHandset)) };
}
