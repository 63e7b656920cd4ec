/** Ranges remembered; of more, the one that lies farthest back counts as seen, and that is told. */
const maxRanges = 1024;

/** Stretches of a stream that went by without their bytes: before the first one seen, and holes that were given up. */
export class UnseenRanges {
  /** From, to, from, to …; positions of the stream, ascending. The first has no beginning, as long as it is remembered. */
  private readonly ends: number[] = [-Infinity, 0];

  /** Of a hole behind all others. @returns false when a range was forgotten for it */
  lost(from: number, to: number): boolean {
    this.ends.push(from, to);
    return this.fits();
  }

  /**
   * Gives what of `[from, to)` nobody brought before, part by part; it counts as seen from now on.
   * @returns false when a range was forgotten, since this cut one into two
   */
  take(from: number, to: number, onPart: (from: number, to: number) => void): boolean {
    const { ends } = this;
    for (let i = this.firstBehind(from); i < ends.length;) {
      const [begins, over] = [ends[i] as number, ends[i + 1] as number];
      if (begins >= to) break;
      const [first, last] = [Math.max(from, begins), Math.min(to, over)];
      onPart(first, last);
      const left = [begins, first, last, over].filter((_, at, all) => all[at & ~1] !== all[at | 1]);
      ends.splice(i, 2, ...left);
      i += left.length;
    }
    return this.fits();
  }

  /** Index of the first range that ends behind `at`: there may be many, and a hostile capture asks at each packet. */
  private firstBehind(at: number): number {
    let [low, high] = [0, this.ends.length >> 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ends[2 * middle + 1] as number) > at) high = middle;
      else low = middle + 1;
    }
    return 2 * low;
  }

  private fits(): boolean {
    if (this.ends.length <= 2 * maxRanges) return true;
    // The one without a beginning holds what an earlier life of the connection may bring.
    this.ends.splice(2, 2);
    return false;
  }
}
