/** Bytes and pieces of unfinished messages that one side of an association may hold. */
const MAX_HELD_BYTES = 1024 * 1024;
const MAX_HELD_PIECES = 1024;

/** A piece of a user message (RFC 9260 section 3.3.1; RFC 8260 section 2.1), copied. */
export interface SctpPiece {
  readonly bytes: Uint8Array;
  readonly frame: number;
  readonly us: number;
  /** Names the message among those whose pieces are numbered together. */
  readonly message: string;
  /** Its place: a transmission sequence number, or the number of the piece in its message. */
  readonly place: number;
  /** Payload protocol identifier: of an interleaved message only its first piece has one. */
  readonly payload: number;
  readonly first: boolean;
  readonly last: boolean;
}

/** Pieces that follow each other, one message or what came of it. */
export type PieceRun = readonly SctpPiece[];

/** Holds the pieces of one side's user messages until a message is whole. */
export class SctpFragments {
  heldBytes = 0;
  private pieces = 0;
  /** By `series`, each in order of place. */
  private readonly series = new Map<string, SctpPiece[]>();

  get isEmpty(): boolean {
    return this.pieces === 0;
  }

  /** Whether one more piece of so many bytes is more than may be held. */
  isFull(bytes: number): boolean {
    return this.pieces >= MAX_HELD_PIECES || this.heldBytes + bytes > MAX_HELD_BYTES;
  }

  /**
   * `series`: pieces whose places are counted together.
   * @returns the message that this piece made whole, in order; null while pieces are missing
   */
  add(series: string, piece: SctpPiece): PieceRun | null {
    const list = this.series.get(series) ?? [];
    if (list.length === 0) this.series.set(series, list);
    let at = list.length;
    // Pieces that come backwards all belong before the first one.
    if (at > 0 && distance(list[0] as SctpPiece, piece) < 0) at = 0;
    while (at > 0 && distance(list[at - 1] as SctpPiece, piece) < 0) at--;
    list.splice(at, 0, piece);
    this.pieces++;
    this.heldBytes += piece.bytes.length;
    // At the end of what is held, or at its beginning, nothing is whole: most pieces of a long message need no look at the others.
    if (!piece.last && !follows(piece, list[at + 1])) return null;
    if (!piece.first && !follows(list[at - 1], piece)) return null;
    let from = at;
    while (from > 0 && !isFirst(list[from]) && follows(list[from - 1], list[from])) from--;
    let to = at;
    while (to + 1 < list.length && !isLast(list[to]) && follows(list[to], list[to + 1])) to++;
    if (!isFirst(list[from]) || !isLast(list[to])) return null;
    const run = list.splice(from, to + 1 - from);
    if (list.length === 0) this.series.delete(series);
    this.forget(run);
    return run;
  }

  private forget(run: PieceRun): void {
    this.pieces -= run.length;
    for (const { bytes } of run) this.heldBytes -= bytes.length;
  }

  /** Gives up waiting. @returns what is held, cut where a piece is missing */
  takeAll(): PieceRun[] {
    const runs: SctpPiece[][] = [];
    for (const list of this.series.values()) {
      let before: SctpPiece | undefined;
      for (const piece of list) {
        if (before !== undefined && !isFirst(piece) && follows(before, piece)) runs.at(-1)?.push(piece);
        else runs.push([piece]);
        before = piece;
      }
    }
    this.series.clear();
    this.pieces = 0;
    this.heldBytes = 0;
    return runs;
  }
}

/** How far `b` lies behind `a`, in the arithmetic of serial numbers (RFC 1982). */
function distance(a: SctpPiece, b: SctpPiece): number {
  return (b.place - a.place) | 0;
}

function isFirst(piece: SctpPiece | undefined): boolean {
  return piece?.first === true;
}

function isLast(piece: SctpPiece | undefined): boolean {
  return piece?.last === true;
}

function follows(a: SctpPiece | undefined, b: SctpPiece | undefined): boolean {
  return a !== undefined && b !== undefined && !a.last && a.message === b.message && distance(a, b) === 1;
}
