import * as z from 'zod';
import { command, displayId, inCase, nothing, optionalShortText, query, token } from './operation.ts';
import type { Chosen } from './cases.ts';
import type { Started } from './tasks.ts';

export const captureFormats = ['pcap', 'pcapng', 'gzip', 'zstd', 'key-log', 'unknown'] as const;
export type CaptureFormat = (typeof captureFormats)[number];

/** What a first look into a file shows. */
export interface CaptureLook {
  readonly bytes: number;
  /** By its first bytes; of what is compressed, the compression. */
  readonly format: CaptureFormat;
  /** Time of the first packet, where the first bytes show it. */
  readonly firstPacketAt: string | null;
}

export interface ChosenFile extends CaptureLook {
  readonly file: string;
  readonly name: string;
}

/** A file whose import was cut off: no evidence, and it can be gone on with. */
export interface UnfinishedRow {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  readonly copiedBytes: number;
  readonly label: string;
  readonly handset: string;
  readonly run: string | null;
}

const unfinishedId = z.string().regex(/^IN-[0-9a-f]{24}$/);

export const imports = {
  /** Shows the dialog that chooses capture files. */
  'imports.choose': command<Chosen<readonly ChosenFile[]>>()(nothing),
  /** Hashed and copied in first; key logs among the files open what the captures beside them hold. Without handset and label they are `unassigned`. */
  'imports.start': command<Started>()(
    z.strictObject({
      ...inCase,
      files: z.array(token).min(1).max(200),
      handset: displayId.nullable(),
      label: optionalShortText,
      run: optionalShortText,
      /** The files are one recording: read as one, in the order of their times. */
      asOne: z.boolean(),
    }),
    16_384,
  ),
  /** Imports that were cut off and that nobody goes on with now. */
  'imports.unfinished': query<readonly UnfinishedRow[]>()(z.strictObject(inCase)),
  /** Goes on with one, from the file that it was begun with. */
  'imports.resume': command<Started>()(z.strictObject({ ...inCase, id: unfinishedId })),
  /** Takes one away. */
  'imports.discard': command<null>()(z.strictObject({ ...inCase, id: unfinishedId })),
} as const;
