import type { InstantOfRecord, SnapshotRecord } from '../../shared/model/record.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';
import { handsetInstantToUtc } from '../parsing/handset-time.ts';
import type { HandsetClock } from '../parsing/parse-result.ts';
import { plausibleOffsetMs, resolutionMs } from './handset-events.ts';

/** Measurements of one acquisition that differ by more than this (beside their bounds) are of a clock that was set, not of drift. */
const stepMs = 2000;

/** The clock of the acquisition that an exhibit belongs to, and whether it was set meanwhile; null: none was measured. */
type ClockOfExhibit = (exhibit: string) => { readonly clock: HandsetClock; readonly isStepped: boolean } | null;

/** From the clock records of the index: the first measurement of each acquisition counts, as for everything that is read with it. */
export function clocksOf(reader: Pick<CaseReader, 'exhibits'>, index: Pick<IndexReader, 'records'>): ClockOfExhibit {
  const acquisitionOf = new Map(reader.exhibits().map(({ id, acquisition }) => [id, acquisition]));
  const measured = new Map<string, HandsetClock[]>();
  for (const record of index.records({ kind: 'clock' })) {
    const acquisition = acquisitionOf.get(record.exhibit);
    if (record.kind !== 'clock' || acquisition === undefined || acquisition === null) continue;
    const list = measured.get(acquisition) ?? [];
    list.push({ offsetMs: record.offsetMs, boundMs: record.boundMs, zone: record.zone });
    measured.set(acquisition, list);
  }
  return (exhibit) => {
    const clocks = measured.get(acquisitionOf.get(exhibit) ?? '') ?? [];
    const [clock] = clocks;
    return clock === undefined ? null : { clock, isStepped: clocks.some((one) => isApart(clock, one)) };
  };
}

function isApart(a: HandsetClock, b: HandsetClock): boolean {
  return Math.abs(a.offsetMs - b.offsetMs) > stepMs + a.boundMs + b.boundMs;
}

/**
 * The record with its instant on the workstation's clock, and how far that may be off; `ambiguous` names why there is none. The
 * offset is that of the acquisition: a clock that was set between the instant and the acquisition does not show in it.
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
  const at = handsetInstantToUtc(atHandset, clock);
  if (at === null) return { ...record, ambiguous: 'zone-not-known' };
  return { ...record, at, atBoundMs: Math.ceil(clock.boundMs + resolutionMs(atHandset)) };
}
