import * as z from 'zod';
import type { Change, Visibility } from '../model/comparison.ts';
import { inCase, query } from './operation.ts';

export interface ComparedLabel {
  readonly label: string;
  readonly handsets: readonly string[];
  readonly runs: readonly string[];
  /** Build fingerprints or incremental versions read under this label. */
  readonly builds: readonly string[];
  readonly records: number;
  readonly flows: number;
}

export interface ComparisonAnswer {
  readonly before: ComparedLabel;
  readonly after: ComparedLabel;
  readonly changes: readonly Change[];
  /** The two sides are different handsets: identifiers differ by nature. */
  readonly acrossHandsets: boolean;
  readonly visibilityBefore: Visibility | null;
  readonly visibilityAfter: Visibility | null;
  /** What keeps this from being like with like: worded. */
  readonly caveats: readonly string[];
}

const label = z.string().min(1).max(200);

export const comparison = {
  'comparison.labels': query<readonly ComparedLabel[]>()(z.strictObject(inCase)),
  'comparison.compare': query<ComparisonAnswer>()(z.strictObject({ ...inCase, before: label, after: label })),
} as const;
