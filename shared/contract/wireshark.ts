import * as z from 'zod';
import { command, inCase } from './operation.ts';

/** What came of «open in Wireshark». */
export interface WiresharkOpened {
  /** False: no Wireshark was found on this workstation; the commands are for where there is one. */
  readonly opened: boolean;
  readonly exhibit: string;
  readonly frame: number | null;
  /** Display filter. */
  readonly filter: string;
  /** To be copied: for a POSIX shell, and for PowerShell. They name the exhibit in the case. */
  readonly commands: { readonly posix: string; readonly powershell: string };
  /** Where the copy lies that was opened. */
  readonly copy: string | null;
  /** Whether custody holds an entry of it; false where the case cannot be written. */
  readonly noted: boolean;
}

const flow = z.number().int().min(0);
const frame = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export const wireshark = {
  /**
   * Opens a copy of the capture at a finding's frames or at a conversation. Main knows file, frame and filter: the page
   * names only what is meant.
   */
  'wireshark.open': command<WiresharkOpened>()(
    z.strictObject({
      ...inCase,
      what: z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('finding'), key: z.string().regex(/^[0-9a-zA-Z_-]{8,128}$/) }),
        z.strictObject({ type: z.literal('flow'), flow, frame: frame.nullable() }),
      ]),
    }),
  ),
} as const;
