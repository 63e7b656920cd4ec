/** Rows of `keys` in ascending order of their key, equal ones by row; rows whose key is NaN come last. Whole numbers from 0 to 2^53. */
export function ascending(keys: Uint32Array | Float64Array): Uint32Array {
  const least = leastOf(keys);
  const low = new Uint32Array(keys.length);
  const high = new Uint32Array(keys.length);
  let orHigh = 0;
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i] ?? 0;
    const above = Number.isNaN(key) ? Number.MAX_SAFE_INTEGER : Math.max(0, key - least);
    low[i] = above >>> 0;
    high[i] = Math.floor(above / 2 ** 32);
    orHigh |= high[i] ?? 0;
  }
  let order = new Uint32Array(keys.length);
  for (let i = 0; i < order.length; i += 1) order[i] = i;
  let spare = new Uint32Array(keys.length);
  const passes: readonly (readonly [Uint32Array, number])[] = [
    [low, 0],
    [low, 16],
    ...(orHigh === 0 ? [] : ([[high, 0]] as const)),
    ...(orHigh < 65_536 ? [] : ([[high, 16]] as const)),
  ];
  for (const [words, shift] of passes) {
    if (distribute(words, shift, order, spare)) [order, spare] = [spare, order];
  }
  return order;
}

function leastOf(keys: Uint32Array | Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  // Zero is what a row that never came has.
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i] ?? 0;
    if (key > 0 && key < least) least = key;
  }
  return Number.isFinite(least) ? least - 1 : 0;
}

/** One step of a radix sort, by 16 bits; false: nothing had to move. */
function distribute(words: Uint32Array, shift: number, from: Uint32Array, to: Uint32Array): boolean {
  const starts = new Uint32Array(65_537);
  for (let i = 0; i < words.length; i += 1) {
    const digit = ((words[i] ?? 0) >>> shift) & 0xffff;
    starts[digit + 1] = (starts[digit + 1] ?? 0) + 1;
  }
  if (starts.includes(words.length, 1)) return false;
  for (let digit = 1; digit < starts.length; digit += 1)
    starts[digit] = (starts[digit] ?? 0) + (starts[digit - 1] ?? 0);
  for (let i = 0; i < from.length; i += 1) {
    const row = from[i] ?? 0;
    const digit = ((words[row] ?? 0) >>> shift) & 0xffff;
    const at = starts[digit] ?? 0;
    to[at] = row;
    starts[digit] = at + 1;
  }
  return true;
}
