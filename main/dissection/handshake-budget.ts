import type { Emitter } from './emitter.ts';

/** Bytes of unfinished handshakes of all connections at once. */
const MAX_ALL_BYTES = 64 * 1024 * 1024;

const budgets = new WeakMap<Emitter, HandshakeBudget>();

/** Bounds what all handshakes together hold: each alone is small, but a capture may have very many that never end. */
export class HandshakeBudget {
  held = 0;
  private readonly max: number;

  constructor(max = MAX_ALL_BYTES) {
    this.max = max;
  }

  /** @returns false when there is no room: nothing was taken then, and the cap is to be recorded */
  take(bytes: number): boolean {
    if (this.held + bytes > this.max) return false;
    this.held += bytes;
    return true;
  }

  give(bytes: number): void {
    this.held -= bytes;
  }
}

/** The budget of everything that hands on through `out`. */
export function handshakeBudgetOf(out: Emitter): HandshakeBudget {
  let budget = budgets.get(out);
  if (budget === undefined) {
    budget = new HandshakeBudget();
    budgets.set(out, budget);
  }
  return budget;
}
