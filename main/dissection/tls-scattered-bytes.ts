import { HandshakeBudget } from './handshake-budget.ts';

/** Bytes of one side's handshake that are held at most: those in order and those that came before their turn. */
const MAX_HELD_BYTES = 256 * 1024;
const MAX_WAITING = 512;

/** Where handshake bytes came from. */
export interface ScatteredPiece {
  /** Offset in the handshake's bytes. */
  readonly offset: number;
  readonly frame: number;
  readonly us: number;
  /** Where they stand in their datagram (enciphered there, byte for byte). */
  readonly inDatagram: number;
}

/** When something was there. */
export interface Arrival {
  readonly frame: number;
  /** µs since 1970. */
  readonly us: number;
}

interface Waiting {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly piece: ScatteredPiece;
}

/** Handshake bytes that come in pieces over packets, in whatever order (RFC 9000, 19.6; RFC 6347, 4.2.3), put in order. */
export class ScatteredBytes {
  /** What is in order from offset 0 on. */
  private buffer = new Uint8Array(0);
  private inOrder = 0;
  private readonly waiting: Waiting[] = [];
  private waitingBytes = 0;
  readonly pieces: ScatteredPiece[] = [];
  /** More came than is held: what came after was not read. */
  capped = false;
  private readonly budget: HandshakeBudget;

  constructor(budget = new HandshakeBudget()) {
    this.budget = budget;
  }

  get bytes(): Uint8Array {
    return this.buffer;
  }

  /** How many of `bytes` are there. */
  get length(): number {
    return this.inOrder;
  }

  /** Takes a copy of `[start, end)`. @returns true when more bytes are in order now */
  add(b: Uint8Array, start: number, end: number, piece: ScatteredPiece): boolean {
    const last = piece.offset + (end - start);
    if (end <= start || last <= this.inOrder || this.capped) return false;
    if (piece.offset > this.inOrder) {
      this.wait(new Uint8Array(b.subarray(start, end)), piece);
      return false;
    }
    this.append(b.subarray(start, end), piece);
    this.drain();
    return true;
  }

  /** Sorted, so that draining looks only at the first; the same bytes again are not kept twice. */
  private wait(bytes: Uint8Array, piece: ScatteredPiece): void {
    const { offset } = piece;
    const list = this.waiting;
    let at = list.length;
    while (at > 0 && (list[at - 1]?.offset ?? 0) > offset) at--;
    const before = list[at - 1];
    if (before !== undefined && before.offset + before.bytes.length >= offset + bytes.length) return;
    if (list.length >= MAX_WAITING || offset + bytes.length > MAX_HELD_BYTES || this.overflows(bytes.length)) {
      this.cap();
      return;
    }
    if (!this.budget.take(bytes.length)) {
      this.cap();
      return;
    }
    list.splice(at, 0, { offset, bytes, piece });
    this.waitingBytes += bytes.length;
  }

  private overflows(more: number): boolean {
    return this.inOrder + this.waitingBytes + more > MAX_HELD_BYTES;
  }

  private append(bytes: Uint8Array, piece: ScatteredPiece): void {
    const skip = this.inOrder - piece.offset;
    const fresh = bytes.subarray(skip);
    if (this.overflows(fresh.length)) {
      this.cap();
      return;
    }
    if (this.inOrder + fresh.length > this.buffer.length) {
      const size = Math.max(this.inOrder + fresh.length, this.buffer.length * 2, 1024);
      if (!this.budget.take(size - this.buffer.length)) {
        this.cap();
        return;
      }
      const bigger = new Uint8Array(size);
      bigger.set(this.buffer.subarray(0, this.inOrder));
      this.buffer = bigger;
    }
    this.buffer.set(fresh, this.inOrder);
    this.pieces.push({ ...piece, offset: this.inOrder, inDatagram: piece.inDatagram + skip });
    this.inOrder += fresh.length;
  }

  private drain(): void {
    let used = 0;
    for (const { offset, bytes, piece } of this.waiting) {
      if (offset > this.inOrder) break;
      used++;
      this.waitingBytes -= bytes.length;
      this.budget.give(bytes.length);
      if (offset + bytes.length > this.inOrder) this.append(bytes, piece);
    }
    this.waiting.splice(0, used);
  }

  private cap(): void {
    this.capped = true;
    this.dropWaiting();
  }

  private dropWaiting(): void {
    this.budget.give(this.waitingBytes);
    this.waiting.length = 0;
    this.waitingBytes = 0;
  }

  /** The bytes are not needed any more; where they came from stays known. Nothing may be added after that. */
  release(): void {
    this.dropWaiting();
    this.budget.give(this.buffer.length);
    this.buffer = new Uint8Array(0);
    this.inOrder = 0;
  }

  /** When the last of the bytes `[from, to)` came, of which one at least was added. */
  arrivalOf(from: number, to: number): Arrival {
    const { frames, us } = this.locate(from, to);
    return { frame: frames.at(-1) ?? 0, us };
  }

  /** Frames that brought any byte of `[from, to)`, the time of the last, and where the first stands in its datagram. */
  locate(from: number, to: number): { frames: number[]; us: number; inDatagram: number } {
    const frames = new Set<number>();
    let us = Number.NaN;
    let inDatagram = 0;
    for (let i = this.pieces.length - 1; i >= 0; i--) {
      const piece = this.pieces[i];
      if (piece === undefined || piece.offset >= to) continue;
      frames.add(piece.frame);
      if (!(us >= piece.us)) us = piece.us;
      inDatagram = piece.inDatagram + Math.max(0, from - piece.offset);
      if (piece.offset <= from) break;
    }
    return { frames: [...frames].sort((a, b) => a - b), us, inDatagram };
  }
}
