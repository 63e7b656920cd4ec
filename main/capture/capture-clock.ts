import { stepBetween } from '../handset/clock.ts';
import { instantOf, nowInstant } from '../handset/instant.ts';
import type { HandsetLink } from '../handset/link.ts';
import type { ClockOffset } from '../../shared/model/handset.ts';
import type { CaptureEvent } from './capture-types.ts';

/** Measures the handset's clock at the start, every minute and at the end; notices a clock that was set meanwhile. */
export class CaptureClock {
  readonly measured: ClockOffset[] = [];
  readonly stepsMs: number[] = [];
  readonly #link: HandsetLink;
  readonly #onEvent: (event: CaptureEvent) => void;
  #busy = false;

  constructor(link: HandsetLink, onEvent: (event: CaptureEvent) => void) {
    this.#link = link;
    this.#onEvent = onEvent;
  }

  /** A failed measurement leaves a gap in the list, not an error: the link's journal holds why. */
  async measure(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    const result = await this.#link.clockOffset();
    this.#busy = false;
    if (!result.ok) return;
    const before = this.measured.at(-1);
    this.measured.push(result.value);
    this.#onEvent({ type: 'clock', at: nowInstant(), clock: result.value });
    const stepMs = before === undefined ? null : stepBetween(before, result.value);
    if (stepMs === null) return;
    this.stepsMs.push(stepMs);
    this.#onEvent({ type: 'clock-step', at: nowInstant(), stepMs });
  }

  handsetAt(hostMs: number): string | null {
    const last = this.measured.at(-1);
    return last === undefined ? null : instantOf(Math.round(hostMs + last.offsetMs));
  }

  driftMs(): number | null {
    const first = this.measured[0];
    const last = this.measured.at(-1);
    return first === undefined || last === undefined || first === last ? null : last.offsetMs - first.offsetMs;
  }
}
