import type { Visibility } from '../../../shared/model/comparison.ts';
import type { CaseEvent } from '../../../shared/model/event.ts';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import type { Message } from '../../../shared/model/traffic.ts';
import { speaksOf } from '../detectors/consent.ts';

type SightedExhibit = Pick<Exhibit, 'id' | 'label' | 'run' | 'handset' | 'fault' | 'origin'>;

/** What one capture let be seen. Times are microseconds since the epoch; null for a capture without packets. */
export interface CaptureSight {
  readonly exhibit: SightedExhibit;
  /** The later files, where the capture is one of several. */
  readonly others?: readonly SightedExhibit[];
  readonly firstUs: number | null;
  readonly lastUs: number | null;
  /** Payload of all flows, and what of it could be read (not ciphertext, not lost), both ways. */
  readonly payloadBytes: number;
  readonly readableBytes: number;
  /** Codes from dissection's faults, flows' `incomplete` and the search's caps, with counts. */
  readonly gaps: readonly { readonly code: string; readonly count: number }[];
}

export interface RunVisibility extends Visibility {
  /** Null: the whole label. */
  readonly run: string | null;
}

/** A known request of the positive control: its host or path names it. */
const canaryName = /handsight[-._]?canary|canary[-._]handsight/i;
/** A canary counts for an end of the run when it lies within this of it, or within a tenth of the run. */
const canaryWindowUs = 120_000_000;

export function isCanary(message: Message): boolean {
  return message.kind === 'http-request' && (canaryName.test(message.host ?? '') || canaryName.test(message.uri));
}

/**
 * Visibility of each label (run null) and each of its runs: minutes captured, share readable, canaries at both ends, gaps.
 * Without both canaries a run is not fit for absence (handbook: investigation.md, rule 7), nor is one whose recording has holes.
 * A label has the weakest canaries of its runs.
 */
export function measureVisibility(
  sights: readonly CaptureSight[],
  messages: Iterable<Message>,
  events: readonly CaseEvent[],
): RunVisibility[] {
  const canaries = new Map<string, number[]>();
  for (const message of messages) {
    if (!isCanary(message)) continue;
    const times = canaries.get(message.exhibit) ?? [];
    times.push(Date.parse(message.at) * 1000);
    canaries.set(message.exhibit, times);
  }
  const rows: RunVisibility[] = [];
  for (const label of [...new Set(sights.map((sight) => sight.exhibit.label))].sort()) {
    const ofLabel = sights.filter((sight) => sight.exhibit.label === label);
    const runs = [...new Set(ofLabel.map((sight) => sight.exhibit.run))].sort((a, b) =>
      (a ?? '') < (b ?? '') ? -1 : 1,
    );
    const ofRuns = runs.map((run) =>
      rowOf(
        label,
        run,
        ofLabel.filter((sight) => sight.exhibit.run === run),
        canaries,
        events,
      ),
    );
    const whole = rowOf(label, null, ofLabel, canaries, events);
    rows.push({ ...whole, canaries: weakest(ofRuns.map((row) => row.canaries)) });
    if (runs.some((run) => run !== null)) rows.push(...ofRuns.filter((row) => row.run !== null));
  }
  return rows;
}

function rowOf(
  label: string,
  run: string | null,
  sights: readonly CaptureSight[],
  canaries: ReadonlyMap<string, readonly number[]>,
  events: readonly CaseEvent[],
): RunVisibility {
  const spans = sights.flatMap((s) =>
    s.firstUs === null || s.lastUs === null ? [] : [[s.firstUs, s.lastUs] as const],
  );
  const payloadBytes = sights.reduce((sum, sight) => sum + sight.payloadBytes, 0);
  const readableBytes = sights.reduce((sum, sight) => sum + sight.readableBytes, 0);
  const exhibits = sights.flatMap(filesOf);
  const times = exhibits.flatMap(({ id }) => canaries.get(id) ?? []);
  const interruptions = events.filter(
    (event) => event.kind === 'gap' && sights.some(({ exhibit }) => speaksOf(event, exhibit)),
  );
  // A cut file has its interruption, where one was noted: what is both is one hole.
  const cut = sights.flatMap(filesOf).filter(isCut);
  return {
    label,
    run,
    captures: exhibits.map(({ id }) => id).sort(),
    minutes: Math.round((coveredUs(spans) / 60_000_000) * 10) / 10,
    payloadBytes,
    readableBytes,
    readablePercent: payloadBytes === 0 ? null : Math.round((readableBytes / payloadBytes) * 1000) / 10,
    canaries: canaryEnds(spans, times),
    gaps: gapsOf(sights, interruptions),
    holes: Math.max(interruptions.length, cut.length),
  };
}

function filesOf({ exhibit, others }: CaptureSight): readonly SightedExhibit[] {
  return [exhibit, ...(others ?? [])];
}

/** Time covered by at least one capture. */
function coveredUs(spans: readonly (readonly [number, number])[]): number {
  let covered = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const [first, last] of [...spans].sort((a, b) => a[0] - b[0])) {
    covered += Math.max(0, last - Math.max(first, until));
    until = Math.max(until, last);
  }
  return covered;
}

function canaryEnds(spans: readonly (readonly [number, number])[], times: readonly number[]): Visibility['canaries'] {
  if (spans.length === 0 || times.length === 0) return 'none';
  const first = Math.min(...spans.map((span) => span[0]));
  const last = Math.max(...spans.map((span) => span[1]));
  const window = Math.max(canaryWindowUs, (last - first) / 10);
  const sorted = [...times].sort((a, b) => a - b);
  const [earliest] = sorted;
  const latest = sorted.at(-1);
  const atStart = earliest !== undefined && earliest - first <= window;
  // One request cannot stand for both ends of a short run.
  const atEnd = latest !== undefined && last - latest <= window && (sorted.length > 1 || !atStart);
  if (atStart && atEnd) return 'both';
  return atStart ? 'start-only' : atEnd ? 'end-only' : 'none';
}

function weakest(ends: readonly Visibility['canaries'][]): Visibility['canaries'] {
  for (const end of ['none', 'end-only', 'start-only'] as const) if (ends.includes(end)) return end;
  return ends.length === 0 ? 'none' : 'both';
}

/** A live recording that did not end in order, or from which packets are missing by the recorder's own count. */
function isCut({ origin }: SightedExhibit): boolean {
  return origin.type === 'capture' && (origin.end !== 'complete' || (origin.packetsDroppedByKernel ?? 0) > 0);
}

function gapsOf(sights: readonly CaptureSight[], interruptions: readonly CaseEvent[]): string[] {
  const gaps: string[] = [];
  for (const sight of sights) {
    for (const { id, fault } of filesOf(sight)) if (fault !== null) gaps.push(`${id}: ${fault}`);
    for (const { code, count } of sight.gaps) gaps.push(`${sight.exhibit.id}: ${code} ×${count}`);
  }
  for (const event of interruptions) gaps.push(`${event.atWorkstation ?? event.at}: ${event.text}`);
  return [...new Set(gaps)].sort();
}
