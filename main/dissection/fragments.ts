import { asBuffer } from './bytes.ts';
import type { Carried } from './carriers.ts';
import type { IpLayer } from './ip-layer.ts';

interface Piece {
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** What brought it: several where it came in fragments itself. */
  readonly frames: readonly number[];
  /** It stood so in a datagram that was read just before. */
  readonly isRepeat: boolean;
}

type PieceFacts = Pick<Piece, 'offset' | 'frames' | 'isRepeat'>;

interface Datagram {
  readonly pieces: Piece[];
  bytes: number;
  /** Total length, known once the last fragment was seen. */
  total: number;
  /** A conflict that was not told yet. */
  overlap: boolean;
  /** When the last of its pieces came that repeated what was read already. */
  repeatedUs: number;
  /** Pieces of it were read before. */
  isTakenBack: boolean;
}

interface Read {
  readonly bytes: Uint8Array;
  readonly us: number;
  /** When repeats made it whole: the pieces that were none. */
  readonly own: readonly Piece[];
}

/** What a fragment did. `whole`: `bytes` holds the datagram's payload. */
export interface FragmentResult {
  readonly whole: Uint8Array | null;
  /** What brought it, by offset. */
  readonly carried: readonly Carried[];
  readonly overlapConflict: boolean;
  /** Datagrams thrown out to stay within the limit. */
  readonly evicted: number;
}

const MAX_DATAGRAMS = 1024;
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_PIECES = 8192;
const MAX_TOTAL = 65_535;
const MAX_READ_BYTES = 8 * 1024 * 1024;
/** A packet that was captured twice follows itself within milliseconds; later the same bytes may be another datagram's. */
const REPEAT_US = 1_000_000;
/** So long Linux holds the pieces of a datagram (`ipfrag_time`): what is older belongs to none that begins now. */
const LIFETIME_US = 30_000_000;

/**
 * Puts fragmented IP datagrams together. Like Wireshark it knows no time-out; the number of open datagrams is bounded, the
 * oldest goes first. Where fragments overlap, what came first stays (the same rule as for TCP).
 *
 * A fragment captured twice would begin a datagram that nobody sent, once its own is whole. It may begin a real one too, of
 * the same number and with the same bytes in that place: so it is kept, apart, and a datagram is missing a part only when
 * something of it was not read before. A datagram that a repeat made whole is read at once, and again when another piece
 * comes for that place.
 */
export class FragmentTable {
  private readonly open = new Map<string, Datagram>();
  /** Of which every piece so far repeats what was read. */
  private readonly repeated = new Map<string, Datagram>();
  /** Payloads read lately, the oldest first. */
  private readonly read = new Map<string, Read>();
  private readBytes = 0;
  private held = 0;

  /** Datagrams never completed. */
  get pending(): number {
    return this.open.size;
  }

  /** `us`: time of the packet, in microseconds; `frames`: what brought it. */
  add(ip: IpLayer, b: Uint8Array, us: number, frames: readonly number[]): FragmentResult {
    const key = `${ip.family},${ip.protocol},${ip.fragmentId},${ip.source.join()},${ip.target.join()}`;
    const isRepeat = this.isRepeat(key, ip, b, us);
    const datagram = this.find(key, isRepeat, us);
    if (!isRepeat) this.takeBack(datagram, key, ip, us);
    const length = ip.end - ip.start;
    if (ip.fragmentOffset + length <= MAX_TOTAL && datagram.pieces.length < MAX_PIECES) {
      if (!ip.moreFragments) {
        const total = ip.fragmentOffset + length;
        if (datagram.total < 0) datagram.total = total;
        else if (datagram.total !== total) datagram.overlap = true;
      }
      this.insert(datagram, b, ip.start, ip.end, { offset: ip.fragmentOffset, frames, isRepeat });
    }
    const whole = this.assemble(datagram);
    if (whole !== null) {
      this.drop(key, datagram);
      this.remember(key, { bytes: whole, us, own: ownPieces(datagram) });
    }
    const evicted = this.keepWithin();
    const overlapConflict = datagram.overlap;
    datagram.overlap = false;
    const carried = whole === null ? [] : datagram.pieces.map(carriedBy);
    return { whole, carried, overlapConflict, evicted };
  }

  /** Does the same stand in that place of a datagram that was read just before? */
  private isRepeat(key: string, ip: IpLayer, b: Uint8Array, us: number): boolean {
    const read = this.read.get(key);
    if (read === undefined || Math.abs(us - read.us) > REPEAT_US) return false;
    const to = ip.fragmentOffset + ip.end - ip.start;
    if (ip.moreFragments ? to > read.bytes.length : to !== read.bytes.length) return false;
    return asBuffer(b, ip.start, ip.end).equals(read.bytes.subarray(ip.fragmentOffset, to));
  }

  /** The datagram that a piece belongs to. One that is no repeat makes an open datagram of what was repeated just before. */
  private find(key: string, isRepeat: boolean, us: number): Datagram {
    const open = this.open.get(key);
    if (open !== undefined) return open;
    let datagram = this.repeated.get(key);
    if (datagram !== undefined && Math.abs(us - datagram.repeatedUs) > LIFETIME_US) {
      this.drop(key, datagram);
      datagram = undefined;
    }
    datagram ??= { pieces: [], bytes: 0, total: -1, overlap: false, repeatedUs: us, isTakenBack: false };
    if (isRepeat) {
      datagram.repeatedUs = us;
      this.repeated.set(key, datagram);
    } else {
      this.repeated.delete(key);
      this.open.set(key, datagram);
    }
    return datagram;
  }

  /** What a repeat made whole too early goes on with the piece that belongs in its place; once, so that no byte is read often. */
  private takeBack(d: Datagram, key: string, ip: IpLayer, us: number): void {
    const read = this.read.get(key);
    if (read === undefined || read.own.length === 0) return;
    this.forget(key);
    const from = ip.fragmentOffset;
    const to = from + ip.end - ip.start;
    const isOther = read.own.some((p) => p.offset < to && p.offset + p.bytes.length > from);
    if (isOther || Math.abs(us - read.us) > LIFETIME_US) return;
    d.isTakenBack = true;
    for (const piece of read.own) {
      const { bytes } = piece;
      if (d.total < 0 && piece.offset + bytes.length >= read.bytes.length) d.total = read.bytes.length;
      this.insert(d, bytes, 0, bytes.length, piece);
    }
  }

  private remember(key: string, read: Read): void {
    this.forget(key);
    this.read.set(key, read);
    this.readBytes += read.bytes.length;
    while (this.read.size > MAX_DATAGRAMS || this.readBytes > MAX_READ_BYTES) {
      const oldest = this.read.keys().next().value;
      if (oldest === undefined) break;
      this.forget(oldest);
    }
  }

  private forget(key: string): void {
    this.readBytes -= this.read.get(key)?.bytes.length ?? 0;
    this.read.delete(key);
  }

  /** @returns how many open datagrams were given up; of what goes before them every byte was read */
  private keepWithin(): number {
    while (this.repeated.size > MAX_DATAGRAMS || this.held > MAX_BYTES) {
      if (!this.dropOldest(this.repeated)) break;
    }
    let evicted = 0;
    while (this.open.size > MAX_DATAGRAMS || this.held > MAX_BYTES) {
      if (!this.dropOldest(this.open)) break;
      evicted++;
    }
    return evicted;
  }

  private dropOldest(of: ReadonlyMap<string, Datagram>): boolean {
    const oldest = of.entries().next().value;
    if (oldest !== undefined) this.drop(oldest[0], oldest[1]);
    return oldest !== undefined;
  }

  /** A key is in one of the two, never in both. */
  private drop(key: string, datagram: Datagram): void {
    this.held -= datagram.bytes;
    this.open.delete(key);
    this.repeated.delete(key);
  }

  /** Keeps pieces sorted and disjoint: of a new fragment only what fills holes is kept. */
  private insert(d: Datagram, b: Uint8Array, start: number, end: number, of: PieceFacts): void {
    const { offset } = of;
    const last = d.pieces.at(-1);
    if (last === undefined || offset >= last.offset + last.bytes.length) {
      // In order, as nearly all are: nothing to compare with.
      this.keep(d, d.pieces.length, copy(of, offset, b, start, end));
      return;
    }
    let at = offset;
    const to = offset + (end - start);
    const kept: Piece[] = [];
    for (const piece of d.pieces) {
      const pieceEnd = piece.offset + piece.bytes.length;
      if (pieceEnd <= at) continue;
      if (piece.offset >= to) break;
      if (piece.offset > at) kept.push(copy(of, at, b, start + (at - offset), start + (piece.offset - offset)));
      const from = Math.max(at, piece.offset);
      const until = Math.min(to, pieceEnd);
      for (let i = from; i < until; i++) {
        if (piece.bytes[i - piece.offset] !== b[start + (i - offset)]) d.overlap = true;
      }
      at = Math.max(at, pieceEnd);
    }
    if (at < to) kept.push(copy(of, at, b, start + (at - offset), end));
    for (const piece of kept) {
      let i = d.pieces.length;
      while (i > 0 && (d.pieces[i - 1]?.offset ?? 0) > piece.offset) i--;
      this.keep(d, i, piece);
    }
  }

  private keep(d: Datagram, index: number, piece: Piece): void {
    d.pieces.splice(index, 0, piece);
    d.bytes += piece.bytes.length;
    this.held += piece.bytes.length;
  }

  private assemble(d: Datagram): Uint8Array | null {
    if (d.total < 0 || d.bytes < d.total || coveredBytes(d) < d.total) return null;
    const whole = new Uint8Array(d.total);
    let at = 0;
    for (const piece of d.pieces) {
      if (piece.offset >= d.total) break;
      const part = piece.bytes.subarray(0, Math.min(piece.bytes.length, d.total - at));
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}

/** Bytes from the beginning without a hole. */
function coveredBytes(d: Datagram): number {
  let at = 0;
  for (const piece of d.pieces) {
    if (piece.offset !== at) break;
    at += piece.bytes.length;
  }
  return at;
}

function copy({ frames, isRepeat }: PieceFacts, offset: number, b: Uint8Array, start: number, end: number): Piece {
  return { offset, bytes: b.slice(start, end), frames, isRepeat };
}

function carriedBy({ offset, bytes, frames }: Piece): Carried {
  return { from: offset, to: offset + bytes.length, frames };
}

function ownPieces(d: Datagram): Piece[] {
  return !d.isTakenBack && d.pieces.some((p) => p.isRepeat) ? d.pieces.filter((p) => !p.isRepeat) : [];
}
