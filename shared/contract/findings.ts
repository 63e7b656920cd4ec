import * as z from 'zod';
import type { Exhibit } from '../model/exhibit.ts';
import type { Finding, FindingDraft } from '../model/finding.ts';
import { identifierKinds, type Identifier, type IdentifierKind } from '../model/identifier.ts';
import type { Channel, Flow, InstantOfPacket, Message, Representation } from '../model/traffic.ts';
import { command, inCase, longText, paged, query, type Page } from './operation.ts';
import { channels } from './traffic.ts';

export interface FindingDetail {
  readonly finding: Finding & InstantOfPacket;
  readonly identifier: Identifier | null;
  readonly context: FindingDraft['context'];
  readonly bodyOffset: number | null;
  readonly exhibit: Exhibit | null;
  readonly flow: Flow | null;
  /** The message that holds the bytes. */
  readonly message: Message | null;
  /** Every decision ever made on it, newest first; the first one holds. */
  readonly decisions: readonly NonNullable<Finding['decision']>[];
}

/** One cell row of «identifier × recipient». */
export interface IdentifierRecipient {
  readonly label: string;
  readonly identifierKind: IdentifierKind;
  readonly recipient: string;
  readonly country: string | null;
  readonly channel: Channel | null;
  readonly representation: Representation | null;
  readonly findings: number;
  readonly firstKey: string;
  readonly firstNumber: string;
}

/** The first is what a list begins with. */
export const findingOrders = ['severity', 'time', 'number'] as const;
export type FindingOrder = (typeof findingOrders)[number];

const findingKey = z.string().regex(/^[0-9a-zA-Z_-]{8,128}$/);

export const findings = {
  'findings.list': query<Page<Finding>>()(
    z.strictObject({
      ...inCase,
      ...paged,
      label: z.string().min(1).max(200).nullable(),
      rule: z.string().min(1).max(100).nullable(),
      severity: z.enum(['info', 'low', 'medium', 'high']).nullable(),
      identifierKind: z.enum(identifierKinds).nullable(),
      channel: z.enum(channels).nullable(),
      representation: z.enum(['plain', 'encoded', 'pseudonymised', 'encrypted']).nullable(),
      decision: z.enum(['confirm', 'dismiss', 'open']).nullable(),
      text: z.string().max(500).nullable(),
      order: z.enum(findingOrders),
    }),
  ),
  'findings.get': query<FindingDetail>()(z.strictObject({ ...inCase, key: findingKey })),
  'findings.by-number': query<FindingDetail>()(z.strictObject({ ...inCase, number: z.string().regex(/^F\d{4,12}$/) })),
  /** The examiner's word; the finding itself is never edited. */
  'findings.decide': command<Finding>()(
    z.strictObject({ ...inCase, key: findingKey, verdict: z.enum(['confirm', 'dismiss']), reason: longText }),
  ),
  'findings.recipients': query<readonly IdentifierRecipient[]>()(z.strictObject(inCase)),
} as const;
