import { byteAt, isBase64 } from './tables.as';

// Lines of base64 that belong together, as JoinedLines of undo-runs.ts, which says why.

/** As longLine of undo-runs.ts. */
export const LONG_LINE: usize = 60;

/** Of the content that is looked at: where the lines that were joined last end; 0 before there are any. */
export let linesUntil: usize = 0;
/** Each of them has whole groups of four. */
export let linesEven = false;

/** To be called before and behind the look at another content: with zero, or with what was known of this one. */
export function setLines(until: usize, even: bool): void {
  linesUntil = until;
  linesEven = even;
}

/** Lines of sixty characters and more belong together: as joinLines of undo-runs.ts. `start` begins the first of them. */
export function joinLines(start: usize, end: usize, to: usize, phase: usize): void {
  let runAt = start;
  let lineEnd = end;
  let even = ((end - start - phase) & 3) == 0;
  linesEven = true;
  while (lineEnd - runAt >= LONG_LINE && lineEnd < to) {
    const gap = lineBreakAt(lineEnd, to);
    if (gap == 0) break;
    linesEven = linesEven && even;
    const lineStart = lineEnd + gap;
    runAt = byteAt(lineStart - 1) == 0x6e ? lineStart - 1 : lineStart;
    lineEnd = lineStart;
    while (lineEnd < to && isBase64(lineEnd)) lineEnd++;
    even = ((lineEnd - lineStart) & 3) == 0;
  }
  linesUntil = lineEnd;
}

function lineBreakAt(at: usize, to: usize): usize {
  if (byteAt(at) == 0x0a) return 1;
  if (at + 1 >= to) return 0;
  if (byteAt(at) == 0x0d && byteAt(at + 1) == 0x0a) return 2;
  if (byteAt(at) != 0x5c) return 0;
  if (byteAt(at + 1) == 0x6e) return 2;
  return at + 3 < to && byteAt(at + 1) == 0x72 && byteAt(at + 2) == 0x5c && byteAt(at + 3) == 0x6e ? 4 : 0;
}
