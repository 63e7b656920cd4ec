export interface HexCell {
  readonly hex: string;
  /** The byte as printable ASCII, or a middle dot. */
  readonly character: string;
  readonly marked: boolean;
}

export interface HexRow {
  readonly offset: number;
  readonly cells: readonly HexCell[];
}

/** A stretch of bytes, the end not included. */
export interface ByteSpan {
  readonly from: number;
  readonly to: number;
}

/** Standard base64 as bytes; an empty array for text that is none. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array(0);
  }
}

/** Rows of 16 bytes with some stretches marked. Offsets count from `firstOffset`. */
export function hexRows(
  bytes: Uint8Array,
  marks: readonly ByteSpan[],
  firstOffset = 0,
  perRow = 16,
): readonly HexRow[] {
  const rows: HexRow[] = [];
  for (let start = 0; start < bytes.length; start += perRow) {
    const cells = [...bytes.subarray(start, start + perRow)].map((byte, index) => ({
      hex: byte.toString(16).padStart(2, '0'),
      character: byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·',
      marked: marks.some(({ from, to }) => start + index >= from && start + index < to),
    }));
    rows.push({ offset: firstOffset + start, cells });
  }
  return rows;
}
