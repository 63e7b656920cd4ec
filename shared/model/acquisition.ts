import type { TimeLeft } from './time-left.ts';

/** Why there is or is not something: never a blank (handbook: investigation.md, rule 2). */
export const outcomes = ['read', 'empty', 'absent', 'refused', 'timed-out', 'unparsable', 'interrupted'] as const;
export type Outcome = (typeof outcomes)[number];

export type AcquisitionProfile = 'quick' | 'standard' | 'full';
/** `own`: a selection of collectors that somebody made. */
export type ChosenProfile = AcquisitionProfile | 'own';

/** Why an acquisition that was cut off is not gone on with: another build, started anew, another handset, or not known. */
export const differences = ['build', 'boot', 'serial', 'unknown'] as const;
export type Difference = (typeof differences)[number];

/** One act of collecting. Display id `A1`, `A2` … Stored when it begins; its end is a second row. */
export interface Acquisition {
  readonly id: string;
  readonly handset: string;
  readonly label: string;
  readonly run: string | null;
  /** `imported`: collected by others, and taken in from a file; its serial is empty, no handset was connected. */
  readonly profile: ChosenProfile | 'imported';
  /** Ids of the collectors that are asked, in their order; there where they are not those of a named profile. */
  readonly collectors?: readonly string[];
  /** The acquisition that was cut off, and that this one goes on with: what that one has an answer to is not asked again. */
  readonly continues?: string;
  /** The one that was cut off and is not gone on with, since the handset was no longer as it was left. */
  readonly insteadOf?: { readonly id: string; readonly because: readonly Difference[] };
  readonly serial: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly outcome: 'complete' | 'complete-with-gaps' | 'interrupted' | 'running';
  readonly detail: string | null;
}

/** Progress of any long run, sent to the window and to standard error. */
export interface Progress {
  readonly task: string;
  readonly step: string;
  readonly done: number;
  readonly total: number | null;
  readonly unit: 'collectors' | 'bytes' | 'packets' | 'steps';
  readonly note: string | null;
  /** The handset's command that is being waited for, where the run is at one. */
  readonly command?: RunningCommand | null;
  /** What is foreseen of the rest, where the run foresees anything; null: it has ended. */
  readonly left?: TimeLeft | null;
}

/** A command under way: how much it printed, how long it runs, and how long it has printed nothing. */
export interface RunningCommand {
  readonly command: string;
  readonly bytes: number;
  readonly seconds: number;
  readonly silentSeconds: number;
  /** How far it says it is (`120/1000`), where it says so. */
  readonly said?: string;
}
