import type { Acquisition } from '../../shared/model/acquisition.ts';
import type { AcquisitionScope } from '../../shared/model/acquisition-note.ts';
import type { Complaint } from '../../shared/model/claim.ts';
import type { CaseEvent } from '../../shared/model/event.ts';
import type { CaseHandset } from '../../shared/model/handset.ts';
import type { Intake } from '../../shared/model/intake.ts';
import type { Identifier } from '../../shared/model/identifier.ts';
import type { Decision, Finding, FindingDraft } from '../../shared/model/finding.ts';

export interface NewCase {
  readonly number: string;
  readonly title: string;
  readonly examiner: string;
  readonly synthetic: boolean;
}

export type NewHandset = Pick<CaseHandset, 'label' | 'serial' | 'role'>;
/** Normalised by analysis/identifiers before it comes here. */
export type NewIdentifier = Pick<Identifier, 'handset' | 'kind' | 'value' | 'original' | 'source' | 'warnings'>;
export type NewEvent = Omit<CaseEvent, 'id'>;
export type NewIntake = Omit<Intake, 'id' | 'recordedBy' | 'recordedAt' | 'signed'>;
export type NewComplaint = Omit<Complaint, 'id'>;
export type NewAcquisition = Pick<Acquisition, 'handset' | 'label' | 'run' | 'profile' | 'serial'> & AcquisitionScope;
export interface AcquisitionEnd {
  readonly outcome: 'complete' | 'complete-with-gaps' | 'interrupted';
  readonly detail: string | null;
}

/** A claim as predicates; `predicates` is whatever comparison understands, kept as JSON. A later row supersedes. */
export interface ClaimRow {
  readonly id: string;
  readonly text: string;
  readonly statedAt: string | null;
  readonly source: string | null;
  readonly predicates: unknown;
  readonly addedAt: string;
}

/** The scripted stimuli of a run; `steps` is kept as JSON. */
export interface ProtocolRow {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly steps: unknown;
  readonly addedAt: string;
}

/** One execution of a protocol; `id` is the name that `--run` uses. */
export interface RunRow {
  readonly id: string;
  readonly protocol: string | null;
  readonly handset: string;
  readonly label: string;
  readonly startedAt: string;
  readonly note: string | null;
}

export interface DecisionRow extends Decision {
  readonly findingKey: string;
}

/** A finding with the number and decision of the case, and what the index keeps for the detail view. */
export type NumberedFinding = Finding & Pick<FindingDraft, 'bodyOffset' | 'context'>;

/** Where things lie while no handset or label is named (cli.md, import). */
export const unassigned = 'unassigned';
