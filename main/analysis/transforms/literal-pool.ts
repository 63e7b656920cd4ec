import type { Candidate } from './literal-candidates.ts';
import type { PatternCounts } from './pattern-set.ts';

export interface PooledLiterals {
  /** In order of tier, at most as many as the limit. */
  readonly kept: readonly Candidate[];
  /** Indexes of the values that lost a writing, ascending. */
  readonly droppedValues: readonly number[];
  readonly dropped: PatternCounts['dropped'];
}

/**
 * Keeps the literals of the lowest tiers, so that the limit takes the rare writings of everybody before the common ones of anybody, and counts
 * what it leaves out. Never holds more than some multiples of the limit: an address book of thousands makes hundreds of thousands.
 */
export class LiteralPool {
  readonly #limit: number;
  #held: Candidate[] = [];
  readonly #dropped = new Map<string, number>();
  readonly #droppedValues = new Set<number>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** All literals of one value: the same bytes may be reached twice (a national number without prefix): the first, most canonical, stays. */
  add(candidates: readonly Candidate[]): void {
    const seen = new Set<string>();
    for (const candidate of candidates) {
      const { bytes, fold, partial } = candidate;
      // In base64, two letter cases may differ in nothing but the characters that they fix in part.
      const edges = partial === undefined ? '' : `${partial.beforeValue},${partial.afterValue},${partial.alignment}`;
      const key = `${fold ? 'f' : 'x'}${edges}:${Buffer.from(bytes).toString('latin1')}`;
      if (seen.has(key)) continue;
      seen.add(key);
      this.#held.push(candidate);
    }
    if (this.#held.length > this.#limit * 4) this.#cut();
  }

  finish(): PooledLiterals {
    this.#cut();
    const dropped = [...this.#dropped]
      .map(([writing, count]) => ({ writing, count }))
      .sort((a, b) => b.count - a.count || (a.writing < b.writing ? -1 : 1));
    return { kept: this.#held, droppedValues: [...this.#droppedValues].sort((a, b) => a - b), dropped };
  }

  #cut(): void {
    // Stable: within a tier, values keep their order.
    this.#held.sort((a, b) => a.tier - b.tier);
    if (this.#held.length <= this.#limit) return;
    for (const { steps, value } of this.#held.splice(this.#limit)) {
      const writing = steps.length === 0 ? 'plain' : steps.join('>');
      this.#dropped.set(writing, (this.#dropped.get(writing) ?? 0) + 1);
      this.#droppedValues.add(value);
    }
  }
}
