import * as z from 'zod';
import type { CustodyEntry } from '../model/custody.ts';
import { command, inCase, query } from './operation.ts';
import type { Started } from './tasks.ts';

export interface CustodyPage {
  /** Newest first. */
  readonly entries: readonly CustodyEntry[];
  readonly total: number;
  readonly head: string;
}

const headHash = z
  .string()
  .trim()
  .regex(/^[0-9a-f]{64}$/);

export const custody = {
  'custody.entries': query<CustodyPage>()(
    z.strictObject({
      ...inCase,
      before: z.number().int().min(1).nullable(),
      limit: z.number().int().min(1).max(500),
    }),
  ),
  /** Recomputes everything; with a head from paper, also compares it. */
  'custody.verify': command<Started>()(z.strictObject({ ...inCase, head: headHash.nullable() })),
  /** Rebuilds the index where needed. */
  'analysis.start': command<Started>()(z.strictObject(inCase)),
} as const;
