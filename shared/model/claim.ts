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

/**
 * What can be said to go wrong with an app so that a record can show it: it closes or does not open; it is gone or switched off; it may
 * no longer reach something; it does nothing until it is opened.
 */
export const symptoms = ['closes', 'gone', 'denied', 'silent'] as const;
export type Symptom = (typeof symptoms)[number];

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
  /** What goes wrong, as chosen from the list; absent or null where nothing was chosen: the text speaks. */
  readonly symptom?: Symptom | null | undefined;
}
