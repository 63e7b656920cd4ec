import { u8 } from './bytes.ts';

const PAD = 0;
const END = 255;
const OVERLOAD = 52;
const FILE_AT = 108;
const FILE_BYTES = 128;
const SNAME_AT = 44;
const SNAME_BYTES = 64;
const OPTIONS_AT = 240;
const MAX_OPTIONS = 1024;

interface Piece {
  readonly code: number;
  readonly from: number;
  readonly to: number;
}

/** The options of one DHCP message; an option that comes in several pieces is one (RFC 3396). */
export class DhcpOptions {
  malformed = false;
  private readonly b: Uint8Array;
  private readonly pieces: Piece[] = [];

  constructor(b: Uint8Array) {
    this.b = b;
  }

  private of(code: number): Piece[] {
    return this.pieces.filter((piece) => piece.code === code);
  }

  /** The value, or null when the message has no such option. */
  get(code: number): Uint8Array | null {
    const pieces = this.of(code);
    const [first] = pieces;
    if (first === undefined) return null;
    if (pieces.length === 1) return this.b.subarray(first.from, first.to);
    return Buffer.concat(pieces.map(({ from, to }) => this.b.subarray(from, to)));
  }

  isSplit(code: number): boolean {
    return this.of(code).length > 1;
  }

  /** From the first byte of the option's value to its last. */
  rangeOf(code: number): [from: number, to: number] {
    const pieces = this.of(code);
    return [pieces[0]?.from ?? 0, pieces.at(-1)?.to ?? 0];
  }

  /** Where each option's value stands, counted from `start`. */
  places(
    start: number,
    fieldOf: (code: number) => string,
  ): { readonly from: number; readonly to: number; readonly field: string }[] {
    return this.pieces.map(({ code, from, to }) => ({ from: from - start, to: to - start, field: fieldOf(code) }));
  }

  /** Reads options in `[from, end)` up to the end option. */
  read(from: number, end: number): void {
    const { b } = this;
    let at = from;
    while (at < end) {
      const code = u8(b, at);
      if (code === END) return;
      if (code === PAD) {
        at++;
        continue;
      }
      const to = at + 2 + u8(b, at + 1);
      if (at + 2 > end || to > end || this.pieces.length >= MAX_OPTIONS) {
        this.malformed = true;
        return;
      }
      this.pieces.push({ code, from: at + 2, to });
      at = to;
    }
  }
}

/** Options behind the magic cookie, then those in `file` and `sname` where option 52 says so (RFC 2131, 4.1). */
export function readOptions(b: Uint8Array, start: number, end: number): DhcpOptions {
  const options = new DhcpOptions(b);
  options.read(start + OPTIONS_AT, end);
  const overload = options.get(OVERLOAD);
  const where = overload?.length === 1 ? u8(overload, 0) : 0;
  if ((where & 1) !== 0) options.read(start + FILE_AT, start + FILE_AT + FILE_BYTES);
  if ((where & 2) !== 0) options.read(start + SNAME_AT, start + SNAME_AT + SNAME_BYTES);
  return options;
}
