import { u8 } from './bytes.ts';

/** One element of DER (X.690): tag and the bounds of its content. */
export interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** The element at `at`; null where it leads beyond `end` or has no definite length of at most three bytes. */
export function element(b: Uint8Array, at: number, end: number): Element | null {
  if (at + 2 > end) return null;
  const first = u8(b, at + 1);
  if (first < 0x80) {
    const stop = at + 2 + first;
    return stop <= end ? { tag: u8(b, at), start: at + 2, end: stop } : null;
  }
  const count = first & 0x7f;
  if (count === 0 || count > 3 || at + 2 + count > end) return null;
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + u8(b, at + 2 + i);
  const start = at + 2 + count;
  return start + length <= end ? { tag: u8(b, at), start, end: start + length } : null;
}

/** The elements of a constructed one, up to the first that cannot be read. */
export function children(b: Uint8Array, parent: Element): Element[] {
  const list: Element[] = [];
  for (let at = parent.start; at < parent.end;) {
    const e = element(b, at, parent.end);
    if (e === null) break;
    list.push(e);
    at = e.end;
  }
  return list;
}
