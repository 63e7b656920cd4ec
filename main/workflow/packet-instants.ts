import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { Flow, InstantOfPacket, InstantsOfFlow, Message } from '../../shared/model/traffic.ts';
import { microsecondsOf } from '../analysis/detectors/consent.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';
import { ClockCourse } from './clock-course.ts';
import type { Placed } from './clock-course.ts';
import { instantOfUs } from './instants.ts';
import { isOfHandset } from './packet-clocks.ts';
import type { ClockReading } from './packet-clocks.ts';

/** A packet's instant on the workstation's clock, and how far that may be off; null: the capture's clock was not measured beside it. */
export type WorkstationInstantOf = (
  exhibit: string,
  at: string,
) => { readonly at: string; readonly boundMs: number } | null;

type Capture = Pick<Exhibit, 'id' | 'kind' | 'label' | 'run' | 'handset' | 'origin'>;

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
    return course === undefined || Number.isNaN(atUs) ? null : instantBy(course, atUs);
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

/** By the nearest of the measurements that can hold; the bound reaches all instants at which the handset can have shown this. */
function instantBy(course: ClockCourse, handsetUs: number): ReturnType<WorkstationInstantOf> {
  const placed = course.place(handsetUs);
  if (placed === null) return null;
  const { startUs, endUs, measured } = placed;
  const distance = (one: Measured): number => Math.abs(one.handsetUs - handsetUs);
  const nearest = measured.reduce((best, one) => (distance(one) < distance(best) ? one : best));
  const atUs = Math.min(Math.max(handsetUs - nearest.offsetUs, startUs), endUs);
  return { at: instantOfUs(atUs), boundMs: Math.ceil(Math.max(atUs - startUs, endUs - atUs) / 1000) };
}

type Measured = Placed['measured'][number];

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
