import * as z from 'zod';
import { command, displayId, inCase, optionalShortText, query, serial, shortText } from './operation.ts';
import { taskId, type Started } from './tasks.ts';

export interface CaptureMethod {
  readonly method: 'tcpdump';
  readonly available: boolean;
  /** What it sees, what it changes on the handset, or why it cannot be used here: worded. */
  readonly why: string;
}

export const capture = {
  /** Looks at the handset: can it capture by itself? */
  'capture.methods': query<readonly CaptureMethod[]>()(z.strictObject({ serial })),
  /** Counts of its task: `packets`, `dropped`, `bytes`, `segments`. */
  'capture.start': command<Started>()(
    z.strictObject({
      ...inCase,
      serial,
      handset: displayId,
      label: shortText,
      run: optionalShortText,
      method: z.enum(['tcpdump']),
      seconds: z.number().int().min(1).max(2_592_000).nullable(),
    }),
  ),
  /** Ends it in order: last packets are read, the exhibit is closed. */
  'capture.stop': command<null>()(z.strictObject({ task: taskId })),
} as const;
