import { hash } from 'node:crypto';
import { latin1, u8 } from './bytes.ts';
import { SctpFragments } from './sctp-fragments.ts';
import type { SctpPadding } from './sctp-padding.ts';

/** Numbers of one side that are remembered: a chunk sent again comes within seconds. */
const MAX_REMEMBERED = 4096;

/** `refilled`: sent again, filled up with other bytes. */
export type Arrival = 'new' | 'repeat' | 'refilled' | 'conflict';

/** What is known of the chunks that one side of an association sent. */
export class SctpSide {
  readonly fragments = new SctpFragments();
  /** Verification tag of its packets (RFC 9260 section 3.1), null before the first one: another tag is another association. */
  private tag: number | null = null;
  /** What its chunks were filled with, null while that was zero. */
  padding: SctpPadding | null = null;
  /** By transmission sequence number: what tells its chunk from others. */
  private readonly seen = new Map<number, string>();
  /** Its numbers in the order they came, the oldest at `oldest` when there are as many as are remembered. */
  private order: number[] = [];
  private oldest = 0;
  private lowest = 0;
  private highest = 0;
  private chunks = 0;

  get remembered(): number {
    return this.seen.size;
  }

  /** Between its first and its last chunk some never came. */
  get hasHoles(): boolean {
    return this.chunks > 0 && ((this.highest - this.lowest) >>> 0) + 1 > this.chunks;
  }

  /** @returns whether these packets are of another association than those before, over the same ends */
  isOtherLife(tag: number): boolean {
    const other = this.tag !== null && this.tag !== tag;
    this.tag = tag;
    return other;
  }

  /** Forgets the numbers of the association before. */
  beginAnew(): void {
    this.seen.clear();
    this.order = [];
    this.oldest = 0;
    this.chunks = 0;
  }

  /**
   * A chunk came, known by its `print` and what it is filled up with. What is not remembered any more counts as new: searched twice,
   * never lost.
   */
  arrive(tsn: number, print: string, filling: string): Arrival {
    const known = this.seen.get(tsn);
    const all = print + filling;
    if (known !== undefined) return known === all ? 'repeat' : known.startsWith(print) ? 'refilled' : 'conflict';
    if (this.order.length < MAX_REMEMBERED) this.order.push(tsn);
    else {
      this.seen.delete(this.order[this.oldest] as number);
      this.order[this.oldest] = tsn;
      this.oldest = (this.oldest + 1) % MAX_REMEMBERED;
    }
    this.seen.set(tsn, all);
    if (this.chunks === 0 || ((tsn - this.lowest) | 0) < 0) this.lowest = tsn;
    if (this.chunks === 0 || ((tsn - this.highest) | 0) > 0) this.highest = tsn;
    this.chunks++;
    return 'new';
  }
}

/** The flags that say of which part of which message a chunk is: another one of them asks for an early answer (RFC 7053). */
const PLACE_FLAGS = 7;
/** Type, flags, length and transmission sequence number. */
const NUMBERED_BYTES = 8;

/**
 * What tells the chunk of user data at `at` from others of its number: SHA-256 of the user data (`start` to `end`), and, as they are,
 * its type, its place and its payload protocol. Nobody can build other data with the same print: what counts as sent again is not searched again.
 */
export function printOf(b: Uint8Array, at: number, start: number, end: number): string {
  const digest = hash('sha256', b.subarray(start, end), 'base64');
  return `${digest}${u8(b, at)},${u8(b, at + 1) & PLACE_FLAGS}${latin1(b, at + NUMBERED_BYTES, start)}`;
}
