import type { AdbState } from '../../../shared/contract/handsets.ts';
import type { CaseState } from '../../../shared/contract/cases.ts';
import type { Language } from '../../../shared/contract/operation.ts';
import type { CaptureLook } from '../../../shared/contract/imports.ts';
import type { OutputLook } from '../../../shared/contract/outputs.ts';
import type { HostTask, Started } from '../../../shared/contract/tasks.ts';
import type { Answer, ChannelName, Checked, Topic } from '../../../shared/contract/window.ts';
import type { Result } from '../../../shared/model/problem.ts';

/**
 * The protocol between the shell (Electron's main thread) and the one workflow host (a worker thread).
 * Every message is a plain object that structured clone carries. Paths exist only here, never in the page:
 * `case` tokens of the window's contract are folders here, file tokens are paths.
 */

/** Window channels that reach the host unchanged but for `case` → `directory`. */
export const forwardedChannels = [
  'handsets.live',
  'handsets.connect',
  'handsets.disconnect',
  'handsets.pair',
  'handsets.use-server',
  'handsets.outstanding',
  'handsets.undo',
  'handsets.list',
  'handsets.add',
  'intake.list',
  'intake.record',
  'intake.sign',
  'identifiers.list',
  'identifiers.check',
  'identifiers.add',
  'acquisition.plan',
  'acquisition.resumed',
  'acquisition.start',
  'acquisition.list',
  'acquisition.results',
  'capture.methods',
  'capture.start',
  'capture.stop',
  'imports.unfinished',
  'imports.resume',
  'imports.discard',
  'exhibits.list',
  'exhibits.get',
  'exhibits.attached',
  'exhibits.bytes',
  'records.list',
  'snapshot.places',
  'snapshot.values',
  'snapshot.apps',
  'snapshot.app',
  'events.list',
  'events.add',
  'traffic.flow-rows',
  'traffic.message-rows',
  'traffic.hit-rows',
  'traffic.values',
  'traffic.timeline',
  'traffic.flow',
  'traffic.totals',
  'traffic.visibility',
  'exchange.open',
  'exchange.parts',
  'exchange.bytes',
  'exchange.stop',
  'wireshark.open',
  'operator.view',
  'findings.list',
  'findings.get',
  'findings.path',
  'findings.by-number',
  'findings.decide',
  'findings.recipients',
  'comparison.labels',
  'comparison.compare',
  'claims.list',
  'claims.runs',
  'complaints.list',
  'complaints.add',
  'search.start',
  'custody.entries',
  'custody.verify',
  'analysis.start',
  'tasks.cancel',
] as const satisfies readonly ChannelName[];
export type ForwardedChannel = (typeof forwardedChannels)[number];

type ByDirectory<Value> = Value extends { readonly case: string }
  ? Omit<Value, 'case'> & { readonly directory: string }
  : 'case' extends keyof Value
    ? Omit<Value, 'case'> & { readonly directory?: string }
    : Value;

type ForwardedMethods = {
  readonly [Name in ForwardedChannel]: {
    readonly input: ByDirectory<Checked<Name>>;
    readonly value: Answer<Name>;
  };
};

/** Methods whose window side shows a dialog or keeps a token: the shell calls these. */
interface ShellMethods {
  /** Fails with `case-exists`, `path-unwritable` … */
  readonly 'cases.create': {
    readonly input: {
      readonly directory: string;
      readonly number: string;
      readonly title: string;
      readonly examiner: string;
    };
    readonly value: CaseState;
  };
  /** Opens for writing, or for reading when another process writes; adopts what a crash left. Opening twice is not an error. */
  readonly 'cases.open': { readonly input: { readonly directory: string }; readonly value: CaseState };
  /** Checkpoints and gives the lock back. Fails with `case-locked` while a task of this host runs in it. */
  readonly 'cases.close': { readonly input: { readonly directory: string }; readonly value: null };
  /** Whoever the request names acts from now on, also in what the host does by itself. */
  readonly 'cases.actor': { readonly input: { readonly directory: string }; readonly value: CaseState };
  readonly 'cases.state': { readonly input: { readonly directory: string }; readonly value: CaseState };
  /** `directory` does not exist yet. */
  readonly 'demonstration.start': {
    readonly input: { readonly directory: string; readonly seed: number | null };
    readonly value: Started;
  };
  readonly 'imports.start': {
    readonly input: {
      readonly directory: string;
      readonly paths: readonly string[];
      readonly handset: string | null;
      readonly label: string | null;
      readonly run: string | null;
      readonly asOne: boolean;
    };
    readonly value: Started;
  };
  /** A first look into each file, in their order. Fails with `path-missing`, `path-unreadable` … */
  readonly 'imports.look': {
    readonly input: { readonly paths: readonly string[] };
    readonly value: readonly CaptureLook[];
  };
  /** A first look into what a handset printed elsewhere. Fails with `path-missing`, `empty-file` … */
  readonly 'outputs.look': { readonly input: { readonly path: string }; readonly value: OutputLook };
  /** As `outputs.look`, of a folder. Fails with `path-missing` … */
  readonly 'outputs.look-folder': { readonly input: { readonly path: string }; readonly value: OutputLook };
  readonly 'outputs.start': {
    readonly input: {
      readonly directory: string;
      readonly path: string;
      readonly handset: string;
      readonly label: string;
      readonly run: string | null;
      readonly what: string;
      readonly takenAt: string | null;
    };
    readonly value: Started;
  };
  /** Sizes of photos and documents, in their order. */
  readonly 'attachments.look': {
    readonly input: { readonly paths: readonly string[] };
    readonly value: readonly number[];
  };
  readonly 'attachments.start': {
    readonly input: {
      readonly directory: string;
      readonly paths: readonly string[];
      readonly handset: string;
      readonly label: string | null;
      readonly run: string | null;
      readonly note: string | null;
    };
    readonly value: Started;
  };
  /** PDF: the host asks the shell to print (`print-pdf`). The file is written beside its name and renamed. */
  readonly 'report.start': {
    readonly input: {
      readonly directory: string;
      readonly edition: 'full';
      readonly format: 'html' | 'pdf' | 'json';
      readonly language: Language;
      readonly path: string;
    };
    readonly value: Started;
  };
  readonly 'tasks.list': { readonly input: Record<string, never>; readonly value: readonly HostTask[] };
  /** Opens an in-memory database and tries what the program needs of it. */
  readonly 'host.self-test': {
    readonly input: Record<string, never>;
    readonly value: { readonly sqlite: string; readonly node: string };
  };
  /** The program's version and SHA-256 over its own files, as reports print them. */
  readonly 'host.about': {
    readonly input: Record<string, never>;
    readonly value: { readonly version: string; readonly programHash: string };
  };
  readonly 'host.adb-state': { readonly input: Record<string, never>; readonly value: AdbState };
  /**
   * Ends every task safely (what was stored stays), closes every case, ends adb and simulator children; afterwards the worker may be terminated.
   */
  readonly 'host.stop': { readonly input: Record<string, never>; readonly value: null };
}

export type HostMethods = ForwardedMethods & ShellMethods;
export type HostMethod = keyof HostMethods;
export type HostInput<Name extends HostMethod> = HostMethods[Name]['input'];
export type HostValue<Name extends HostMethod> = HostMethods[Name]['value'];

/** Who asks, and in which language statements, reasons and gaps are to be worded. */
export interface Envelope {
  /** Null: the case's examiner. */
  readonly actor: string | null;
  readonly language: Language;
}

/** Shell → host. */
export type ToHost =
  | (Envelope & { readonly type: 'request'; readonly id: number; readonly method: HostMethod; readonly input: unknown })
  /** Answer to `print-pdf`. */
  | { readonly type: 'printed'; readonly id: number; readonly result: Result<null> };

/** Host → shell. */
export type FromHost =
  | { readonly type: 'reply'; readonly id: number; readonly result: Result<unknown> }
  | { readonly type: 'changed'; readonly topic: Topic; readonly directory: string | null }
  /** Sent when a task begins, moves (at most ten times a second) and ends. */
  | { readonly type: 'task'; readonly task: HostTask }
  /** Asks the shell to print a finished HTML file; its fonts and pictures are `data:` or lie beside it. */
  | { readonly type: 'print-pdf'; readonly id: number; readonly html: string; readonly pdf: string };

/** What the host implements: one function per method. */
export type HostHandlers = {
  readonly [Name in HostMethod]: (
    input: HostInput<Name>,
    envelope: Envelope,
  ) => Promise<Result<HostValue<Name>>> | Result<HostValue<Name>>;
};

/** `workerData` of the host. */
export interface HostStart {
  /** Chosen adb program, or null for the one on the PATH. */
  readonly adbPath: string | null;
  /** Folder of country database, fonts and demonstration (`dist/`, or the packaged resources). */
  readonly resources: string;
  readonly programVersion: string;
}
