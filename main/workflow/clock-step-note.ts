import type { IndexReader } from '../evidence/readers/index-reader.ts';

/** Meta key under which the index keeps how far the times of a capture's packets stepped back. */
export const clockStepKey = (exhibit: string): string => `clock-step:${exhibit}`;

/** In microseconds; 0 where they did not. */
export function clockStepOf(index: Pick<IndexReader, 'meta'>, exhibit: string): number {
  const stored = index.meta(clockStepKey(exhibit));
  return typeof stored === 'number' ? stored : 0;
}
