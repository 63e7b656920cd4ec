/** Random numbers of a seed (xorshift32): the same seed gives the same bytes on every machine, so a seed is a bug report. */
export class Dice {
  private state: number;

  constructor(seed: number) {
    // Neighbouring seeds begin far apart; zero would stay zero.
    this.state = (Math.imul(seed, 0x9e3779b1) ^ 0x85ebca6b) | 1;
  }

  /** A whole number in [0, below). */
  below(below: number): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return (x >>> 0) % below;
  }

  /** True once in `of` times. */
  once(of: number): boolean {
    return this.below(of) === 0;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('pick from an empty list');
    return item;
  }

  bytes(length: number): Buffer {
    const b = Buffer.alloc(length);
    for (let i = 0; i < length; i++) b[i] = this.below(256);
    return b;
  }
}
