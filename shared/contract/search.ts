import * as z from 'zod';
import { command, inCase } from './operation.ts';
import type { Started } from './tasks.ts';

export const search = {
  /** Any text, hex or number through every exhibit, decoded bodies included. Its task's result holds the hits. */
  'search.start': command<Started>()(z.strictObject({ ...inCase, text: z.string().min(1).max(500) })),
} as const;
