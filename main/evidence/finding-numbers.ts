/** The numbers of keys that have none: in key order, after the highest. */
export function freshNumbers(
  known: ReadonlyMap<string, number>,
  keys: readonly string[],
): readonly (readonly [string, number])[] {
  const highest = [...known.values()].reduce((most, number) => Math.max(most, number), 0);
  const fresh = [...new Set(keys)].filter((key) => !known.has(key)).toSorted();
  return fresh.map((key, index) => [key, highest + index + 1]);
}

/** `F0007`: at least four digits. */
export function findingNumber(number: number): string {
  return `F${String(number).padStart(4, '0')}`;
}
