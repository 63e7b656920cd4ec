/** So many times its length a compressed text may always give: logs that repeat themselves reach some twenty. */
const freeTimes = 64;
/** What all of them may give beyond it. */
const allBeyond = 4 * 1024 * 1024 * 1024;

/**
 * Bounds what a capture gives to be searched: one body is bounded, but a capture may hold very many that a few bytes of each make to
 * megabytes, and be searched for days.
 */
export class InflateAllowance {
  private left: number;

  constructor(beyond = allBeyond) {
    this.left = beyond;
  }

  /** How many of the `given` bytes that `packed` bytes gave are handed on; fewer than all is a cap, and to be recorded. */
  take(packed: number, given: number): number {
    const free = Math.min(given, packed * freeTimes);
    const beyond = Math.min(given - free, this.left);
    this.left -= beyond;
    return free + beyond;
  }
}
