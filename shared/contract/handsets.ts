import * as z from 'zod';
import type { JournalledChange } from '../model/handset-change.ts';
import type { CaseHandset, ConnectedHandset, UsbHandset } from '../model/handset.ts';
import type { Problem } from '../model/problem.ts';
import { adbAddress, command, inCase, nothing, query, serial, shortText, token } from './operation.ts';

/** Somebody else's adb server on this workstation (Android Studio's, a person's own): USB handsets it holds are out of our reach. */
export interface ForeignAdb {
  /** `127.0.0.1:5037`. */
  readonly server: string;
  readonly version: string;
  readonly serials: readonly string[];
}

/** The adb server we use, as far as it answers. */
export interface AdbState {
  readonly ready: boolean;
  readonly version: string | null;
  /** `127.0.0.1:PORT`. */
  readonly server: string | null;
  /** Ours, started by us; or one that already ran on this workstation. */
  readonly ownership: 'ours' | 'found' | null;
  readonly problem: Problem | null;
  /** One that runs beside ours; null: none answers, or it is the one in use. */
  readonly foreign: ForeignAdb | null;
}

export interface LiveHandsets {
  readonly adb: AdbState;
  readonly handsets: readonly ConnectedHandset[];
  /** Phones on the USB bus; null where it cannot be read. */
  readonly usb: readonly UsbHandset[] | null;
}

export const handsets = {
  /** Starts the adb server when there is none. Topic `handsets` says when to ask again. */
  'handsets.live': query<LiveHandsets>()(nothing),
  'handsets.connect': command<LiveHandsets>()(z.strictObject({ address: adbAddress })),
  'handsets.disconnect': command<LiveHandsets>()(z.strictObject({ address: adbAddress })),
  /**
   * Wireless pairing: the address and the six digits that the handset's dialogue shows. It is attached afterwards. A change of
   * the handset that stays: in the custody of `case` before it is made; without a case nothing records it.
   */
  'handsets.pair': command<LiveHandsets>()(
    z.strictObject({ address: adbAddress, code: z.string().regex(/^\d{6}$/), case: token.optional() }),
  ),
  /** From now on through the foreign server, or through ours again. Problem: server-in-use (a task works with handsets). */
  'handsets.use-server': command<LiveHandsets>()(z.strictObject({ use: z.enum(['ours', 'found']) })),
  /** What may still be on a handset of the case and is in no running act's hands; the oldest first. */
  'handsets.outstanding': query<readonly JournalledChange[]>()(z.strictObject(inCase)),
  /** Takes that back, as far as the handsets are there; answers with what is outstanding then. */
  'handsets.undo': command<readonly JournalledChange[]>()(z.strictObject(inCase)),
  'handsets.list': query<readonly CaseHandset[]>()(z.strictObject(inCase)),
  'handsets.add': command<CaseHandset>()(
    z.strictObject({ ...inCase, label: shortText, serial: serial.nullable(), role: z.enum(['exhibit', 'twin']) }),
  ),
} as const;
