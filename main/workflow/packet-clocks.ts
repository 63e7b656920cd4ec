import type { CaseEvent } from '../../shared/model/event.ts';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import { microsecondsOf, speaksOf } from '../analysis/detectors/consent.ts';
import { instantOfUs } from './instants.ts';

/**
 * On whose clock packets stand: that of the handset which recorded them itself (tcpdump runs there), another (a gateway's, that of
 * whoever recorded an imported file), or some on one and some on another.
 */
export type PacketClock = 'handset' | 'another' | 'several';

/** One measurement that a live capture made of its handset's clock. */
export interface ClockReading {
  readonly handset: string;
  readonly label: string;
  readonly run: string | null;
  /** By the workstation, microseconds since 1970. */
  readonly atUs: number;
  /** Handset minus workstation, milliseconds, and how far that may be off. */
  readonly offsetMs: number;
  readonly boundMs: number;
}

type Capture = Pick<Exhibit, 'label' | 'run' | 'handset' | 'origin'>;
type Speaker = Pick<CaseEvent, 'label' | 'run' | 'handset'>;

/** A clock that moves by more than this between two measurements, beside their bounds, was set; less is drift. */
const setMs = 2000;

export const isOfHandset = ({ origin }: Pick<Capture, 'origin'>): boolean =>
  origin.type === 'capture' && origin.method === 'tcpdump';

/** Knows on whose clock the packets of a case stand, and puts beside them what stands on the workstation's. */
export class PacketClocks {
  readonly #captures: readonly Capture[];
  readonly #readings: readonly ClockReading[];

  constructor(captures: readonly Capture[], readings: readonly ClockReading[]) {
    this.#captures = captures;
    this.#readings = readings.toSorted((a, b) => a.atUs - b.atUs);
  }

  /** Of the packets that an event speaks of; null: there are none. */
  clockOf(event: Speaker): PacketClock | null {
    const spoken = this.#captures.filter((one) => speaksOf(event, one));
    if (spoken.length === 0) return null;
    const own = spoken.filter(isOfHandset);
    if (own.length === 0) return 'another';
    // Two handsets have two clocks.
    const handsets = new Set(own.map(({ handset }) => handset));
    return own.length === spoken.length && handsets.size === 1 ? 'handset' : 'several';
  }

  /** How far the handset's clock was set while the captures ran that an event speaks of: before and after are open by so much. */
  stepMs(event: Speaker): number {
    const readings = this.#readingsOf(event);
    return readings.reduce((sum, reading, i) => {
      const before = readings[i - 1];
      if (before === undefined || before.handset !== reading.handset) return sum;
      return isSetBetween(before, reading) ? sum + Math.abs(reading.offsetMs - before.offsetMs) : sum;
    }, 0);
  }

  /** Whether the handset's clock was set while the captures ran that an event speaks of, or between one of them and this measurement. */
  isSetAround(event: Speaker, measured: ClockOffset): boolean {
    return this.stepMs(event) > 0 || this.#readingsOf(event).some((one) => isSetBetween(one, measured));
  }

  /**
   * What a person attested, or a capture noted of itself, stands on the workstation's clock. Beside packets of the handset's clock
   * it is moved by the offset that was measured nearest to it, and its bound says how far that may be off; with none measured it is
   * `assumed`. Beside packets on several clocks it stays, open by the offset.
   */
  place(event: CaseEvent): CaseEvent {
    const whose = this.clockOf(event);
    if (whose === null || whose === 'another') return event;
    const atUs = microsecondsOf(event.at);
    const readings = this.#readingsOf(event);
    const tie = nearestOf(readings, atUs);
    if (tie === null) return { ...event, clock: 'assumed' };
    if (whose === 'several') {
      const most = Math.max(...readings.map((one) => Math.abs(one.offsetMs) + one.boundMs));
      return { ...event, boundMs: (event.boundMs ?? 0) + most };
    }
    return {
      ...event,
      at: instantOfUs(atUs + Math.round(tie.offsetMs * 1000)),
      atWorkstation: event.at,
      boundMs: (event.boundMs ?? 0) + tie.boundMs,
    };
  }

  #readingsOf(event: Speaker): readonly ClockReading[] {
    const own = this.#captures.filter((one) => isOfHandset(one) && speaksOf(event, one));
    return this.#readings.filter((reading) =>
      own.some((one) => one.handset === reading.handset && one.label === reading.label && one.run === reading.run),
    );
  }
}

type ClockOffset = Pick<ClockReading, 'offsetMs' | 'boundMs'>;

/** Two measurements of one clock. */
export function isSetBetween(before: ClockOffset, after: ClockOffset): boolean {
  return Math.abs(after.offsetMs - before.offsetMs) > setMs + after.boundMs + before.boundMs;
}

/** The measurement nearest to an instant; between two, how far they differ is open as well. */
function nearestOf(
  readings: readonly ClockReading[],
  atUs: number,
): { readonly offsetMs: number; readonly boundMs: number } | null {
  const before = readings.findLast((one) => one.atUs <= atUs);
  const after = readings.find((one) => one.atUs > atUs);
  if (before === undefined || after === undefined) return before ?? after ?? null;
  const nearest = atUs - before.atUs <= after.atUs - atUs ? before : after;
  const apart = Math.abs(before.offsetMs - after.offsetMs);
  return { offsetMs: nearest.offsetMs, boundMs: Math.max(before.boundMs, after.boundMs) + apart };
}
