import type { IpLayer } from './ip-layer.ts';

interface Piece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

interface Datagram {
  readonly pieces: Piece[];
  bytes: number;
  /** Total length, known once the last fragment was seen. */
  total: number;
  /** A conflict that was not told yet. */
  overlap: boolean;
}

/** What a fragment did. `whole`: `bytes` holds the datagram's payload. */
export interface FragmentResult {
  readonly whole: Uint8Array | null;
  readonly overlapConflict: boolean;
  /** Datagrams thrown out to stay within the limit. */
  readonly evicted: number;
}

const MAX_DATAGRAMS = 1024;
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_PIECES = 8192;
const MAX_TOTAL = 65_535;

/**
 * Puts fragmented IP datagrams together. Like Wireshark it knows no time-out; the number of open datagrams is bounded, the
 * oldest goes first. Where fragments overlap, what came first stays (the same rule as for TCP).
 */
export class FragmentTable {
  private readonly open = new Map<string, Datagram>();
  private held = 0;

  /** Datagrams never completed. */
  get pending(): number {
    return this.open.size;
  }

  add(ip: IpLayer, b: Uint8Array): FragmentResult {
    const key = `${ip.family},${ip.protocol},${ip.fragmentId},${ip.source.join()},${ip.target.join()}`;
    let datagram = this.open.get(key);
    let evicted = 0;
    if (datagram === undefined) {
      datagram = { pieces: [], bytes: 0, total: -1, overlap: false };
      this.open.set(key, datagram);
    }
    const length = ip.end - ip.start;
    if (ip.fragmentOffset + length <= MAX_TOTAL && datagram.pieces.length < MAX_PIECES) {
      if (!ip.moreFragments) {
        const total = ip.fragmentOffset + length;
        if (datagram.total < 0) datagram.total = total;
        else if (datagram.total !== total) datagram.overlap = true;
      }
      this.insert(datagram, ip.fragmentOffset, b, ip.start, ip.end);
    }
    const whole = this.assemble(datagram);
    if (whole !== null) this.drop(key, datagram);
    while (this.open.size > MAX_DATAGRAMS || this.held > MAX_BYTES) {
      const oldest = this.open.entries().next().value;
      if (oldest === undefined) break;
      this.drop(oldest[0], oldest[1]);
      evicted++;
    }
    const overlapConflict = datagram.overlap;
    datagram.overlap = false;
    return { whole, overlapConflict, evicted };
  }

  private drop(key: string, datagram: Datagram): void {
    this.held -= datagram.bytes;
    this.open.delete(key);
  }

  /** Keeps pieces sorted and disjoint: of a new fragment only what fills holes is kept. */
  private insert(d: Datagram, offset: number, b: Uint8Array, start: number, end: number): void {
    const last = d.pieces.at(-1);
    if (last === undefined || offset >= last.offset + last.bytes.length) {
      // In order, as nearly all are: nothing to compare with.
      this.keep(d, d.pieces.length, copy(offset, b, start, end));
      return;
    }
    let at = offset;
    const to = offset + (end - start);
    const kept: Piece[] = [];
    for (const piece of d.pieces) {
      const pieceEnd = piece.offset + piece.bytes.length;
      if (pieceEnd <= at) continue;
      if (piece.offset >= to) break;
      if (piece.offset > at) kept.push(copy(at, b, start + (at - offset), start + (piece.offset - offset)));
      const from = Math.max(at, piece.offset);
      const until = Math.min(to, pieceEnd);
      for (let i = from; i < until; i++) {
        if (piece.bytes[i - piece.offset] !== b[start + (i - offset)]) d.overlap = true;
      }
      at = Math.max(at, pieceEnd);
    }
    if (at < to) kept.push(copy(at, b, start + (at - offset), end));
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

function copy(offset: number, b: Uint8Array, start: number, end: number): Piece {
  return { offset, bytes: b.slice(start, end) };
}
