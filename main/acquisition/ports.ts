import type { Outcome, Progress } from '../../shared/model/acquisition.ts';
import type { ExhibitKind, ExhibitOrigin } from '../../shared/model/exhibit.ts';
import type { HandsetChange } from '../../shared/model/handset-change.ts';
import type { CardCall } from './collector.ts';
import type { HandsetLink } from '../handset/link-types.ts';

/** What the runner needs of a link: the whole of it fits. */
export type AcquisitionLink = Pick<HandsetLink, 'serial' | 'features' | 'run' | 'stat' | 'pull' | 'look'>;

/** What is known of one raw output before anybody judged it. */
export interface OutputMeta {
  readonly collector: string;
  readonly command: string;
  readonly kind: ExhibitKind;
  readonly origin: ExhibitOrigin;
  /** A name for people: `getprop.stdout.txt`. */
  readonly originalName: string;
}

/** Bytes that are safe on disk and not yet an exhibit. */
export interface HeldOutput {
  /** Makes it an exhibit with what was judged of it; returns the exhibit's id. */
  finish(judged: { readonly outcome: Outcome; readonly fault: string | null }): Promise<string>;
}

/** An exhibit that is open: bytes go to it as they come, so that none is held whole. Rejects what a full disk rejects. */
export interface OpenOutput {
  write(bytes: Uint8Array): Promise<void>;
  /** Makes what was written survive a killed process. */
  checkpoint(): Promise<void>;
  /** Ends the exhibit with what was judged of it and its origin, whose end is known now; returns the exhibit's id. */
  finish(judged: {
    readonly outcome: Outcome;
    readonly fault: string | null;
    readonly origin: ExhibitOrigin;
  }): Promise<string>;
}

/** Where raw output goes. `hold` must have the bytes on disk when it resolves: only then is anything judged. */
export interface EvidencePort {
  hold(meta: OutputMeta, bytes: Uint8Array): Promise<HeldOutput>;
  /** For what is too large to be held. */
  open(meta: OutputMeta): Promise<OpenOutput>;
  /** A change of the handset: recorded before it is made (`begun`), told once it is (`made`), recorded when it is undone or could not be. */
  recordChange(change: HandsetChange): Promise<void>;
}

/** Structural twin of main/parsing's judgement: the runner is handed the knowledge, it does not import what lies downstream. */
export interface Judgement {
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly said: string | null;
}

/** An installed app, by the handset's own list. */
export interface ListedPackage {
  readonly name: string;
  readonly path: string;
  /** It lies where only an update of the system writes. */
  readonly withSystem: boolean;
}

export interface AcquisitionKnowledge {
  judge(
    command: string,
    run: {
      readonly stdout: Uint8Array;
      readonly stderr: Uint8Array;
      readonly exitCode: number | null;
      readonly problem: string | null;
    },
  ): Judgement;
  releaseOf(getprop: Uint8Array): { readonly release: string | null; readonly sdk: number | null };
  phoneCallsOf(release: string | null): readonly number[];
  /** Getters of one slot or card on a release. */
  cardCallsOf(release: string | null): readonly CardCall[];
  /** Ids of the cards that `dumpsys isub` says are in a slot; null where it says nothing of cards. */
  subscriptionsOf(dump: Uint8Array): readonly number[] | null;
  /** The apps that `pm list packages -f` lists with a path. */
  packagesOf(list: Uint8Array): readonly ListedPackage[];
  /** The names that any form of `pm list packages` tells. */
  packageNamesOf(list: Uint8Array): readonly string[];
  /** The numbers of the users and profiles that `dumpsys user` or `pm list users` tells; not more than twenty. */
  userIdsOf(list: Uint8Array): readonly number[];
  /** Version codes by package, where the list tells them. */
  versionsOf(list: Uint8Array): ReadonlyMap<string, string>;
  /** The files that `pm path` names. */
  pathsOf(answer: Uint8Array): readonly string[];
}

/** One command that was sent, with what it gave. */
export interface CommandResult {
  readonly command: string;
  readonly outcome: Outcome;
  /** Code, worded under `outcome.<reason>`; null for a plain `read`. */
  readonly reason: string | null;
  /** The handset's own words behind the reason, if any. */
  readonly said: string | null;
  readonly exhibits: readonly string[];
  readonly bytes: number;
  readonly durationMs: number;
  /** True when this one was answered by a fallback, so that its absence is no gap. */
  readonly replaced: boolean;
  /** True of what was asked only to know whom to ask: that it was read says nothing of what its collector asks. */
  readonly isHelp?: boolean;
  /** The acquisition whose exhibit it is: what was whole there was not pulled again. */
  readonly takenOver?: string;
}

export interface CollectorResult {
  readonly collector: string;
  readonly titleKey: string;
  /** `read` when anything was; what is missing beside it is in `commands`. */
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly commands: readonly CommandResult[];
}

export interface ReportProgress {
  (progress: Progress): void;
}
