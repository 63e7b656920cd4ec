import type { CaseEvent } from '../../shared/model/event.ts';
import type { SnapshotRecord } from '../../shared/model/record.ts';
import { handsetInstantToUtc } from '../parsing/handset-time.ts';
import type { HandsetClock } from '../parsing/parse-result.ts';

/** A canary request as a capture holds it. */
export interface CapturedCanary {
  readonly label: string;
  readonly run: string | null;
  readonly nonce: string;
  readonly atUs: number;
}

export type EventRecord = SnapshotRecord & { readonly kind: 'event' };

const nonceInPath = /handsight-canary[/ ](?:nonce=)?([0-9a-f]{8,64})/i;
const nonceInEvent = /\bnonce[ =]([0-9a-f]{8,64})\b/i;

/** Nonce of a canary in a request's path, or null. */
export function canaryNonce(uri: string): string | null {
  return nonceInPath.exec(uri)?.[1]?.toLowerCase() ?? null;
}

/** A clock that is further off than this is not the measured drift of one and the same time: it is another time. */
const plausibleOffsetMs = 24 * 3600 * 1000;

/**
 * Puts what the handset's log tells onto the clock of the run's captures. The two clocks are tied together by the canary,
 * which stands in both; without one, by the offset measured against the workstation when it is plausible, else they are
 * taken as equal. How it was done is said in each event's source.
 */
export function alignHandsetEvents(
  records: readonly EventRecord[],
  canaries: readonly CapturedCanary[],
  clockOf: (exhibit: string) => HandsetClock | null,
): CaseEvent[] {
  const offsets = canaryOffsets(records, canaries, clockOf);
  const events: CaseEvent[] = [];
  for (const record of records) {
    const measured = clockOf(record.exhibit);
    const tied = offsets.get(groupKey(record.label, record.run));
    const offsetMs = tied ?? fallbackOffset(measured);
    const clock: HandsetClock = { offsetMs, boundMs: 0, zone: measured?.zone ?? null };
    const at = handsetInstantToUtc(record.atHandset, clock);
    // A line whose instant cannot be placed is still a record; as an event it could only mislead.
    if (at === null) continue;
    events.push({
      id: `${record.exhibit}:${events.length + 1}`,
      run: record.run,
      label: record.label,
      handset: record.handset,
      kind: record.eventKind,
      at,
      atHandset: record.atHandset,
      text: record.text,
      source: `${record.exhibit} (${tied !== undefined ? 'clock tied by canary' : offsetMs === 0 ? 'clock taken as equal' : 'clock offset measured'})`,
    });
  }
  return events;
}

function groupKey(label: string, run: string | null): string {
  return JSON.stringify([label, run]);
}

function fallbackOffset(measured: HandsetClock | null): number {
  return measured !== null && Math.abs(measured.offsetMs) < plausibleOffsetMs ? measured.offsetMs : 0;
}

/** Handset minus capture, ms, per label and run: the median over the canaries that stand in both. */
function canaryOffsets(
  records: readonly EventRecord[],
  canaries: readonly CapturedCanary[],
  clockOf: (exhibit: string) => HandsetClock | null,
): Map<string, number> {
  const captured = new Map(canaries.map((one) => [JSON.stringify([one.label, one.run, one.nonce]), one.atUs]));
  const found = new Map<string, number[]>();
  for (const record of records) {
    if (record.eventKind !== 'canary') continue;
    const nonce = nonceInEvent.exec(record.text)?.[1]?.toLowerCase() ?? null;
    const atUs = captured.get(JSON.stringify([record.label, record.run, nonce]));
    const zone = clockOf(record.exhibit)?.zone ?? null;
    const handsetAt = handsetInstantToUtc(record.atHandset, { offsetMs: 0, boundMs: 0, zone });
    if (atUs === undefined || handsetAt === null) continue;
    const list = found.get(groupKey(record.label, record.run)) ?? [];
    list.push(Date.parse(handsetAt) - atUs / 1000);
    found.set(groupKey(record.label, record.run), list);
  }
  return new Map([...found].map(([key, list]) => [key, median(list)]));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
