import * as z from 'zod';
import type { ClaimVerdict, Complaint, Verdict } from '../model/claim.ts';
import { symptoms } from '../model/claim.ts';
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

/** What a run of the case was taken for when the claims were judged: a reader may disagree. All texts are in words. */
export interface RunAsTaken {
  readonly label: string;
  /** Names the run with its label. */
  readonly run: string;
  /** Old or new build. */
  readonly build: string;
  /** Whether the handset was reset when it was upgraded. */
  readonly reset: string;
  /** Whether somebody had switched the messaging service on. */
  readonly service: string;
  /** What that was taken from. */
  readonly basis: string;
}

export const claims = {
  'claims.list': query<readonly ClaimVerdict[]>()(z.strictObject(inCase)),
  'claims.runs': query<readonly RunAsTaken[]>()(z.strictObject(inCase)),
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
      symptom: z.enum(symptoms).nullable().optional(),
    }),
    16_384,
  ),
} as const;
