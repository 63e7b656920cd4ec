import { byteAt } from './byte-classes.ts';
import type { RawMatch } from './raw-match.ts';
import type { ByteContext } from './surroundings.ts';

type Order = 'utf-16le' | 'utf-16be';

/** Bytes around two matches of one text; `le` is where the little-endian one begins, the other begins one byte earlier. */
interface Shared {
  readonly bytes: Uint8Array;
  readonly le: number;
}

/**
 * UTF-16 of ASCII between two zero bytes reads in either byte order, one byte apart. What stands around tells which was written:
 * a byte order mark or a length before the text, then how many neighbours are text in the same order, then whether the text stands
 * at an even offset. `evens`: whether `a` and `b` do, null where that is not known.
 * Returns the one that is right, with all of the context that either has; null where they are not two such readings or nothing decides.
 */
export function rightOrder(
  a: RawMatch,
  b: RawMatch,
  evens: readonly [boolean | null, boolean | null],
): RawMatch | null {
  const [orderA, orderB] = [orderOf(a), orderOf(b)];
  if (orderA === null || orderB === null || orderA === orderB) return null;
  if (a.form !== b.form || a.span !== b.span || a.steps.slice(1).join() !== b.steps.slice(1).join()) return null;
  const length = a.context.end - a.context.start;
  const shared = sharedOf(a, b);
  if (length !== b.context.end - b.context.start || !alternates(shared, length)) return null;
  const [readA, readB] = [readAs(orderA, shared, length), readAs(orderB, shared, length)];
  const lead =
    readA.mark - readB.mark || readA.text - readB.text || Number(evens[0] ?? false) - Number(evens[1] ?? false);
  if (lead === 0) return null;
  const right = lead > 0 ? a : b;
  const start = shared.le - (orderOf(right) === 'utf-16le' ? 0 : 1);
  return { ...right, context: { bytes: shared.bytes, start, end: start + length } };
}

function orderOf({ steps: [first] }: RawMatch): Order | null {
  return first === 'utf-16le' || first === 'utf-16be' ? first : null;
}

/** One match may have come with more bytes on the left, the other on the right. */
function sharedOf(a: RawMatch, b: RawMatch): Shared {
  const [one, other] = [placed(a), placed(b)];
  const left = one.le >= other.le ? one : other;
  const right = one.bytes.length - one.le >= other.bytes.length - other.le ? one : other;
  if (left === right) return left;
  return {
    bytes: Uint8Array.from([...left.bytes.subarray(0, left.le), ...right.bytes.subarray(right.le)]),
    le: left.le,
  };
}

function placed(match: RawMatch): Shared {
  const { bytes, start }: ByteContext = match.context;
  return { bytes, le: orderOf(match) === 'utf-16le' ? start : start + 1 };
}

/** Each second byte is zero, from the one before the text to its last. */
function alternates({ bytes, le }: Shared, length: number): boolean {
  if (le < 1 || le + length > bytes.length) return false;
  for (let at = le - 1; at < le + length; at += 2) if (bytes[at] !== 0) return false;
  return true;
}

/** What speaks for an order: `mark` a byte order mark or a length before the text, `text` how many neighbours are ASCII text. */
function readAs(order: Order, { bytes, le }: Shared, length: number): { readonly mark: number; readonly text: number } {
  const little = order === 'utf-16le';
  const start = little ? le : le - 1;
  const unitAt = (at: number): number => {
    if (at < 0 || at + 2 > bytes.length) return -1;
    const [first, second] = [byteAt(bytes, at), byteAt(bytes, at + 1)];
    return little ? first | (second << 8) : (first << 8) | second;
  };
  const before = neighbours(unitAt, start - 2, -2);
  const after = neighbours(unitAt, start + length, 2);
  const head = start - 2 * before.next;
  const units = length / 2 + before.next;
  return {
    mark: markBefore(unitAt, head, little, [units, units + after.next]),
    text: before.all + after.all,
  };
}

/** Units of text from `at` on: next to the value, and those behind one zero unit (the end of a string) too. */
function neighbours(unitAt: (at: number) => number, at: number, step: number): { next: number; all: number } {
  let next: number | null = null;
  let all = 0;
  for (; ; at += step) {
    const unit = unitAt(at);
    if (isText(unit)) all++;
    else if (unit === 0 && next === null) next = all;
    else return { next: next ?? all, all };
  }
}

const isText = (unit: number): boolean => (unit >= 0x20 && unit <= 0x7e) || unit === 9 || unit === 10 || unit === 13;

/** 3: a byte order mark before `head`; 2 or 1: its length in units or bytes, with or without a zero at the end, in four bytes or two. */
function markBefore(unitAt: (at: number) => number, head: number, little: boolean, units: readonly number[]): number {
  const near = unitAt(head - 2);
  if (near === 0xfe_ff) return 3;
  const lengths = new Set(units.flatMap((count) => [count, count + 1, 2 * count, 2 * count + 2]));
  const far = unitAt(head - 4);
  const [low, high] = little ? [far, near] : [near, far];
  if (far >= 0 && high === 0 && lengths.has(low)) return 2;
  return lengths.has(near) ? 1 : 0;
}
