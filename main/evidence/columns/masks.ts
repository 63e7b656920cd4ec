/** One byte a row: 1 where it passes. Its buffer is whole words long, so that four rows are looked at at once. */
export type Mask = Uint8Array<ArrayBuffer>;

export function emptyMask(rows: number): Mask {
  return new Uint8Array(new ArrayBuffer(Math.ceil(rows / 4) * 4), 0, rows);
}

const wordsOf = (mask: Mask): Uint32Array => new Uint32Array(mask.buffer);

/** Rows whose code is accepted. @param accepted one byte for each code, from 0 */
export function maskOf(codes: Uint32Array, accepted: Uint8Array, rows = codes.length): Mask {
  const mask = emptyMask(rows);
  const known = Math.min(rows, codes.length);
  for (let row = 0; row < known; row += 1) mask[row] = accepted[codes[row] ?? 0] ?? 0;
  return mask;
}

/** Rows whose code is accepted stay. */
export function keepCodes(mask: Mask, codes: Uint32Array, accepted: Uint8Array): void {
  for (let row = 0; row < mask.length; row += 1) {
    mask[row] = (mask[row] ?? 0) & (accepted[codes[row] ?? 0] ?? 0);
  }
}

/** Rows whose code is accepted are set; the others stay as they are. */
export function addCodes(mask: Mask, codes: Uint32Array, accepted: Uint8Array): void {
  if (!accepted.includes(1)) return;
  for (let row = 0; row < mask.length; row += 1) {
    mask[row] = (mask[row] ?? 0) | (accepted[codes[row] ?? 0] ?? 0);
  }
}

export function keep(mask: Mask, other: Mask): void {
  const words = wordsOf(mask);
  const others = wordsOf(other);
  for (let i = 0; i < words.length; i += 1) words[i] = (words[i] ?? 0) & (others[i] ?? 0);
}

export function add(mask: Mask, other: Mask): void {
  const words = wordsOf(mask);
  const others = wordsOf(other);
  for (let i = 0; i < words.length; i += 1) words[i] = (words[i] ?? 0) | (others[i] ?? 0);
}

export function invert(mask: Mask): Mask {
  const words = wordsOf(mask);
  for (let i = 0; i < words.length; i += 1) words[i] = (words[i] ?? 0) ^ 0x01010101;
  return mask;
}

/** Conversations that hold at least one of the passing rows. `flows`: by row, counted from `base`. */
export function flowsOf(mask: Mask, flows: Uint32Array, count: number, base: 0 | 1): Mask {
  const found = emptyMask(count);
  eachRow(mask, (row) => {
    const flow = (flows[row] ?? 0) - base;
    if (flow >= 0 && flow < count) found[flow] = 1;
  });
  return found;
}

/** By row whether its conversation passes; where it is in none, `none`. */
export function ofFlows(passing: Mask, flows: Uint32Array, base: 0 | 1, none: 0 | 1): Mask {
  const mask = emptyMask(flows.length);
  for (let row = 0; row < flows.length; row += 1) {
    const flow = (flows[row] ?? 0) - base;
    mask[row] = flow < 0 ? none : (passing[flow] ?? 0);
  }
  return mask;
}

/** Calls `act` with each passing row, ascending: quick where few pass. */
export function eachRow(mask: Mask, act: (row: number) => void): void {
  const words = wordsOf(mask);
  for (let i = 0; i < words.length; i += 1) {
    if (words[i] === 0) continue;
    const end = Math.min(mask.length, i * 4 + 4);
    for (let row = i * 4; row < end; row += 1) if (mask[row] === 1) act(row);
  }
}

export function countOf(mask: Mask): number {
  // An inverted mask has ones behind its last row.
  new Uint8Array(mask.buffer).fill(0, mask.length);
  const words = wordsOf(mask);
  let count = 0;
  for (let i = 0; i < words.length; i += 1) count += Math.imul(words[i] ?? 0, 0x01010101) >>> 24;
  return count;
}

/** Numbers of the passing rows, in the order given, or ascending. */
export function rowsOf(mask: Mask, order: Uint32Array | null, descending: boolean): Uint32Array {
  const rows = new Uint32Array(countOf(mask));
  let at = 0;
  if (order === null) {
    const words = wordsOf(mask);
    for (let i = 0; i < words.length; i += 1) {
      const word = words[i] ?? 0;
      if (word === 0) continue;
      for (let byte = 0; byte < 4; byte += 1) {
        if (((word >>> (byte * 8)) & 1) === 1) {
          rows[at] = i * 4 + byte;
          at += 1;
        }
      }
    }
  } else {
    for (let place = 0; place < order.length; place += 1) {
      const row = order[place] ?? 0;
      if (mask[row] === 1) {
        rows[at] = row;
        at += 1;
      }
    }
  }
  return descending ? rows.reverse() : rows;
}
