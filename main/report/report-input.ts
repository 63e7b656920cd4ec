import type { Salt } from '../analysis/search/patterns.ts';
import type { Acquisition } from '../../shared/model/acquisition.ts';
import type { ClaimVerdict, Complaint } from '../../shared/model/claim.ts';
import type { Change, Visibility } from '../../shared/model/comparison.ts';
import type { CaseSummary, CustodyEntry } from '../../shared/model/custody.ts';
import type { CaseEvent } from '../../shared/model/event.ts';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Finding, FindingDraft } from '../../shared/model/finding.ts';
import type { CaseHandset } from '../../shared/model/handset.ts';
import type { Identifier } from '../../shared/model/identifier.ts';
import type { Intake } from '../../shared/model/intake.ts';

export type ReportLang = 'en' | 'zh-Hant';

/** Where a finding from the handset's own records stands: a line of what a command printed. */
export interface RecordPlace {
  readonly exhibit: string;
  readonly command: string | null;
  /** 1-based; null where the text does not stand in the output as it was read (a message in hexadecimal). */
  readonly line: number | null;
}

/** A finding with the bytes around its match. */
export interface ReportFinding {
  readonly finding: Finding;
  readonly context: FindingDraft['context'];
  /** Offset of the match in the decoded body, when it is in one. */
  readonly bodyOffset: number | null;
  /** What was undone to read the body, outermost first: `chunked`, `gzip` … */
  readonly decodings: readonly string[];
  readonly place: RecordPlace | null;
  /** Worded in the report's language. */
  readonly statement: string;
  /** Of what rests on packets: their instant by the workstation. Null: nobody measured the capture's clock beside it. */
  readonly workstation?: { readonly at: string; readonly boundMs: number } | null;
}

/** One comparison of two labels. */
export interface ReportComparison {
  readonly before: string;
  readonly after: string;
  readonly changes: readonly Change[];
  readonly noiseLeftOut: number;
  /** False where nothing was compared, because nobody can say which handsets belong together. */
  readonly compared: boolean;
  /** What could not be compared, or in part only, worded in the report's language. */
  readonly caveats: readonly string[];
}

export interface TrafficShare {
  readonly label: string;
  readonly recipient: string;
  readonly channel: string;
  readonly bytesToServer: number;
}

/** What a run was taken for when claims were judged, worded. */
export interface ReportRun {
  readonly label: string;
  /** The run with its label, as it is shown. */
  readonly run: string;
  readonly build: string;
  readonly reset: string;
  readonly service: string;
  readonly basis: string;
}

/** What a live capture measured of its handset's clock, in the order of measuring. */
export interface CaptureClocks {
  readonly exhibit: string;
  /** The run, or the label of a capture without one. */
  readonly run: string;
  readonly readings: readonly { readonly at: string; readonly offsetMs: number; readonly boundMs: number }[];
}

/** Everything a report says, read from the case: no clock, no file system from here on. */
export interface ReportInput {
  readonly summary: CaseSummary;
  readonly madeAt: string;
  readonly madeBy: string;
  readonly program: { readonly version: string; readonly sha256: string };
  readonly handsets: readonly CaseHandset[];
  /** Every intake in the order of recording; the latest of a handset counts. */
  readonly intakes: readonly Intake[];
  readonly identifiers: readonly Identifier[];
  readonly acquisitions: readonly Acquisition[];
  readonly exhibits: readonly Exhibit[];
  readonly events: readonly CaseEvent[];
  readonly findings: readonly ReportFinding[];
  readonly comparisons: readonly ReportComparison[];
  readonly runs: readonly ReportRun[];
  readonly claims: readonly ClaimVerdict[];
  readonly complaints: readonly { readonly complaint: Complaint; readonly verdict: ClaimVerdict }[];
  readonly visibility: readonly Visibility[];
  readonly captureClocks?: readonly CaptureClocks[];
  readonly traffic: readonly TrafficShare[];
  readonly custody: readonly CustodyEntry[];
  /** How many writings of identifiers were searched for, and how many the limits took; null where the index does not tell. */
  readonly patterns?: {
    readonly values: number;
    readonly literals: number;
    readonly digests: number;
    readonly literalsDropped: number;
    readonly joinedDropped: number;
    readonly dropped: readonly { readonly writing: string; readonly count: number }[];
  } | null;
  /** What handsets have beside identifiers, which software hashes along with them: joined digests are masked with it. Never printed. */
  readonly salts?: readonly Salt[];
  readonly countryData: { readonly name: string; readonly builtAt: string; readonly licence: string } | null;
  readonly networkData?: { readonly name: string; readonly builtAt: string; readonly licence: string } | null;
}
