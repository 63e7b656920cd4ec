/** A small deterministic generator (mulberry32): the same seed gives the same world on every machine. */
export interface Random {
  /** 0 <= x < 1. */
  next(): number;
  /** Whole number, both ends included. */
  between(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
  shuffle<T>(items: readonly T[]): T[];
  digits(count: number): string;
  hex(count: number): string;
}

/** Folds a text into 32 bits (FNV-1a), so that each part of the world has its own independent stream. */
function fold(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}

/** `stream` names what the numbers are for: adding a host later does not change the identifiers of a seed. */
export function makeRandom(seed: number, stream: string): Random {
  let state = (fold(stream) ^ Math.imul(seed | 0, 0x9e3779b1)) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const pick = <T>(items: readonly T[]): T => {
    const item = items[between(0, items.length - 1)];
    if (item === undefined) throw new Error('pick from an empty list');
    return item;
  };
  const text = (count: number, alphabet: string): string =>
    Array.from({ length: count }, () => alphabet[between(0, alphabet.length - 1)]).join('');
  return {
    next,
    between,
    pick,
    shuffle: <T>(items: readonly T[]): T[] =>
      items
        .map((item) => ({ item, key: next() }))
        .sort((a, b) => a.key - b.key)
        .map(({ item }) => item),
    digits: (count) => text(count, '0123456789'),
    hex: (count) => text(count, '0123456789abcdef'),
  };
}
