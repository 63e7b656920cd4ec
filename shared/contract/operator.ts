import * as z from 'zod';
import type { IdentifierKind } from '../model/identifier.ts';
import type { Channel, Representation } from '../model/traffic.ts';
import { inCase, query } from './operation.ts';

export const operatorWhats = [
  'identifier',
  'account',
  'dns-name',
  'host',
  'uri',
  'sni',
  'certificate',
  'fingerprint',
  'software',
  'device-name',
  'hardware-address',
] as const;
export type OperatorWhat = (typeof operatorWhats)[number];

/** Something that anybody on the path could read. */
export interface OperatorRow {
  readonly what: OperatorWhat;
  /** What was read; of an identifier its recipient: the value itself is in the finding. */
  readonly value: string;
  readonly identifier: IdentifierKind | null;
  readonly representation: Representation | null;
  /** `link`: only the network that the handset was in (Wi-Fi, access). `path`: every network up to the recipient. */
  readonly reach: 'link' | 'path';
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** The first conversation that showed it. */
  readonly flow: number;
}

/** Conversations whose content is hidden from the path: that they were, with whom, when and how much is not. */
export interface OperatorHidden {
  readonly recipient: string;
  readonly channel: Channel;
  readonly flows: number;
  readonly bytesToServer: number;
  readonly bytesToClient: number;
}

export interface OperatorView {
  readonly rows: readonly OperatorRow[];
  /** The first 500 by bytes sent. */
  readonly hidden: readonly OperatorHidden[];
  readonly hiddenTotal: { readonly recipients: number; readonly flows: number };
  /** Values beyond the limit, by kind: counted, not listed. */
  readonly left: readonly { readonly what: OperatorWhat; readonly count: number }[];
}

const name = z.string().min(1).max(200).nullable();

export const operator = {
  /** Everything readable by anybody on the path; of a case, a label, a run or one conversation. */
  'operator.view': query<OperatorView>()(
    z.strictObject({ ...inCase, label: name, run: name, flow: z.number().int().min(0).nullable() }),
  ),
} as const;
