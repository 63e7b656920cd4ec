import type { Dice } from './dice.ts';

/** Takes bytes and gives changed ones; must not change what it was given. `other` is something else to take pieces of. */
type Mutation = (dice: Dice, b: Buffer, other: Buffer) => Buffer;

const EDGES = [0, 1, 2, 3, 4, 7, 8, 0x0f, 0x10, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xfe, 0xff];
const NUMBERS = [
  '0',
  '-1',
  '1',
  '00',
  'ffffffff',
  'ffffffffffffffff',
  '7fffffff',
  '4294967297',
  '99999999999',
  '0x10',
  '+5',
  '',
];
const MAX_BYTES = 70_000;

function changed(b: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(b);
  if (copy.length > 0) change(copy);
  return copy;
}

const setBytes: Mutation = (dice, b) =>
  changed(b, (copy) => {
    for (let n = dice.below(4); n >= 0; n--)
      copy[dice.below(copy.length)] = dice.once(2) ? dice.below(256) : dice.pick(EDGES);
  });

const flipBit: Mutation = (dice, b) =>
  changed(b, (copy) => {
    const at = dice.below(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << dice.below(8));
  });

/** Overwrites one, two, three, four or eight bytes with a number at the edge of what they can say. */
const edgeNumber: Mutation = (dice, b) =>
  changed(b, (copy) => {
    const size = Math.min(copy.length, dice.pick([1, 2, 3, 4, 8]));
    const at = dice.below(copy.length - size + 1);
    copy.fill(dice.pick([0, 0xff, 0x7f, 0x80, 0x40]), at, at + size);
  });

/**
 * Finds a number that says how many bytes follow it (to the end, or nearly) and lets it lie: by a little, by much, in either
 * byte order. That is what header lengths, chunk lengths, record lengths and offsets of every format here look like.
 */
const lyingLength: Mutation = (dice, b) => {
  const places: [at: number, size: number, little: boolean][] = [];
  for (const size of [1, 2, 3, 4]) {
    for (let at = 0; at + size <= Math.min(b.length, 400); at++) {
      const rest = b.length - at - size;
      for (const little of [false, true]) {
        const value = little ? b.readUIntLE(at, size) : b.readUIntBE(at, size);
        if (value > 0 && value <= rest && (rest - value < 24 || value > 8)) places.push([at, size, little]);
      }
    }
  }
  if (places.length === 0) return flipBit(dice, b, b);
  const [at, size, little] = dice.pick(places);
  return changed(b, (copy) => {
    const value = little ? copy.readUIntLE(at, size) : copy.readUIntBE(at, size);
    const top = 256 ** size - 1;
    const lie = dice.pick([
      value - 1,
      value + 1,
      value * 2,
      value >> 1,
      0,
      top,
      top >> 1,
      value + dice.below(2000),
      dice.below(9),
    ]);
    const fits = Math.min(top, Math.max(0, lie));
    if (little) copy.writeUIntLE(fits, at, size);
    else copy.writeUIntBE(fits, at, size);
  });
};

/** Replaces a number written as text: Content-Length, the size of a chunk, a literal of IMAP. */
const lyingText: Mutation = (dice, b) => {
  const text = b.toString('latin1');
  const numbers = [...text.matchAll(/[0-9a-f]{1,16}(?=[\r\n};,])/gi)];
  const found = numbers.length === 0 ? undefined : dice.pick(numbers);
  if (found === undefined) return flipBit(dice, b, b);
  return Buffer.from(
    text.slice(0, found.index) + dice.pick(NUMBERS) + text.slice(found.index + found[0].length),
    'latin1',
  );
};

function stretch(dice: Dice, b: Buffer): [from: number, to: number] {
  const from = dice.below(b.length + 1);
  return [from, Math.min(b.length, from + 1 + dice.below(dice.once(8) ? b.length + 1 : 24))];
}

const leaveOut: Mutation = (dice, b) => {
  const [from, to] = stretch(dice, b);
  return Buffer.concat([b.subarray(0, from), b.subarray(to)]);
};

/** The same bytes many times: an option list, labels, chunks or frames without end. */
const repeat: Mutation = (dice, b) => {
  const [from, to] = stretch(dice, b);
  const piece = b.subarray(from, to);
  const times = dice.pick([1, 1, 2, 5, 40, 300]);
  return Buffer.concat([b.subarray(0, to), ...Array.from({ length: times }, () => piece), b.subarray(to)]);
};

const putIn: Mutation = (dice, b) => {
  const [from] = stretch(dice, b);
  return Buffer.concat([b.subarray(0, from), dice.bytes(1 + dice.below(30)), b.subarray(from)]);
};

const splice: Mutation = (dice, b, other) => {
  const [from] = stretch(dice, b);
  const [otherFrom] = stretch(dice, other);
  return Buffer.concat([b.subarray(0, from), other.subarray(otherFrom)]);
};

const overwrite: Mutation = (dice, b, other) => {
  const [from, to] = stretch(dice, other);
  return changed(b, (copy) => other.copy(copy, dice.below(copy.length), from, to));
};

const cut: Mutation = (dice, b) => b.subarray(0, dice.below(b.length + 1));

const zeros: Mutation = (dice, b) =>
  changed(b, (copy) => {
    const [from, to] = stretch(dice, copy);
    copy.fill(dice.pick([0, 0xff]), from, to);
  });

const MUTATIONS: readonly Mutation[] = [
  setBytes,
  setBytes,
  flipBit,
  flipBit,
  edgeNumber,
  edgeNumber,
  lyingLength,
  lyingLength,
  lyingLength,
  lyingText,
  lyingText,
  leaveOut,
  repeat,
  putIn,
  splice,
  overwrite,
  cut,
  zeros,
];

/** One to four changes, one after the other. Never longer than 70,000 bytes. */
export function mutate(dice: Dice, b: Buffer, other: Buffer): Buffer {
  let bytes = b;
  for (let n = dice.below(4); n >= 0; n--) bytes = dice.pick(MUTATIONS)(dice, bytes, other).subarray(0, MAX_BYTES);
  return bytes;
}
