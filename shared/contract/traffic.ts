import * as z from 'zod';
import type { Visibility } from '../model/comparison.ts';
import type { Channel, Flow, InstantsOfFlow, Message } from '../model/traffic.ts';
import { rowOrders } from '../filter/row-shapes.ts';
import type { Facet, TimeSummary } from '../filter/row-shapes.ts';
import { longestFilter } from '../filter/parse-filter.ts';
import type { CaseEvent } from '../model/event.ts';
import type { Destination, Finding } from '../model/finding.ts';
import { inCase, pageLimit, query } from './operation.ts';

export interface FlowRow extends Flow {
  /** How many findings rest on it. */
  readonly findings: number;
  /** Of its server's address, by the offline database; null where it knows none. */
  readonly country: string | null;
}

export type MessageRow = Message & { readonly id: number };

/** A piece of a list that may have millions of rows: the rows from place `from` on, and how many there are. */
export interface RowPage<Row> {
  readonly from: number;
  readonly rows: readonly Row[];
  readonly total: number;
}

/** Null where nothing passes the filter. */
export interface Timeline {
  readonly traffic: TimeSummary | null;
  /** Consent acts and stimuli, and what the handset recorded of its use while there was traffic; by time, at most 200 of either. */
  readonly events: readonly Pick<CaseEvent, 'id' | 'kind' | 'at' | 'atHandset' | 'text' | 'label' | 'run'>[];
  /** How many more there are. */
  readonly eventsLeftOut: number;
}

export interface FlowDetail {
  readonly flow: Flow & InstantsOfFlow;
  /** In capture order, the first 2,000. */
  readonly messages: readonly Message[];
  readonly truncated: boolean;
  readonly findings: readonly { readonly key: string; readonly number: string; readonly statement: string }[];
  readonly app: string | null;
  /** Who is at the other end, source by source, with what contradicts. */
  readonly destination: Destination;
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

/** A line of the filter language (`shared/filter`). */
const filtered = { ...inCase, filter: z.string().max(longestFilter) };
const placed = {
  descending: z.boolean(),
  from: z
    .number()
    .int()
    .min(0)
    .max(2 ** 32),
  limit: pageLimit,
};

export const traffic = {
  'traffic.flow-rows': query<RowPage<FlowRow>>()(
    z.strictObject({ ...filtered, ...placed, order: z.enum(rowOrders.flow) }),
  ),
  'traffic.message-rows': query<RowPage<MessageRow>>()(
    z.strictObject({ ...filtered, ...placed, order: z.enum(rowOrders.message) }),
  ),
  /** Findings that rest on bytes of the captures. */
  'traffic.hit-rows': query<RowPage<Finding>>()(
    z.strictObject({ ...filtered, ...placed, order: z.enum(rowOrders.finding) }),
  ),
  /** What can be clicked in place of being typed, among what passes. */
  'traffic.values': query<readonly Facet[]>()(z.strictObject(filtered)),
  'traffic.timeline': query<Timeline>()(z.strictObject({ ...filtered, buckets: z.number().int().min(10).max(1000) })),
  'traffic.flow': query<FlowDetail>()(z.strictObject({ ...inCase, flow: z.number().int().min(0) })),
  /** The biggest 200 recipients; the others summed under recipient `*` per label and channel. */
  'traffic.totals': query<readonly TrafficTotal[]>()(z.strictObject(inCase)),
  'traffic.visibility': query<readonly Visibility[]>()(z.strictObject(inCase)),
} as const;
