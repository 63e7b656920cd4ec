/** 2,048 places to write to stay in the cache; 65,536 do not. */
const digitBits = 11;
const digits = 1 << digitBits;

/** Rows of `keys` in ascending order of their key, equal ones by row; rows whose key is NaN come last. Whole numbers from 0 to 2^53. */
export function ascending(keys: Uint32Array | Float64Array): Uint32Array {
  const order = new Uint32Array(keys.length);
  for (let i = 0; i < order.length; i += 1) order[i] = i;
  const { least, greatest, sorted } = spanOf(keys);
  // What was captured in the order of time stands in it already.
  if (sorted) return order;
  const low = new Uint32Array(keys.length);
  const high = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i] ?? 0;
    const above = Number.isNaN(key) ? greatest + 1 - least : Math.max(0, key - least);
    low[i] = above >>> 0;
    high[i] = Math.floor(above / 2 ** 32);
  }
  const most = greatest + 1 - least;
  const byLow = sortBy(low, order, Math.min(32, bitsOf(most)));
  if (most < 2 ** 32) return byLow;
  return sortBy(
    byLow.map((row) => high[row] ?? 0),
    byLow,
    bitsOf(most / 2 ** 32),
  );
}

const bitsOf = (most: number): number => Math.floor(Math.log2(Math.max(1, most))) + 1;

function spanOf(keys: Uint32Array | Float64Array): {
  readonly least: number;
  readonly greatest: number;
  readonly sorted: boolean;
} {
  let least = Number.POSITIVE_INFINITY;
  let greatest = 0;
  let sorted = true;
  let last = 0;
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i] ?? 0;
    // Zero is what a row that never came has.
    if (key > 0 && key < least) least = key;
    if (key > greatest) greatest = key;
    if (!(key >= last)) sorted = false;
    last = key;
  }
  return { least: Number.isFinite(least) ? least - 1 : 0, greatest, sorted };
}

/** A radix sort, least digit first; keys go along with their rows, so that each step reads in order. */
function sortBy(keys: Uint32Array, rows: Uint32Array, bits: number): Uint32Array {
  let from: Sorting = { keys, rows };
  let to: Sorting = { keys: new Uint32Array(keys.length), rows: new Uint32Array(keys.length) };
  for (let shift = 0; shift < bits; shift += digitBits) {
    if (distribute(shift, from, to)) [from, to] = [to, from];
  }
  return from.rows;
}

interface Sorting {
  readonly keys: Uint32Array;
  readonly rows: Uint32Array;
}

/** One step by one digit; false: nothing had to move. */
function distribute(shift: number, from: Sorting, to: Sorting): boolean {
  const starts = new Uint32Array(digits + 1);
  for (let i = 0; i < from.keys.length; i += 1) {
    const digit = ((from.keys[i] ?? 0) >>> shift) & (digits - 1);
    starts[digit + 1] = (starts[digit + 1] ?? 0) + 1;
  }
  if (starts.includes(from.keys.length, 1)) return false;
  for (let digit = 1; digit < starts.length; digit += 1)
    starts[digit] = (starts[digit] ?? 0) + (starts[digit - 1] ?? 0);
  for (let i = 0; i < from.keys.length; i += 1) {
    const key = from.keys[i] ?? 0;
    const digit = (key >>> shift) & (digits - 1);
    const at = starts[digit] ?? 0;
    to.keys[at] = key;
    to.rows[at] = from.rows[i] ?? 0;
    starts[digit] = at + 1;
  }
  return true;
}
