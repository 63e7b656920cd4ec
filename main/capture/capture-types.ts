import type { CaptureEnd, CapturePosition } from '../../shared/model/exhibit.ts';
import type { ClockOffset } from '../../shared/model/handset.ts';
import type { HandsetChange } from '../../shared/model/handset-change.ts';
import type { Problem, Result } from '../../shared/model/problem.ts';
import type { TcpdumpTotals } from './tcpdump-words.ts';

/** Where one segment's bytes go, unmodified. Throwing ends the capture (tcpdump is stopped first) and is passed on. */
export interface SegmentSink {
  write(chunk: Buffer): void | Promise<void>;
  /** About every second: what was written so far is to be made durable. Never while a `write` is pending. */
  checkpoint(position: CapturePosition): void | Promise<void>;
}

/** How the caller stores segments: one exhibit each. */
export interface CaptureStore {
  begin(info: {
    readonly segment: number;
    readonly command: string;
    readonly startedAt: string;
  }): SegmentSink | Promise<SegmentSink>;
  /** Called once for every segment that began, with how it ended. */
  end(segment: CaptureSegment): void | Promise<void>;
}

export interface CaptureSegment {
  /** 1-based. */
  readonly segment: number;
  readonly command: string;
  /** tcpdump's process id on the handset, as its shell said it. */
  readonly pid: number | null;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly end: CaptureEnd;
  readonly fault: string | null;
  /** Why the process's stream ended when it was not by its own exit. */
  readonly problem: Problem | null;
  readonly exitCode: number | null;
  readonly bytes: number;
  /** Whole packets that arrived. */
  readonly packets: number;
  /** End of the last whole record. */
  readonly boundaryBytes: number;
  readonly linkType: number | null;
  readonly totals: TcpdumpTotals | null;
  readonly positions: readonly CapturePosition[];
  /** Everything tcpdump (and our `echo PID`) said: an exhibit of its own. */
  readonly standardError: Buffer;
  readonly standardErrorTruncatedAtBytes: number | null;
}

export interface CaptureGap {
  readonly afterSegment: number;
  readonly lostAt: string;
  /** null: the handset did not come back in time. */
  readonly resumedAt: string | null;
  readonly cause: string;
}

/** The positive control: bytes known to us, sent by the handset, that must be found in what was stored. */
export interface CanaryReport {
  readonly when: 'begin' | 'end';
  readonly nonceHex: string;
  readonly sentAt: string;
  readonly command: string | null;
  readonly problem: Problem | null;
  readonly segment: number;
  /** Offset in the segment's file; null: not found within the time. */
  readonly foundAtBytes: number | null;
}

/** Makes the handset send the 16 bytes of `nonce`, or their hexadecimal digits, over a network interface; answers with what was run for it. */
export type CanaryPort = (nonce: Buffer, signal: AbortSignal) => Promise<Result<{ readonly command: string }>>;

/** Told of a change of the handset before it is made (`begun`) and at its end. Throwing keeps it from being made. */
export type RecordChange = (change: HandsetChange) => void;

export type CaptureEvent =
  | { readonly type: 'listening'; readonly at: string; readonly segment: number; readonly pid: number }
  | { readonly type: 'position'; readonly segment: number; readonly position: CapturePosition }
  | { readonly type: 'segment-ended'; readonly at: string; readonly segment: CaptureSegment }
  | { readonly type: 'gap'; readonly at: string; readonly gap: CaptureGap }
  | { readonly type: 'canary'; readonly at: string; readonly canary: CanaryReport }
  | { readonly type: 'clock'; readonly at: string; readonly clock: ClockOffset }
  /** The handset's wall clock moved against its uptime by so much since the last measurement. */
  | { readonly type: 'clock-step'; readonly at: string; readonly stepMs: number };

export interface CaptureRun {
  readonly startedAt: string;
  readonly endedAt: string;
  readonly stoppedBy: 'seconds' | 'signal' | 'max-bytes' | 'handset-lost' | 'process-ended' | 'too-many-segments';
  readonly segments: readonly CaptureSegment[];
  readonly gaps: readonly CaptureGap[];
  readonly clocks: readonly ClockOffset[];
  /** Change of the offset from the first to the last clock measurement, ms; null with fewer than two. */
  readonly driftMs: number | null;
  readonly clockStepsMs: readonly number[];
  readonly canaries: readonly CanaryReport[];
  /** False: a canary was not found, there was a gap, or packets were dropped: the run says nothing about absence. */
  readonly fitForAbsence: boolean;
}
