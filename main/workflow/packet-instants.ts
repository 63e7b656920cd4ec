import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { Flow, InstantOfPacket, InstantsOfFlow, Message } from '../../shared/model/traffic.ts';
import { microsecondsOf } from '../analysis/detectors/consent.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';
import { instantOfUs } from './instants.ts';
import { isOfHandset, isSetBetween } from './packet-clocks.ts';
import type { ClockReading } from './packet-clocks.ts';

/** A packet's instant on the workstation's clock, and how far that may be off; null: the capture's clock was not measured beside it. */
export type WorkstationInstantOf = (
  exhibit: string,
  at: string,
) => { readonly at: string; readonly boundMs: number } | null;

type Capture = Pick<Exhibit, 'id' | 'kind' | 'label' | 'run' | 'handset' | 'origin'>;

/** A capture measures the clock before it listens, every minute and at its end: the first and the last say nothing of more than this. */
const holdsUs = 120_000_000;

/**
 * For packets that the handset recorded by its own clock: by the measurements of the capture around them. Worked out when it is
 * asked, from records of the index: nothing of it is stored. What others recorded (imports) has no measurements.
 */
export function packetInstants(captures: readonly Capture[], readings: readonly ClockReading[]): WorkstationInstantOf {
  const measured = new Map<string, ClockReading[]>();
  for (const one of readings) {
    const own = measured.get(ownerKey(one));
    if (own === undefined) measured.set(ownerKey(one), [one]);
    else own.push(one);
  }
  const courses = new Map([...measured].map(([owner, own]) => [owner, new ClockCourse(own)]));
  const ofCapture = new Map(
    captures.flatMap((one) => (one.kind === 'capture' && isOfHandset(one) ? [[one.id, ownerKey(one)] as const] : [])),
  );
  return (exhibit, at) => {
    const owner = ofCapture.get(exhibit);
    const course = owner === undefined ? undefined : courses.get(owner);
    const atUs = microsecondsOf(at);
    return course === undefined || Number.isNaN(atUs) ? null : course.place(atUs);
  };
}

/** As `packetInstants`, of a case and its index. */
export function packetInstantsOf(
  reader: Pick<CaseReader, 'exhibits'>,
  index: Pick<IndexReader, 'records'>,
): WorkstationInstantOf {
  const readings: ClockReading[] = [];
  for (const record of index.records({ kind: 'clock' }))
    if (record.kind === 'clock' && record.measuredAt !== undefined)
      readings.push({ ...record, atUs: microsecondsOf(record.measuredAt) });
  return packetInstants(reader.exhibits(), readings);
}

function ownerKey({ handset, label, run }: Pick<Capture, 'handset' | 'label' | 'run'>): string {
  return JSON.stringify([handset, label, run]);
}

interface Measured {
  readonly offsetMs: number;
  readonly boundMs: number;
  /** By the handset, microseconds since 1970: when it was measured, and from when to when it can hold. */
  readonly handsetUs: number;
  readonly fromUs: number;
  readonly toUs: number;
}

/** How one handset's clock ran beside the workstation's. */
class ClockCourse {
  /** By time of the workstation. */
  readonly #measured: readonly Measured[];
  readonly #wasSet: boolean;

  constructor(readings: readonly ClockReading[]) {
    const sorted = readings.toSorted((a, b) => a.atUs - b.atUs);
    this.#measured = sorted.map((one, i) => {
      const handsetUs = one.atUs + Math.round(one.offsetMs * 1000);
      // As far as the next measurement lies: in between the clock may have been set.
      const before = sorted[i - 1];
      const after = sorted[i + 1];
      return {
        ...one,
        handsetUs,
        fromUs: handsetUs - (before === undefined ? holdsUs : one.atUs - before.atUs),
        toUs: handsetUs + (after === undefined ? holdsUs : after.atUs - one.atUs),
      };
    });
    this.#wasSet = sorted.some((one, i) => {
      const before = sorted[i - 1];
      return before !== undefined && isSetBetween(before, one);
    });
  }

  /** By the nearest of the measurements that can hold; where they differ, by that much it is open. */
  place(handsetUs: number): ReturnType<WorkstationInstantOf> {
    const holding = this.#near(handsetUs).filter(({ fromUs, toUs }) => fromUs <= handsetUs && handsetUs <= toUs);
    const [first] = holding;
    if (first === undefined) return null;
    const distance = (one: Measured): number => Math.abs(one.handsetUs - handsetUs);
    const nearest = holding.reduce((best, one) => (distance(one) < distance(best) ? one : best), first);
    const offsets = holding.map(({ offsetMs }) => offsetMs);
    const apart = Math.max(...offsets) - Math.min(...offsets);
    return {
      at: instantOfUs(handsetUs - Math.round(nearest.offsetMs * 1000)),
      boundMs: Math.ceil(Math.max(...holding.map(({ boundMs }) => boundMs)) + apart),
    };
  }

  /** All where the clock was set, since then several may hold; else the two around. */
  #near(handsetUs: number): readonly Measured[] {
    if (this.#wasSet) return this.#measured;
    let low = 0;
    let high = this.#measured.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#measured[middle]?.handsetUs ?? 0) <= handsetUs) low = middle + 1;
      else high = middle;
    }
    return this.#measured.slice(Math.max(0, low - 1), low + 1);
  }
}

export function withWorkstationInstant<Row extends Message>(
  row: Row,
  instantOf: WorkstationInstantOf,
): Row & InstantOfPacket {
  return { ...row, ...told(instantOf(row.exhibit, row.at)) };
}

export function flowWithInstants<Row extends Flow>(flow: Row, instantOf: WorkstationInstantOf): Row & InstantsOfFlow {
  const first = instantOf(flow.exhibit, flow.firstPacketAt);
  const last = instantOf(flow.exhibit, flow.lastPacketAt);
  const bounds = [first, last].flatMap((one) => (one === null ? [] : [one.boundMs]));
  return {
    ...flow,
    firstPacketAtWorkstation: first?.at ?? null,
    lastPacketAtWorkstation: last?.at ?? null,
    ...(bounds.length === 0 ? {} : { atWorkstationBoundMs: Math.max(...bounds) }),
  };
}

/** What rests on no packet stays as it is. */
export function findingWithInstant<Row extends Finding>(
  finding: Row,
  instantOf: WorkstationInstantOf,
): Row & InstantOfPacket {
  const exhibit = finding.frames[0]?.exhibit;
  if (exhibit === undefined || finding.at === null) return finding;
  return { ...finding, ...told(instantOf(exhibit, finding.at)) };
}

function told(instant: ReturnType<WorkstationInstantOf>): InstantOfPacket {
  return instant === null
    ? { atWorkstation: null }
    : { atWorkstation: instant.at, atWorkstationBoundMs: instant.boundMs };
}
