import type { CaseEvent } from '../../shared/model/event.ts';
import type { SnapshotRecord } from '../../shared/model/record.ts';
import { doubtOfHour, handsetInstantToUtc } from '../parsing/handset-time.ts';
import type { DoubtOfHour } from '../parsing/handset-time.ts';
import type { HandsetClock } from '../parsing/parse-result.ts';
import type { PacketClocks } from './packet-clocks.ts';

/** A canary request as a capture holds it. */
export interface CapturedCanary {
  readonly label: string;
  readonly run: string | null;
  readonly nonce: string;
  readonly atUs: number;
}

type LogEventRecord = SnapshotRecord & { readonly kind: 'event' };
/** Read from a log, or from the handset's own record of its use. */
export type EventRecord = Omit<LogEventRecord, 'eventKind'> & {
  readonly eventKind: LogEventRecord['eventKind'] | 'usage';
};

const nonceInPath = /handsight-canary[/ ](?:nonce=)?([0-9a-f]{8,64})/i;
const nonceInEvent = /\bnonce[ =]([0-9a-f]{8,64})\b/i;

/** Nonce of a canary in a request's path, or null. */
export function canaryNonce(uri: string): string | null {
  return nonceInPath.exec(uri)?.[1]?.toLowerCase() ?? null;
}

/** The clock by which an acquisition's outputs are read, and whether it was set while that ran. */
export interface AcquiredClock extends HandsetClock {
  readonly wasSet?: boolean;
}

type ClockOf = (exhibit: string) => AcquiredClock | null;

/** A clock that is further off than this is not the measured drift of one and the same time: it is another time. */
export const plausibleOffsetMs = 24 * 3600 * 1000;

/**
 * How long after its line in the log a control request may leave: a look-up of its name and a handshake come first. The tie by
 * canaries is not surer than that, even where they agree with one another.
 */
const canaryLagMs = 500;

/**
 * Puts what the handset's log tells onto the clock of the run's captures. Packets that the handset itself recorded stand on the
 * log's own clock. Otherwise the two clocks are tied together by the canary, which stands in both; without one, by the offset
 * measured against the workstation when it is plausible, else they are taken as equal. How it was done is said in each event's
 * source, how sure it is in its `boundMs`; what was only taken as equal is marked `assumed`, so that nothing is judged by its order.
 */
export function alignHandsetEvents(
  records: readonly EventRecord[],
  canaries: readonly CapturedCanary[],
  clockOf: ClockOf,
  packets: PacketClocks | null = null,
): CaseEvent[] {
  const offsets = canaryOffsets(records, canaries, clockOf);
  const events: CaseEvent[] = [];
  for (const record of records) {
    const measured = clockOf(record.exhibit);
    const whose = packets?.clockOf(record) ?? 'another';
    const { tie, how } = tieOf(record, offsets.get(groupKey(record)), measured, packets);
    const zone = measured?.zone ?? null;
    const placed = handsetInstantToUtc(record.atHandset, { offsetMs: tie?.offsetMs ?? 0, boundMs: 0, zone });
    const doubt = doubtOfHour(record.atHandset, zone);
    // Of an hour that the clock showed twice the earlier instant, open as far as the later one.
    const apartMs = doubt?.why === 'hour-repeated' ? doubt.apartMs : 0;
    // A line whose instant cannot be placed is still a record; as an event it could only mislead. An act of consent is kept:
    // that it happened forbids saying that nothing was agreed to.
    const at =
      placed ?? (record.eventKind === 'consent-act' ? handsetInstantToUtc(record.atHandset, unknownZone) : null);
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
      ...(whose === 'handset' ? secondClock(record, measured, packets) : {}),
      source: `${record.exhibit} (${placed === null ? unplaced(doubt) : how})`,
      ...(placed === null || tie === null
        ? { clock: 'assumed' as const }
        : { boundMs: tie.boundMs + resolutionMs(record.atHandset) + apartMs }),
    });
  }
  return events;
}

const unplaced = (doubt: DoubtOfHour): string =>
  doubt === null ? 'zone not known' : 'an hour that the zone leaves out';

const unknownZone: HandsetClock = { offsetMs: 0, boundMs: 0, zone: 'UTC' };

/** Two handsets of one run have two clocks. */
function groupKey({ handset, label, run }: Pick<EventRecord, 'handset' | 'label' | 'run'>): string {
  return JSON.stringify([handset, label, run]);
}

/** Handset minus capture in milliseconds, and how far that may be off. */
interface ClockTie {
  readonly offsetMs: number;
  readonly boundMs: number;
}

/**
 * Beside packets of the handset's own clock `at` is that too: the workstation's is told apart, by the offset of the acquisition.
 * Nothing is told, as of records, where the clock was set: the offset may be that of before or of after.
 */
function secondClock(
  record: EventRecord,
  measured: AcquiredClock | null,
  packets: PacketClocks | null,
): Pick<CaseEvent, 'atWorkstation' | 'atWorkstationBoundMs'> {
  const { atHandset } = record;
  if (measured === null || plausibleOffset(measured) === null) return {};
  if (measured.wasSet === true || packets?.isSetAround(record, measured) === true) return {};
  const at = handsetInstantToUtc(atHandset, measured);
  if (at === null || doubtOfHour(atHandset, measured.zone) !== null) return {};
  return { atWorkstation: at, atWorkstationBoundMs: Math.ceil(measured.boundMs + resolutionMs(atHandset)) };
}

/** How the handset's clock is tied to that of the packets an event is put beside; no tie: by nothing. */
function tieOf(
  record: EventRecord,
  tied: ClockTie | undefined,
  measured: AcquiredClock | null,
  packets: PacketClocks | null,
): { readonly tie: ClockTie | null; readonly how: string } {
  const whose = packets?.clockOf(record) ?? 'another';
  // Of a clock that was set while it was asked, nobody knows by which offset a line of its log stands.
  const offset = measured?.wasSet === true ? null : plausibleOffset(measured);
  // A canary that stands elsewhere in the packets than in the log is better evidence than how they were taken.
  if (whose === 'handset' && (tied === undefined || Math.abs(tied.offsetMs) <= tied.boundMs))
    return { tie: { offsetMs: 0, boundMs: packets?.stepMs(record) ?? 0 }, how: "packets on the handset's clock" };
  if (whose === 'several')
    return {
      // Some of the packets stand on the log's clock, the others the offset away from it.
      tie: offset && { offsetMs: offset.offsetMs, boundMs: offset.boundMs + Math.abs(offset.offsetMs) },
      how: 'packets on several clocks',
    };
  if (tied !== undefined) return { tie: tied, how: 'clock tied by canary' };
  return { tie: offset, how: offset === null ? 'clock taken as equal' : 'clock offset measured' };
}

function plausibleOffset(measured: HandsetClock | null): ClockTie | null {
  return measured !== null && Math.abs(measured.offsetMs) < plausibleOffsetMs ? measured : null;
}

/** What the last digit of a log's time leaves open: a second, a tenth …, at least the millisecond that logs count in. */
export function resolutionMs(atHandset: string): number {
  const fraction = /\.(\d+)/.exec(atHandset)?.[1] ?? '';
  return /[1-9]/.test(fraction) ? 1 : 1000;
}

/** Per handset, label and run: the median over the canaries that stand in both clocks, and how far they disagree with it. */
function canaryOffsets(
  records: readonly EventRecord[],
  canaries: readonly CapturedCanary[],
  clockOf: ClockOf,
): Map<string, ClockTie> {
  const captured = new Map(canaries.map((one) => [JSON.stringify([one.label, one.run, one.nonce]), one.atUs]));
  const found = new Map<string, number[]>();
  for (const record of records) {
    if (record.eventKind !== 'canary') continue;
    const nonce = nonceInEvent.exec(record.text)?.[1]?.toLowerCase() ?? null;
    const atUs = captured.get(JSON.stringify([record.label, record.run, nonce]));
    const zone = clockOf(record.exhibit)?.zone ?? null;
    const handsetAt = handsetInstantToUtc(record.atHandset, { offsetMs: 0, boundMs: 0, zone });
    if (atUs === undefined || handsetAt === null || doubtOfHour(record.atHandset, zone) !== null) continue;
    const list = found.get(groupKey(record)) ?? [];
    list.push(Date.parse(handsetAt) - atUs / 1000);
    found.set(groupKey(record), list);
  }
  return new Map(
    [...found].map(([key, list]) => {
      const offsetMs = median(list);
      const apart = list.reduce((most, one) => Math.max(most, Math.abs(one - offsetMs)), 0);
      return [key, { offsetMs, boundMs: apart + canaryLagMs }];
    }),
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
