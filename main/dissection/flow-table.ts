import { LINK_FAMILY, linkAddressText } from './link-address.ts';
import { ipv4Text, ipv6Text } from './bytes.ts';
import { INCOMPLETE, type Incomplete } from './incomplete.ts';

/** Words of a key: protocol and address family in one, the two ports in one, then two addresses: of one word in IPv4, else of four. */
const SHORT_KEY = 4;
const LONG_KEY = 10;

const BASE_SEQ_0 = 1;
const CLIENT_KNOWN = 4;
const CLIENT_IS_1 = 8;
const SYN_SEEN = 16;
const OVER = 32;
const RELEASED = 64;
const FRAGMENTED = 128;
/** Names of servers kept of one conversation: a proxy is asked for many. */
const MAX_NAMES = 256;

/**
 * All conversations of a capture as columns of typed arrays: about 120 bytes each, so that a million of them (a scan) fit.
 * A 5-tuple is found through an open-addressed table; the two directions share one row, side 0 being the endpoint with
 * the lower address and port. Rows never go away: tshark keeps a 5-tuple as one conversation however long it is silent.
 */
export class FlowTable {
  count = 0;
  private slots = new Int32Array(1024);
  /** Keys one behind the other, and where that of each row begins. */
  private keys = new Int32Array(64 * SHORT_KEY);
  private keysEnd = 0;
  private keyAt = new Int32Array(64);
  private hashes = new Int32Array(64);
  private flags = new Uint8Array(64);
  private reasons = new Uint32Array(64);
  /** Index into APPLICATIONS and CHANNELS. */
  application = new Uint8Array(64);
  channel = new Uint8Array(64);
  streamIndex = new Int32Array(64);
  firstUs = new Float64Array(64);
  /** From the first packet to the last one, µs: none where there was only one packet, and nothing written. */
  private lasted = new Float64Array(64);
  /** Per flow and side: packets, payload bytes, readable bytes, sequence numbers, stream offsets. */
  packets = new Uint32Array(128);
  payload = new Float64Array(128);
  readable = new Float64Array(128);
  baseSeq = new Uint32Array(128);
  /** Of a connection whose working memory was given back: how far the next sequence number lies beyond the first one. */
  private ahead = new Uint32Array(128);
  private streamOffset = new Float64Array(128);
  private readonly names = new Map<number, string[]>();
  /** Which side sent the packet looked up last. */
  side: 0 | 1 = 0;
  private readonly key = new Int32Array(LONG_KEY);
  private keyWords = 0;
  private hash = 0;
  private slot = 0;

  /**
   * Finds the conversation of a packet and sets `side`.
   * @returns its index, or -1 when there is none yet
   */
  find(
    family: number,
    protocol: number,
    source: Int32Array,
    target: Int32Array,
    sourcePort: number,
    targetPort: number,
  ): number {
    this.buildKey(family, protocol, source, target, sourcePort, targetPort);
    const mask = this.slots.length - 1;
    let slot = this.hash & mask;
    for (;;) {
      const row = (this.slots[slot] as number) - 1;
      if (row < 0) break;
      if (this.hashes[row] === this.hash && this.sameKey(row)) {
        this.slot = slot;
        return row;
      }
      slot = (slot + 1) & mask;
    }
    this.slot = slot;
    return -1;
  }

  /** A key of another length is of another address family, which its first word tells. */
  private sameKey(row: number): boolean {
    const { key, keys, keyWords } = this;
    const at = this.keyAt[row] as number;
    for (let i = 0; i < keyWords; i++) if (keys[at + i] !== key[i]) return false;
    return true;
  }

  private buildKey(
    family: number,
    protocol: number,
    source: Int32Array,
    target: Int32Array,
    sourcePort: number,
    targetPort: number,
  ): void {
    const words = family === 4 ? 1 : 4;
    let order = sourcePort - targetPort;
    for (let i = 0; i < words; i++) {
      const d = (source[i] as number) - (target[i] as number);
      if (d !== 0) {
        order = d;
        break;
      }
    }
    const key = this.key;
    const low = order <= 0 ? source : target;
    const high = order <= 0 ? target : source;
    this.side = order <= 0 ? 0 : 1;
    let h = (protocol << 8) ^ family;
    for (let i = 0; i < words; i++) {
      key[2 + i] = low[i] as number;
      key[2 + words + i] = high[i] as number;
      h = Math.imul(h ^ (low[i] as number), 0x9e3779b1);
      h = Math.imul(h ^ (h >>> 15) ^ (high[i] as number), 0x85ebca6b);
    }
    key[0] = (protocol << 8) | family;
    key[1] = order <= 0 ? (sourcePort << 16) | targetPort : (targetPort << 16) | sourcePort;
    this.keyWords = 2 + words * 2;
    h = Math.imul(h ^ (h >>> 13) ^ key[1], 0xc2b2ae35);
    this.hash = h ^ (h >>> 16);
  }

  /** Adds a row for the key of the last `find`. When one was found it is replaced in the table (a 5-tuple used again). */
  add(streamIndex: number, us: number): number {
    const row = this.count++;
    if (row >= this.hashes.length) this.growColumns();
    this.addKey(row);
    this.hashes[row] = this.hash;
    this.streamIndex[row] = streamIndex;
    this.firstUs[row] = us;
    this.slots[this.slot] = row + 1;
    if (this.count * 2 > this.slots.length) this.growSlots();
    return row;
  }

  private addKey(row: number): void {
    const { key, keyWords } = this;
    if (this.keysEnd + keyWords > this.keys.length) this.keys = grown(this.keys, new Int32Array(this.keys.length * 2));
    for (let i = 0; i < keyWords; i++) this.keys[this.keysEnd + i] = key[i] as number;
    this.keyAt[row] = this.keysEnd;
    this.keysEnd += keyWords;
  }

  private growColumns(): void {
    const rows = this.hashes.length * 2;
    this.keyAt = grown(this.keyAt, new Int32Array(rows));
    this.hashes = grown(this.hashes, new Int32Array(rows));
    this.flags = grown(this.flags, new Uint8Array(rows));
    this.reasons = grown(this.reasons, new Uint32Array(rows));
    this.application = grown(this.application, new Uint8Array(rows));
    this.channel = grown(this.channel, new Uint8Array(rows));
    this.streamIndex = grown(this.streamIndex, new Int32Array(rows));
    this.firstUs = grown(this.firstUs, new Float64Array(rows));
    this.lasted = grown(this.lasted, new Float64Array(rows));
    this.packets = grown(this.packets, new Uint32Array(rows * 2));
    this.payload = grown(this.payload, new Float64Array(rows * 2));
    this.readable = grown(this.readable, new Float64Array(rows * 2));
    this.baseSeq = grown(this.baseSeq, new Uint32Array(rows * 2));
    this.ahead = grown(this.ahead, new Uint32Array(rows * 2));
    this.streamOffset = grown(this.streamOffset, new Float64Array(rows * 2));
  }

  /** Rows whose 5-tuple was used again are not reachable any more and are not put into the larger table. */
  private growSlots(): void {
    const old = this.slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length - 1;
    for (const value of old) {
      if (value === 0) continue;
      let slot = (this.hashes[value - 1] as number) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = value;
    }
    this.slots = slots;
  }

  /** A packet of the conversation came at this time. */
  seen(row: number, us: number): void {
    const lasted = us - (this.firstUs[row] as number);
    if (this.lasted[row] !== lasted) this.lasted[row] = lasted;
  }

  lastUs(row: number): number {
    return (this.firstUs[row] as number) + (this.lasted[row] as number);
  }

  hasBaseSeq(row: number, side: number): boolean {
    return ((this.flags[row] as number) & (BASE_SEQ_0 << side)) !== 0;
  }

  setBaseSeq(row: number, side: number, seq: number): void {
    const next = this.nextSeq(row, side);
    this.baseSeq[row * 2 + side] = seq;
    this.flags[row] = (this.flags[row] as number) | (BASE_SEQ_0 << side);
    if (this.wasReleased(row)) this.keepNextSeq(row, side, next);
  }

  /** The side that opened the conversation, or -1 while nobody knows. */
  clientSide(row: number): number {
    const f = this.flags[row] as number;
    return (f & CLIENT_KNOWN) === 0 ? -1 : (f & CLIENT_IS_1) === 0 ? 0 : 1;
  }

  setClient(row: number, side: number): void {
    const f = (this.flags[row] as number) & ~CLIENT_IS_1;
    this.flags[row] = f | CLIENT_KNOWN | (side === 1 ? CLIENT_IS_1 : 0);
  }

  markSyn(row: number): void {
    this.flags[row] = (this.flags[row] as number) | SYN_SEEN;
  }

  synSeen(row: number): boolean {
    return ((this.flags[row] as number) & SYN_SEEN) !== 0;
  }

  /** True the first time only: a flow is reported once. */
  close(row: number): boolean {
    const f = this.flags[row] as number;
    this.flags[row] = f | OVER;
    return (f & OVER) === 0;
  }

  /**
   * The working memory of this connection is given back: what its directions need to go on is kept, by side. Nothing is written of what
   * is zero already.
   */
  release(
    row: number,
    sides: readonly { readonly side: number; readonly offset: number; readonly nextSeq: number }[],
  ): void {
    this.flags[row] = (this.flags[row] as number) | RELEASED;
    for (const { side, offset, nextSeq } of sides) {
      const cell = row * 2 + side;
      if (this.streamOffset[cell] !== offset) this.streamOffset[cell] = offset;
      this.keepNextSeq(row, side, nextSeq);
    }
  }

  private keepNextSeq(row: number, side: number, next: number): void {
    const ahead = (next - this.firstSeq(row, side)) >>> 0;
    if (this.ahead[row * 2 + side] !== ahead) this.ahead[row * 2 + side] = ahead;
  }

  /** Behind the SYN; zero where nobody knows. */
  private firstSeq(row: number, side: number): number {
    return this.hasBaseSeq(row, side) ? (this.baseSeq[row * 2 + side] as number) + 1 : 0;
  }

  /** Of a direction that was released, or whose base is known. */
  nextSeq(row: number, side: number): number {
    return (this.firstSeq(row, side) + (this.ahead[row * 2 + side] as number)) >>> 0;
  }

  /** Of a direction that was released: where its stream goes on. */
  releasedOffset(row: number, side: number): number {
    return this.streamOffset[row * 2 + side] as number;
  }

  wasReleased(row: number): boolean {
    return ((this.flags[row] as number) & RELEASED) !== 0;
  }

  markStrayFrame(row: number): void {
    this.flags[row] = (this.flags[row] as number) | FRAGMENTED;
  }

  /** Some of its frames are in no conversation of Wireshark's. */
  hasStrayFrames(row: number): boolean {
    return ((this.flags[row] as number) & FRAGMENTED) !== 0;
  }

  reasonBits(row: number): number {
    return this.reasons[row] as number;
  }

  note(row: number, reason: Incomplete): void {
    this.reasons[row] = (this.reasons[row] as number) | (1 << INCOMPLETE.indexOf(reason));
  }

  reasonsOf(row: number): Incomplete[] {
    const bits = this.reasons[row] as number;
    return bits === 0 ? [] : INCOMPLETE.filter((_, i) => ((bits >>> i) & 1) === 1);
  }

  addName(row: number, name: string): void {
    const known = this.names.get(row);
    if (known === undefined) this.names.set(row, [name]);
    else if (!known.includes(name)) {
      if (known.length < MAX_NAMES) known.push(name);
      else this.note(row, 'cap-names');
    }
  }

  namesOf(row: number): readonly string[] {
    return this.names.get(row) ?? [];
  }

  protocol(row: number): number {
    return ((this.keys[this.keyAt[row] as number] as number) >>> 8) & 0xff;
  }

  port(row: number, side: number): number {
    const ports = this.keys[(this.keyAt[row] as number) + 1] as number;
    return side === 0 ? ports >>> 16 : ports & 0xffff;
  }

  address(row: number, side: number): string {
    const key = this.keyAt[row] as number;
    const family = (this.keys[key] as number) & 0xff;
    const at = key + 2 + side * (family === 4 ? 1 : 4);
    const word = (i: number): number => (this.keys[at + i] as number) >>> 0;
    if (family === LINK_FAMILY) return linkAddressText(word(2), word(3));
    return family === 4 ? ipv4Text(word(0)) : ipv6Text([word(0), word(1), word(2), word(3)]);
  }
}

/** A page of memory: one in which nothing was written takes none. */
const PAGE_BYTES = 4096;
const ZEROS = Buffer.alloc(PAGE_BYTES);

/** The same in a larger column. Pages of zeros are not copied: of conversations that carried nothing some columns stay empty. */
function grown<T extends Int32Array | Uint32Array | Uint8Array | Float64Array>(old: T, bigger: T): T {
  const from = Buffer.from(old.buffer, old.byteOffset, old.byteLength);
  const to = new Uint8Array(bigger.buffer);
  for (let at = 0; at < from.length; at += PAGE_BYTES) {
    const page = from.subarray(at, at + PAGE_BYTES);
    if (page.length < PAGE_BYTES || !page.equals(ZEROS)) to.set(page, at);
  }
  return bigger;
}
