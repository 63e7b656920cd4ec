import * as z from 'zod';
import type { CaseHandset, ConnectedHandset } from '../model/handset.ts';
import type { Problem } from '../model/problem.ts';
import { adbAddress, command, inCase, nothing, query, serial, shortText } from './operation.ts';

/** The adb server we use, as far as it answers. */
export interface AdbState {
  readonly ready: boolean;
  readonly version: string | null;
  /** `127.0.0.1:PORT`. */
  readonly server: string | null;
  /** Ours, started by us; or one that already ran on this workstation. */
  readonly ownership: 'ours' | 'found' | null;
  readonly problem: Problem | null;
}

export interface LiveHandsets {
  readonly adb: AdbState;
  readonly handsets: readonly ConnectedHandset[];
}

export const handsets = {
  /** Starts the adb server when there is none. Topic `handsets` says when to ask again. */
  'handsets.live': query<LiveHandsets>()(nothing),
  'handsets.connect': command<LiveHandsets>()(z.strictObject({ address: adbAddress })),
  'handsets.disconnect': command<LiveHandsets>()(z.strictObject({ address: adbAddress })),
  'handsets.list': query<readonly CaseHandset[]>()(z.strictObject(inCase)),
  'handsets.add': command<CaseHandset>()(
    z.strictObject({ ...inCase, label: shortText, serial: serial.nullable(), role: z.enum(['exhibit', 'twin']) }),
  ),
} as const;
