/** Ranges remembered; of more, what was lost longest ago counts as seen. */
const maxRanges = 16;

/** Stretches of a stream that went by without their bytes: before the first one seen, and holes that were given up. */
export class UnseenRanges {
  /** From, to, from, to …; positions of the stream, ascending but for the first pair, which has no beginning. */
  private readonly ends: number[] = [-Infinity, 0];

  lost(from: number, to: number): void {
    this.ends.push(from, to);
    if (this.ends.length > 2 * maxRanges) this.ends.splice(2, 2);
  }

  /** What of `[from, to)` nobody brought before, part by part; it counts as seen from now on. */
  take(from: number, to: number, onPart: (from: number, to: number) => void): void {
    const { ends } = this;
    for (let i = 0; i < ends.length;) {
      const [begins, over] = [ends[i] as number, ends[i + 1] as number];
      const [first, last] = [Math.max(from, begins), Math.min(to, over)];
      if (first >= last) {
        i += 2;
        continue;
      }
      onPart(first, last);
      const left = [begins, first, last, over].filter((_, at, all) => all[at & ~1] !== all[at | 1]);
      ends.splice(i, 2, ...left);
      i += left.length;
    }
  }
}
