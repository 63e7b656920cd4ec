import type { IdentifierKind } from './identifier.ts';
import type { Channel, ContentKnownBy, Direction, Representation } from './traffic.ts';

export type Confidence = 'certain' | 'probable' | 'possible';
/**
 * Why a number is less than certain where the name of its field alone would make it so, and that name holds other things too: its digits
 * are a Unix time within a day, or within five years, of the packet; or they stand behind a decimal point.
 */
export const confidenceReasons = ['time-of-packet', 'time-of-years', 'fraction'] as const;
export type ConfidenceReason = (typeof confidenceReasons)[number];
export type Severity = 'info' | 'low' | 'medium' | 'high';
export type Consent = 'before-any-act' | 'after-act' | 'unknown';

/**
 * Why it is not known how something stands to the consent acts: nothing was attested for its run; it has no instant on the
 * captures' clock; an act's clock could not be tied to theirs; an act lies so near that the bound of the clocks covers both orders;
 * the capture's own clock stepped back by more than lies between the two.
 */
export const consentReasons = [
  'nothing-attested',
  'no-instant',
  'clock-not-tied',
  'within-clock-bound',
  'clock-steps-back',
] as const;
export type ConsentReason = (typeof consentReasons)[number];

/** Data that are no identifier and say something about a person or handset all the same (handbook: investigation.md). */
export const dataCategories = [
  'installed-apps',
  'carrier',
  'model-and-build',
  'network',
  'cell',
  'coordinates',
  'contacts',
  'sms-text',
  'usage-times',
] as const;
export type DataCategory = (typeof dataCategories)[number];

/** What a finding of a data category counts. */
export interface CategoryCount {
  readonly name: DataCategory;
  /** Different values in the message that the finding names. */
  readonly values: number;
  /** Conversations that hold the category, and how many recipients they have: one, where each recipient has a finding of its own. */
  readonly conversations: number;
  readonly recipients: number;
}

export interface Destination {
  readonly address: string | null;
  readonly names: readonly string[];
  readonly country: string | null;
  readonly asn: number | null;
  readonly holder: string | null;
  readonly sources: readonly DestinationSource[];
}

export interface DestinationSource {
  /** `dns`, `sni`, `http-host`, `country-database`, `maker-table` … */
  readonly what: string;
  readonly value: string;
  /** Date of the data (database build date, or the instant of the packet). */
  readonly dataAt: string | null;
  readonly note: string | null;
}

export interface Decision {
  readonly verdict: 'confirm' | 'dismiss';
  readonly reason: string;
  readonly by: string;
  readonly at: string;
}

/** What a rule states (cli.md, findings). */
export interface Finding {
  readonly key: string;
  /** Shown to people, allotted once in case.sqlite in key order. */
  readonly number: string;
  readonly rule: string;
  readonly ruleVersion: number;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** Set where it lowered the confidence. */
  readonly confidenceReason?: ConfidenceReason;
  readonly statement: string;
  readonly label: string;
  readonly handset: string;
  readonly run: string | null;
  readonly identifier: { readonly id: string; readonly kind: IdentifierKind } | null;
  /** Which customary writing of the identifier was found: null for the canonical one, else `national`, `imei-14`, `mac-plain` … */
  readonly form?: string | null;
  /** Steps from the identifier outwards; empty for the plain value. */
  readonly transform: readonly string[];
  /** What was undone to read the body that holds the match, outermost first (`chunked`, `gzip`): no transform of the identifier. */
  readonly decodings?: readonly string[];
  readonly representation: Representation | null;
  readonly channel: Channel | null;
  readonly contentKnownBy: ContentKnownBy;
  readonly direction: Direction | null;
  readonly flow: number | null;
  readonly frames: readonly { readonly exhibit: string; readonly frame: number }[];
  readonly exhibitSha256: string;
  readonly streamOffset: number | null;
  /** Wireshark display filter that yields exactly `frames`. */
  readonly filter: string | null;
  readonly field: string | null;
  readonly at: string | null;
  readonly destination: Destination | null;
  readonly consent: Consent;
  /** Set where `consent` is `unknown`. */
  readonly consentReason?: ConsentReason;
  /** Offset of the match in the decoded body, when the match is in one; null or absent: it is not. */
  readonly bodyOffset?: number | null;
  /** Set where the finding is of data beside identifiers. */
  readonly category?: CategoryCount;
  readonly decision: Decision | null;
}

/** A finding as analysis returns it: before the case allots numbers and joins decisions. */
export type FindingDraft = Omit<Finding, 'number' | 'decision'> & {
  /** Offset of the match in the decoded body, when the match is in one. */
  readonly bodyOffset: number | null;
  /** Bytes around the match, base64, with the match at `matchStart`..`matchEnd`: bounded to 512 bytes. */
  readonly context: { readonly base64: string; readonly matchStart: number; readonly matchEnd: number } | null;
};
