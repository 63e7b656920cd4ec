import type { Change } from '../../shared/model/comparison.ts';

/** A change before it is worded. */
export type Unworded = Omit<Change, 'meaning'>;
export type Facts = NonNullable<Change['facts']>;

/** What happened to something of which each side has a value or none. */
export function verb(before: unknown, after: unknown): Change['change'] {
  if (before === undefined || before === null) return 'added';
  return after === undefined || after === null ? 'removed' : 'changed';
}

/** Calls `visit` once for every key of either map, those of `before` first, in their order. */
export function eachKey<T>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  visit: (key: string, a: T | undefined, b: T | undefined) => void,
): void {
  for (const [key, value] of before) visit(key, value, after.get(key));
  for (const [key, value] of after) if (!before.has(key)) visit(key, undefined, value);
}
