import { ZstdDamage } from './zstd-entropy.ts';

/** The last output of a frame: as much as its window lets matches reach back, and what nobody has taken yet. */
export class BlockOutput {
  /** Bytes given since the frame began. */
  total = 0;
  private bytes = new Uint8Array(64 * 1024);
  private length = 0;
  private taken = 0;
  private readonly window: number;

  constructor(window: number) {
    this.window = window;
  }

  private reserve(n: number): void {
    if (this.length + n <= this.bytes.length) return;
    const keep = Math.min(this.taken, Math.max(0, this.length - this.window));
    const kept = this.length - keep;
    // Moved only when at least as much is dropped as is kept: the cost stays linear.
    if (keep >= kept && kept + n <= this.bytes.length) {
      this.bytes.copyWithin(0, keep, this.length);
    } else {
      const bigger = new Uint8Array(Math.max(this.bytes.length * 2, kept + n));
      bigger.set(this.bytes.subarray(keep, this.length));
      this.bytes = bigger;
    }
    this.length = kept;
    this.taken -= keep;
  }

  append(b: Uint8Array, start: number, end: number): void {
    this.reserve(end - start);
    this.bytes.set(start === 0 && end === b.length ? b : b.subarray(start, end), this.length);
    this.length += end - start;
    this.total += end - start;
  }

  fill(byte: number, n: number): void {
    this.reserve(n);
    this.bytes.fill(byte, this.length, this.length + n);
    this.length += n;
    this.total += n;
  }

  repeat(distance: number, n: number): void {
    if (distance > this.total || distance > this.window) throw new ZstdDamage('a match before the beginning');
    this.reserve(n);
    const { bytes, length } = this;
    if (distance >= n) bytes.copyWithin(length, length - distance, length - distance + n);
    else for (let i = length; i < length + n; i++) bytes[i] = bytes[i - distance] as number;
    this.length += n;
    this.total += n;
  }

  /** Hands over what came since the last time; valid until more is decoded. */
  take(): Uint8Array {
    const fresh = this.bytes.subarray(this.taken, this.length);
    this.taken = this.length;
    return fresh;
  }
}
