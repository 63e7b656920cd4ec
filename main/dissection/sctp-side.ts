import { SctpFragments } from './sctp-fragments.ts';

/** Numbers of one side that are remembered: a chunk sent again comes within seconds. */
const MAX_REMEMBERED = 4096;

export type Arrival = 'new' | 'repeat' | 'conflict';

/** What is known of the chunks that one side of an association sent. */
export class SctpSide {
  readonly fragments = new SctpFragments();
  /** Verification tag of its packets (RFC 9260 section 3.1), null before the first one: another tag is another association. */
  private tag: number | null = null;
  /** By transmission sequence number: hash of the user data. */
  private readonly seen = new Map<number, number>();
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

  /** A chunk came, `hash` that of its user data. What is not remembered any more counts as new: searched twice, never lost. */
  arrive(tsn: number, hash: number): Arrival {
    const known = this.seen.get(tsn);
    if (known !== undefined) return known === hash ? 'repeat' : 'conflict';
    if (this.order.length < MAX_REMEMBERED) this.order.push(tsn);
    else {
      this.seen.delete(this.order[this.oldest] as number);
      this.order[this.oldest] = tsn;
      this.oldest = (this.oldest + 1) % MAX_REMEMBERED;
    }
    this.seen.set(tsn, hash);
    if (this.chunks === 0 || ((tsn - this.lowest) | 0) < 0) this.lowest = tsn;
    if (this.chunks === 0 || ((tsn - this.highest) | 0) > 0) this.highest = tsn;
    this.chunks++;
    return 'new';
  }
}

/** FNV-1a over every byte. */
export function hashOf(b: Uint8Array, start: number, end: number): number {
  let h = 0x811c9dc5 | 0;
  for (let i = start; i < end; i++) h = Math.imul(h ^ (b[i] as number), 0x01000193);
  return h;
}
