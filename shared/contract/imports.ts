import * as z from 'zod';
import { command, displayId, inCase, nothing, optionalShortText, token } from './operation.ts';
import type { Chosen } from './cases.ts';
import type { Started } from './tasks.ts';

export interface ChosenFile {
  readonly file: string;
  readonly name: string;
  readonly bytes: number;
}

export const imports = {
  /** Shows the dialog that chooses capture files. */
  'imports.choose': command<Chosen<readonly ChosenFile[]>>()(nothing),
  /** Hashed and copied in first. Without handset and label they are `unassigned`. */
  'imports.start': command<Started>()(
    z.strictObject({
      ...inCase,
      files: z.array(token).min(1).max(200),
      handset: displayId.nullable(),
      label: optionalShortText,
      run: optionalShortText,
    }),
    16_384,
  ),
} as const;
