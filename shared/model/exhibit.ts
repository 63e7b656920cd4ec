import type { Outcome } from './acquisition.ts';

export const exhibitKinds = ['capture', 'command-output', 'screenshot', 'apk', 'key-log', 'file', 'report'] as const;
export type ExhibitKind = (typeof exhibitKinds)[number];

/** A numbered raw item in custody. Shape of `exhibits --json` (cli.md) plus what the case keeps about its origin. */
export interface Exhibit {
  /** `E001`, `E002` … */
  readonly id: string;
  readonly originalName: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly kind: ExhibitKind;
  readonly label: string;
  readonly handset: string;
  readonly run: string | null;
  readonly outcome: Outcome;
  /** Captures only; null otherwise. */
  readonly packets: number | null;
  /** What is wrong with it (damaged, cut, drops …), worded; null when nothing is. */
  readonly fault: string | null;
  readonly acquisition: string | null;
  readonly collector: string | null;
  readonly addedAt: string;
  /** Origin by kind: a command with its exit status and times, a capture with its end state, an import with its path. */
  readonly origin: ExhibitOrigin;
  /** Set where it is one file of a recording of several, which is read as one. */
  readonly partOf?: ExhibitPart;
}

export interface ExhibitPart {
  /** Id of the joined capture. */
  readonly capture: string;
  /** From 1, in time order. */
  readonly part: number;
  readonly parts: number;
}

/** A statement that exhibits are the files of one recording (a ring buffer, a capture split by size or time). Display id `J1` … */
export interface JoinedCapture {
  readonly id: string;
  /** Exhibit ids in the order in which they are read: by time. */
  readonly exhibits: readonly string[];
  readonly addedAt: string;
}

export type ExhibitOrigin =
  CommandOrigin | CaptureOrigin | ImportOrigin | PullOrigin | { readonly type: 'workstation'; readonly note: string };

/** A file that was pulled from the handset. */
export interface PullOrigin {
  readonly type: 'pull';
  readonly path: string;
  /** Of an app's code: whose it is, by the handset's list. */
  readonly package?: string;
  /** What the handset said of the file before it was pulled. */
  readonly told?: ToldStatus;
  readonly startedAt: string;
  readonly endedAt: string;
}

/** Of a file on the handset, by its own clock. It need not be true. */
export interface ToldStatus {
  readonly sizeBytes: number;
  readonly modifiedSecondsAtHandset: number;
}

export interface ImportOrigin {
  readonly type: 'import';
  readonly fileName: string;
  readonly compression: 'gzip' | 'zstd' | null;
  /** Of a key log: the captures that it was taken in for; empty for those of its handset, label and run. */
  readonly captures?: readonly string[];
  /** Of what others collected from a handset. */
  readonly statement?: ImportStatement;
  /** Of a photo or document that was attached: what the person says it shows. */
  readonly note?: string;
}

/** What was said of a file that others collected, and what it looks like. */
export interface ImportStatement {
  /** The command whose output it is said to be; `dumpsys` alone is the dump of all services. */
  readonly what: string;
  /** The command that prints such by its content (or, failing that, by the name of the file); null: none that is known. */
  readonly recognised: string | null;
  /** When it was collected, as a person stated; null: not known. */
  readonly takenAt: string | null;
  /** The file's last change, by its file system. */
  readonly modifiedAt: string;
  /** Of a bug report: when it says that it was made, by the handset's clock in its zone (no zone is told). */
  readonly atHandset?: string;
  /** What made it, as it says of itself: hostile text. */
  readonly tool?: string;
}

export interface CommandOrigin {
  readonly type: 'command';
  readonly command: string;
  /** stdout and stderr are separate exhibits that name each other through `stream`. */
  readonly stream: 'stdout' | 'stderr' | 'merged';
  /** `imported`: nothing was asked here; what the command printed came in a file, and `imported` says how. */
  readonly protocol: 'shell-v2' | 'shell-v1' | 'sync' | 'service' | 'imported';
  readonly exitStatus: number | null;
  readonly startedAt: string;
  readonly endedAt: string;
  /** Problem code when the command did not come to its own end. */
  readonly problem: string | null;
  /** Set where the output was collected by others and came in a file. */
  readonly imported?: ImportedOutput;
}

/** Where the output of a command comes from that was not asked here. */
export interface ImportedOutput extends ImportStatement {
  /** Exhibit that holds the file it was cut from; null: this exhibit is the file. */
  readonly exhibit: string | null;
  /** First byte in that exhibit. */
  readonly offsetBytes: number;
  readonly fileName: string;
  /** Who says that this is what the command printed: the person who imports, or the file's own headings. */
  readonly saidBy: 'person' | 'file';
  /** Where the file is not UTF-8: a part cut from it has no byte order mark of its own. */
  readonly encoding?: 'utf-16le' | 'utf-16be';
}

export interface CaptureOrigin {
  readonly type: 'capture';
  readonly method: 'tcpdump' | 'gateway' | 'file';
  readonly segment: number;
  readonly end: CaptureEnd;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly packetsCaptured: number | null;
  readonly packetsReceivedByFilter: number | null;
  readonly packetsDroppedByKernel: number | null;
  readonly positions: readonly CapturePosition[];
}

/** Never decided from end-of-file alone (adb.md, Live capture). */
export type CaptureEnd = 'complete' | 'truncated' | 'cut-in-record' | 'process-failed';

export interface CapturePosition {
  readonly offsetBytes: number;
  readonly packets: number;
  readonly monotonicMs: number;
  readonly hostAt: string;
  readonly handsetAt: string | null;
}
