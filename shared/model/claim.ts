export type Verdict = 'confirmed' | 'refuted' | 'partly' | 'not-testable' | 'not-enough-evidence';

/** One line of `claims --json`. `for`/`against` name findings (F…), records or changes by display id. */
export interface ClaimVerdict {
  readonly claim: string;
  readonly verdict: Verdict;
  readonly why: string;
  readonly for: readonly string[];
  readonly against: readonly string[];
  readonly missing: readonly string[];
  readonly text?: string;
  readonly statedAt?: string | null;
  readonly source?: string | null;
}

/** A user's complaint, to be checked against records and changes. */
export interface Complaint {
  readonly id: string;
  readonly handset: string | null;
  readonly text: string;
  readonly receivedAt: string;
  readonly from: string;
  /** Package the complaint is about, if known. */
  readonly package: string | null;
  readonly labelBefore: string | null;
  readonly labelAfter: string | null;
}
