import * as z from 'zod';
import type { Chosen } from './cases.ts';
import {
  command,
  displayId,
  inCase,
  instant,
  longText,
  nothing,
  optionalShortText,
  shortText,
  token,
} from './operation.ts';
import type { Started } from './tasks.ts';

/** What a first look into a text shows that a handset printed elsewhere. */
export interface OutputLook {
  readonly name: string;
  /** Null: a folder, which is packed first. */
  readonly bytes: number | null;
  /** The file's last change. */
  readonly modifiedAt: string;
  /** The command that prints such, by its content or only by the name of the file: a proposal. */
  readonly recognised: { readonly command: string; readonly by: 'content' | 'name' } | null;
}

export interface ChosenOutput extends OutputLook {
  readonly file: string;
}

/** A photo or document before it is taken in. */
export interface ChosenAttachment {
  readonly file: string;
  readonly name: string;
  readonly bytes: number;
}

/** What others collected from a handset, taken in as if it had been acquired here. */
export const outputs = {
  /** Shows the dialog that chooses a file. */
  'outputs.choose': command<Chosen<ChosenOutput>>()(nothing),
  /** Shows the dialog that chooses a folder of androidqf. */
  'outputs.choose-folder': command<Chosen<ChosenOutput>>()(nothing),
  /** `what`: the command whose output the person says it is. */
  'outputs.start': command<Started>()(
    z.strictObject({
      ...inCase,
      file: token,
      handset: displayId,
      label: shortText,
      run: optionalShortText,
      what: shortText,
      takenAt: instant.nullable(),
    }),
  ),
  /** Shows the dialog that chooses photos and documents. */
  'attachments.choose': command<Chosen<readonly ChosenAttachment[]>>()(nothing),
  /** Hashed and copied in; nothing is read from them. */
  'attachments.start': command<Started>()(
    z.strictObject({
      ...inCase,
      files: z.array(token).min(1).max(100),
      handset: displayId,
      label: optionalShortText,
      run: optionalShortText,
      note: longText.nullable(),
    }),
    16_384,
  ),
} as const;
