import type { ByteSpan } from './hex-rows.ts';

/** A piece of one line; `mark` is the index of the mark it lies in, or null. */
export interface TextPiece {
  readonly text: string;
  readonly mark: number | null;
}

const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

/**
 * Bytes as lines of text, cut where a mark begins or ends: what stands in a mark is exactly its bytes. A line ends with LF or
 * CR LF; bytes that are no UTF-8 become the replacement character. Marks may overlap: the first one counts.
 */
export function markedLines(bytes: Uint8Array, marks: readonly ByteSpan[]): readonly (readonly TextPiece[])[] {
  const edges = new Set([0, bytes.length]);
  for (const { from, to } of marks) {
    edges.add(Math.min(Math.max(from, 0), bytes.length));
    edges.add(Math.min(Math.max(to, 0), bytes.length));
  }
  const cuts = [...edges].toSorted((a, b) => a - b);
  const lines: TextPiece[][] = [[]];
  for (const [index, from] of cuts.entries()) {
    const to = cuts[index + 1] ?? from;
    if (to === from) continue;
    const inside = marks.findIndex((mark) => from >= mark.from && to <= mark.to);
    const pieces = decoder.decode(bytes.subarray(from, to)).split(/\r?\n/);
    for (const [nth, text] of pieces.entries()) {
      if (nth > 0) lines.push([]);
      if (text !== '') lines.at(-1)?.push({ text, mark: inside < 0 ? null : inside });
    }
  }
  return lines;
}

/** Share of bytes that text of any language would have: no control characters but tabs and line ends, and valid UTF-8. */
export function looksLikeText(bytes: Uint8Array): boolean {
  if (bytes.length === 0) return false;
  const text = decoder.decode(bytes);
  let odd = 0;
  for (const character of text) if (/[^\P{Cc}\t\r\n]|\uFFFD/u.test(character)) odd += 1;
  return odd * 20 <= text.length;
}
