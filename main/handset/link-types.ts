import type { Readable } from 'node:stream';
import type { ClockOffset, ConnectedHandset } from '../../shared/model/handset.ts';
import type { Problem, Result } from '../../shared/model/problem.ts';
import type { JournalEntry } from './journal.ts';
import type { DirectoryEntry, FileStatus } from './sync-wire.ts';

export interface RunResult {
  readonly stdout: Buffer;
  /** Always empty with shell v1, which merges both into stdout. */
  readonly stderr: Buffer;
  /** null with shell v1 (it has none) and when `truncatedAtBytes` is set. */
  readonly exitCode: number | null;
  readonly durationMs: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly protocol: 'shell-v2' | 'shell-v1';
  /** Bytes kept when the cap bit and the command was ended; null when everything is here. */
  readonly truncatedAtBytes: number | null;
}

/** A failed run never loses the bytes that came: `partial` holds them; null when the command was never started. */
export type RunOutcome =
  | { readonly ok: true; readonly value: RunResult }
  | { readonly ok: false; readonly problem: Problem; readonly partial: RunResult | null };

export interface RunOptions {
  /** From asking to the end of the command. Default 60 s. */
  readonly timeoutMs?: number;
  /** Cap of stdout and stderr together. Default 64 MB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with each piece of stdout as it comes; a promise slows the handset down. Throws what it throws. */
  readonly onStdout?: (chunk: Buffer) => void | Promise<void>;
  /**
   * False: the pieces are handed on only, and `stdout` stays empty: any length in bounded memory. Of stderr 1 MB is kept then; a
   * command that writes more is ended, as by `maxBytes`.
   */
  readonly keepStdout?: boolean;
}

export interface SpawnOptions {
  /** Ends the process after so long. Default: never. */
  readonly timeoutMs?: number;
  readonly openTimeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface SpawnedProcess {
  readonly protocol: 'shell-v2' | 'shell-v1';
  readonly startedAt: string;
  /** Both must be read: an unread one stops the other after 1 MB (that is the backpressure). */
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly stdin: { write(bytes: Uint8Array): Promise<boolean>; end(): Promise<boolean> };
  /** Settles once. TRUNCATED when the stream ended without an exit packet; ABORTED, TIMEOUT when we ended it. Never rejects. */
  readonly exit: Promise<Result<{ readonly exitCode: number | null }>>;
  kill(): void;
}

export interface TransferOptions {
  /** Ends a transfer that stands still for so long. Default 30 s. */
  readonly idleTimeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface PullOptions extends TransferOptions {
  readonly maxBytes?: number;
  readonly onProgress?: (bytes: number) => void;
}

export interface PullResult {
  readonly bytes: number;
  /** Of exactly the bytes handed to `onChunk`. */
  readonly sha256: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly truncatedAtBytes: number | null;
}

export type PullOutcome =
  | { readonly ok: true; readonly value: PullResult }
  | { readonly ok: false; readonly problem: Problem; readonly partial: PullResult | null };

export interface PushOptions extends TransferOptions {
  /** Permission bits; default 0644. */
  readonly mode?: number;
  readonly modifiedSeconds?: number;
}

export interface ListOptions extends TransferOptions {
  /** Takes each entry as it comes, and `entries` stays empty: any folder in bounded memory. A promise slows the handset down. */
  readonly onEntry?: (entry: DirectoryEntry) => void | Promise<void>;
  /** Default 100,000; 10,000,000 with `onEntry`. */
  readonly maxEntries?: number;
}

export interface DirectoryListing {
  readonly entries: readonly DirectoryEntry[];
  /** Names that came, unsafe ones too; without `.` and `..`. */
  readonly count: number;
  /** Names that hold `/` or NUL, are empty or longer than 255 bytes: an attack or a fault, to be reported. At most 1,000 are kept. */
  readonly unsafeNames: readonly Buffer[];
  readonly unsafeCount: number;
  readonly truncatedAtEntries: number | null;
}

export interface ReverseRule {
  readonly remote: string;
  readonly local: string;
}

export interface HandsetReverse {
  /** `remote` on the handset (`tcp:0` lets it choose; the answer names the port), `local` on the workstation. */
  add(remote: string, local: string): Promise<Result<{ readonly remote: string; readonly port: number | null }>>;
  list(): Promise<Result<readonly ReverseRule[]>>;
  /** Removes the rule once `openStreams()` has been 0 for `marginMs` (default 1 s). TIMEOUT: it is still there. */
  removeDrained(
    remote: string,
    options: { readonly openStreams: () => number; readonly marginMs?: number; readonly timeoutMs?: number },
  ): Promise<Result<null>>;
}

export interface Screenshot {
  readonly png: Buffer;
  readonly sha256: string;
  readonly command: string;
  /** The file that was written on the handset and removed again, or null. */
  readonly wroteFile: string | null;
}

/** One handset through one adb server. Survives a restart of the server and a replug: every call opens its own stream. */
export interface HandsetLink {
  readonly serial: string;
  /** As the handset's banner announced them: `shell_v2`, `cmd`, `stat_v2`, `ls_v2` … Empty before Android 7. */
  readonly features: ReadonlySet<string>;
  /** Raw bytes and exit status of one command. Problems: the upper-case codes; TRUNCATED keeps what came in `partial`. */
  run(command: string, options?: RunOptions): Promise<RunOutcome>;
  spawn(command: string, options?: SpawnOptions): Promise<Result<SpawnedProcess>>;
  stat(path: string, options?: TransferOptions): Promise<Result<FileStatus>>;
  readDir(path: string, options?: ListOptions): Promise<Result<DirectoryListing>>;
  /** Hands the file's bytes on as they come; a promise from `onChunk` slows the handset down. Throws what `onChunk` throws. */
  pull(path: string, onChunk: (chunk: Buffer) => void | Promise<void>, options?: PullOptions): Promise<PullOutcome>;
  /** Changes the handset. */
  push(
    path: string,
    source: Uint8Array | AsyncIterable<Uint8Array>,
    options?: PushOptions,
  ): Promise<Result<{ readonly bytes: number }>>;
  readonly reverse: HandsetReverse;
  screenshot(options?: {
    readonly timeoutMs?: number;
    readonly signal?: AbortSignal | undefined;
  }): Promise<Result<Screenshot>>;
  clockOffset(options?: {
    readonly samples?: number;
    readonly signal?: AbortSignal | undefined;
  }): Promise<Result<ClockOffset>>;
  /** The handset as the server lists it now; NOT_FOUND when it is gone. Not a command to the handset. */
  look(signal?: AbortSignal): Promise<Result<ConnectedHandset>>;
  readonly journal: readonly JournalEntry[];
  /** Oldest entries that were let go above 100,000; `LinkOptions.onJournal` saw them all. */
  readonly journalDropped: number;
  /** Ends every stream that is still open. */
  close(): void;
}
