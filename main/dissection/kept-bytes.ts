import type { BodyBudget } from './body-budget.ts';

/** So much is held without being counted: most messages are shorter, and connections are many. */
const freeBytes = 4096;

/** Bytes of an unfinished message, in one piece. What is longer than 4 KiB counts towards what all of them may hold together. */
export class KeptBytes {
  bytes: Uint8Array | null = null;
  length = 0;
  private readonly budget: BodyBudget;
  private readonly least: number;
  private readonly reused: boolean;
  private counted = 0;

  /**
   * @param least bytes that room is made for at once
   * @param reused the next message takes the room of a short one: for connections of many messages
   */
  constructor(budget: BodyBudget, least: number, reused: boolean) {
    this.budget = budget;
    this.least = least;
    this.reused = reused;
  }

  /** @returns false when all together hold too much: nothing was kept, and the cap is to be recorded */
  add(b: Uint8Array, from: number, to: number): boolean {
    const wanted = this.length + (to - from);
    const { bytes } = this;
    if (bytes === null || wanted > bytes.length) {
      const room = Math.max(wanted, this.least, (bytes?.length ?? 0) * 2);
      const counted = room > freeBytes ? room : 0;
      if (counted > this.counted && !this.budget.allows(counted - this.counted)) return false;
      this.budget.held += counted - this.counted;
      this.counted = counted;
      const bigger = new Uint8Array(room);
      if (bytes !== null) bigger.set(bytes.subarray(0, this.length));
      this.bytes = bigger;
    }
    (this.bytes as Uint8Array).set(b.subarray(from, to), this.length);
    this.length = wanted;
    return true;
  }

  clear(): void {
    this.length = 0;
    if (this.counted > 0 || !this.reused) this.bytes = null;
    this.budget.held -= this.counted;
    this.counted = 0;
  }
}
