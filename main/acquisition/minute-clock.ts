import { stepBetween } from '../handset/clock.ts';
import type { ClockOffset } from '../../shared/model/handset.ts';

/** How often the handset's clock is measured while an acquisition runs, beside its start and end. */
export const clockEveryMs = 60_000;

/**
 * Calls `measure` every so often beside whatever else runs, one at a time: a measurement that is due while another one still
 * waits for its answer is left out. What `measure` throws is thrown by the next `check`, or by `stop`.
 */
export class MinuteClock {
  readonly #measure: () => Promise<void>;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | null = null;
  #failure: { readonly error: unknown } | null = null;

  constructor(measure: () => Promise<void>, everyMs: number) {
    this.#measure = measure;
    this.#timer = setInterval(() => this.#tick(), everyMs);
    this.#timer.unref();
  }

  check(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** No further measurement; waits for one that runs. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
    this.check();
  }

  #tick(): void {
    if (this.#running !== null || this.#failure !== null) return;
    this.#running = this.#measure()
      .catch((error: unknown) => {
        this.#failure = { error };
      })
      .finally(() => {
        this.#running = null;
      });
  }
}

/** Between two measurements the handset's wall clock was set, by so much. */
export interface ClockStepSeen {
  readonly from: string;
  readonly to: string;
  readonly stepMs: number;
}

/** Where measurements that follow on each other differ by more than their bounds allow. */
export function stepsOf(clocks: readonly ClockOffset[]): ClockStepSeen[] {
  return clocks.flatMap((after, at) => {
    const before = clocks[at - 1];
    const stepMs = before === undefined ? null : stepBetween(before, after);
    return before === undefined || stepMs === null
      ? []
      : [{ from: before.measuredAt, to: after.measuredAt, stepMs: Math.round(stepMs) }];
  });
}
