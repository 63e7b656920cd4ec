import type { PatternCounts } from '../analysis/search/patterns.ts';

/** What an index tells of the patterns it was searched with, or null where it does not. */
export function patternCounts(stored: unknown): PatternCounts | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { literals, digests, joined, dropped } = stored as Partial<Record<keyof PatternCounts, unknown>>;
  const whole =
    typeof literals === 'number' && typeof digests === 'number' && typeof joined === 'number' && Array.isArray(dropped);
  return whole ? (stored as PatternCounts) : null;
}
