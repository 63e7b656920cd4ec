import * as z from 'zod';
import type { ClaimVerdict, Complaint, Verdict } from '../model/claim.ts';
import { command, displayId, inCase, instant, longText, optionalShortText, query, shortText } from './operation.ts';

/** What the case says about a complaint. */
export interface ComplaintCheck {
  readonly verdict: Verdict;
  readonly why: string;
  /** Worded observations, each with what it rests on: `F0007`, `E012` … */
  readonly observations: readonly { readonly text: string; readonly references: readonly string[] }[];
}

export interface CheckedComplaint {
  readonly complaint: Complaint;
  /** Null until the case was analysed. */
  readonly check: ComplaintCheck | null;
}

export const claims = {
  'claims.list': query<readonly ClaimVerdict[]>()(z.strictObject(inCase)),
  'complaints.list': query<readonly CheckedComplaint[]>()(z.strictObject(inCase)),
  'complaints.add': command<Complaint>()(
    z.strictObject({
      ...inCase,
      text: longText,
      from: shortText,
      receivedAt: instant,
      handset: displayId.nullable(),
      package: optionalShortText,
      labelBefore: optionalShortText,
      labelAfter: optionalShortText,
    }),
    16_384,
  ),
} as const;
