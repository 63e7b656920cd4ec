import * as z from 'zod';
import type { Visibility } from '../model/comparison.ts';
import type { Channel, Flow, Message } from '../model/traffic.ts';
import { inCase, paged, query, type Page } from './operation.ts';

export interface FlowRow extends Flow {
  /** How many findings rest on it. */
  readonly findings: number;
}

export interface FlowDetail {
  readonly flow: Flow;
  /** In capture order, the first 2,000. */
  readonly messages: readonly Message[];
  readonly truncated: boolean;
  readonly findings: readonly { readonly key: string; readonly number: string; readonly statement: string }[];
  readonly app: string | null;
}

/** One bar piece of the traffic chart: bytes per recipient, channel and label. */
export interface TrafficTotal {
  readonly label: string;
  /** Server name where one is known, else the address. */
  readonly recipient: string;
  readonly channel: Channel;
  readonly flows: number;
  readonly bytesToServer: number;
  readonly bytesToClient: number;
  readonly findings: number;
}

export const channels = ['cleartext', 'tls', 'dtls', 'quic', 'unknown'] as const satisfies readonly Channel[];

export const traffic = {
  'traffic.flows': query<Page<FlowRow>>()(
    z.strictObject({
      ...inCase,
      ...paged,
      label: z.string().min(1).max(200).nullable(),
      run: z.string().min(1).max(200).nullable(),
      channel: z.enum(channels).nullable(),
      /** Part of an address, name, application or exhibit id. */
      text: z.string().max(500).nullable(),
      withFindings: z.boolean(),
    }),
  ),
  'traffic.flow': query<FlowDetail>()(z.strictObject({ ...inCase, flow: z.number().int().min(0) })),
  /** The biggest 200 recipients; the others summed under recipient `*` per label and channel. */
  'traffic.totals': query<readonly TrafficTotal[]>()(z.strictObject(inCase)),
  'traffic.visibility': query<readonly Visibility[]>()(z.strictObject(inCase)),
} as const;
