import { setTimeout as sleep } from 'node:timers/promises';
import { nowInstant } from '../handset/instant.ts';
import type { HandsetLink } from '../handset/link.ts';
import { ok } from '../../shared/model/problem.ts';
import type { Problem, Result } from '../../shared/model/problem.ts';
import { sendCanary } from './canary.ts';
import { CaptureClock } from './capture-clock.ts';
import { droppedOf } from './capture-end.ts';
import type {
  CanaryPort,
  CanaryReport,
  CaptureEvent,
  CaptureGap,
  CaptureRun,
  CaptureSegment,
  CaptureStore,
} from './capture-types.ts';
import { planTcpdump } from './tcpdump-plan.ts';
import type { TcpdumpPlan } from './tcpdump-plan.ts';
import { emptySegment, TcpdumpSegment } from './tcpdump-segment.ts';

/** A handset that reboots, or an adb server that is started again on a busy workstation, is back within this. */
const usualReturnMs = 60_000;

export interface TcpdumpCaptureOptions {
  readonly store: CaptureStore;
  /** Ends the capture after so long, counted from «listening». */
  readonly seconds?: number | undefined;
  /** Ends the capture properly: canary, SIGINT, totals. Aborting is not a failure. */
  readonly signal?: AbortSignal | undefined;
  /** Asks for the same end once so many bytes are stored; what comes until tcpdump has ended is kept as well. */
  readonly maxBytes?: number | undefined;
  /** `handsetCanary(link)`, a gateway's, or null for none (the run is then not fit for absence). */
  readonly canary: CanaryPort | null;
  /** How long to wait for a handset that went away. Default 60 s; 0: not at all. */
  readonly reconnectWithinMs?: number;
  readonly onEvent?: (event: CaptureEvent) => void;
  readonly positionEveryMs?: number;
  readonly clockEveryMs?: number;
}

const maxSegments = 100;
const listeningWithinMs = 15_000;
/** tcpdump's read time-out (1 s) with a margin. */
const kernelBlockMs = 1200;

/**
 * Captures all interfaces of a rooted handset with its own tcpdump until `seconds`, the signal or `maxBytes` end it.
 * Every byte goes to the store as it comes; a cable pulled in the middle ends the segment truthfully, and when the handset
 * returns a new one begins, with the gap recorded.
 * Problems (nothing was captured): REFUSED without root or shell v2, NOT_FOUND without tcpdump, and those of the link.
 * Once a segment began, the answer is a `CaptureRun`, however it ended. Throws what the store throws.
 */
export async function captureWithTcpdump(
  link: HandsetLink,
  options: TcpdumpCaptureOptions,
): Promise<Result<CaptureRun>> {
  const plan = await planTcpdump(link, options.signal);
  if (!plan.ok) return plan;
  const capture = new TcpdumpCapture(link, plan.value, options);
  const problem = await capture.run();
  return problem === null ? ok(capture.result()) : { ok: false, problem };
}

class TcpdumpCapture {
  readonly #link: HandsetLink;
  readonly #plan: TcpdumpPlan;
  readonly #options: TcpdumpCaptureOptions;
  readonly #clock: CaptureClock;
  readonly #startedAt = nowInstant();
  readonly #segments: CaptureSegment[] = [];
  readonly #gaps: CaptureGap[] = [];
  readonly #canaries: CanaryReport[] = [];
  readonly #stop = new AbortController();
  #stoppedBy: CaptureRun['stoppedBy'] | null = null;
  #secondsTimer: NodeJS.Timeout | null = null;
  #storedBytes = 0;

  constructor(link: HandsetLink, plan: TcpdumpPlan, options: TcpdumpCaptureOptions) {
    this.#link = link;
    this.#plan = plan;
    this.#options = options;
    this.#clock = new CaptureClock(link, (event) => this.#emit(event));
  }

  /** Null: at least one segment was captured. */
  async run(): Promise<Problem | null> {
    const { signal } = this.#options;
    const onSignal = (): void => this.#ask('signal');
    signal?.addEventListener('abort', onSignal, { once: true });
    if (signal?.aborted === true) this.#ask('signal');
    await this.#clock.measure();
    const clockTimer = setInterval(() => void this.#clock.measure(), this.#options.clockEveryMs ?? 60_000);
    try {
      return await this.#segmentsUntilStopped();
    } finally {
      clearInterval(clockTimer);
      if (this.#secondsTimer !== null) clearTimeout(this.#secondsTimer);
      signal?.removeEventListener('abort', onSignal);
      if (this.#stoppedBy !== 'handset-lost') await this.#clock.measure();
    }
  }

  result(): CaptureRun {
    const found = this.#canaries.filter((canary) => canary.foundAtBytes !== null).map((canary) => canary.when);
    return {
      startedAt: this.#startedAt,
      endedAt: nowInstant(),
      stoppedBy: this.#stoppedBy ?? 'process-ended',
      segments: this.#segments,
      gaps: this.#gaps,
      clocks: this.#clock.measured,
      driftMs: this.#clock.driftMs(),
      clockStepsMs: this.#clock.stepsMs,
      canaries: this.#canaries,
      fitForAbsence:
        found.includes('begin') &&
        found.includes('end') &&
        this.#gaps.length === 0 &&
        this.#segments.every(({ end, totals }) => end === 'complete' && droppedOf(totals) === 0),
    };
  }

  async #segmentsUntilStopped(): Promise<Problem | null> {
    while (this.#segments.length < maxSegments) {
      const began = await this.#oneSegment();
      if (began !== null) return this.#segments.length === 0 ? began : null;
      const last = this.#segments.at(-1);
      if (this.#stop.signal.aborted || last === undefined) return null;
      if (last.problem?.code !== 'TRUNCATED') {
        // tcpdump ended by itself: starting it again and again would hide why.
        this.#stoppedBy = 'process-ended';
        return last.packets === 0 && last.end === 'process-failed' ? last.problem : null;
      }
      if (!(await this.#waitForReturn(last))) return null;
    }
    this.#stoppedBy = 'too-many-segments';
    return null;
  }

  /** Null: a segment ran and ended. */
  async #oneSegment(): Promise<Problem | null> {
    const segment = this.#segments.length + 1;
    const startedAt = nowInstant();
    const sink = await this.#options.store.begin({ segment, command: this.#plan.capture, startedAt });
    const started = await TcpdumpSegment.start(this.#link, {
      segment,
      plan: this.#plan,
      sink: {
        write: (chunk) => this.#counted(chunk, sink.write(chunk)),
        checkpoint: (position) => sink.checkpoint(position),
      },
      startedAt,
      handsetAt: (hostMs) => this.#clock.handsetAt(hostMs),
      positionEveryMs: this.#options.positionEveryMs ?? 1000,
      onPosition: (position) => this.#emit({ type: 'position', segment, position }),
    });
    const ended = started.ok
      ? await this.#drive(started.value)
      : emptySegment(segment, this.#plan, startedAt, started.problem);
    this.#segments.push(ended);
    await this.#options.store.end(ended);
    this.#emit({ type: 'segment-ended', at: nowInstant(), segment: ended });
    return started.ok ? null : started.problem;
  }

  async #drive(running: TcpdumpSegment): Promise<CaptureSegment> {
    try {
      if (await running.listening(listeningWithinMs)) await this.#follow(running);
    } finally {
      // Also when custody could not be written: tcpdump does not stay on the handset.
      await running.stop();
    }
    return await running.done;
  }

  async #follow(running: TcpdumpSegment): Promise<void> {
    this.#startSeconds();
    this.#emit({ type: 'listening', at: nowInstant(), segment: running.segment, pid: running.pid ?? 0 });
    if (running.segment === 1) await this.#canary(running, 'begin');
    const stopAsked = abortOf(this.#stop.signal);
    const byItself = await Promise.race([running.done.then(() => true), stopAsked.then(() => false)]);
    if (!byItself) await this.#flush(running);
  }

  /**
   * The kernel hands packets to tcpdump in blocks, at the latest after a second, and an interrupted tcpdump leaves the last
   * block behind. A canary that was found shows that everything before it has come; without one the second is waited for.
   */
  async #flush(running: TcpdumpSegment): Promise<void> {
    const found = await this.#canary(running, 'end');
    if (!found) await Promise.race([running.done.catch(() => undefined), sleep(kernelBlockMs)]);
  }

  /** True when its bytes are in what was stored. */
  async #canary(running: TcpdumpSegment, when: CanaryReport['when']): Promise<boolean> {
    if (this.#options.canary === null) return false;
    const giveUp = AbortSignal.timeout(10_000);
    const canary = await sendCanary(this.#options.canary, running.watch, {
      when,
      segment: running.segment,
      signal: giveUp,
    });
    this.#canaries.push(canary);
    this.#emit({ type: 'canary', at: nowInstant(), canary });
    return canary.foundAtBytes !== null;
  }

  async #waitForReturn(last: CaptureSegment): Promise<boolean> {
    const deadline = performance.now() + (this.#options.reconnectWithinMs ?? usualReturnMs);
    const base = { afterSegment: last.segment, lostAt: last.endedAt, cause: last.problem?.detail ?? 'unknown' };
    let resumedAt: string | null = null;
    while (resumedAt === null && performance.now() < deadline && !this.#stop.signal.aborted) {
      const seen = await this.#link.look();
      if (seen.ok && seen.value.state === 'device') resumedAt = nowInstant();
      else await sleep(250, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
    if (resumedAt !== null && last.pid !== null) await this.#endLeftBehind(last.pid);
    const gap: CaptureGap = { ...base, resumedAt };
    this.#gaps.push(gap);
    this.#emit({ type: 'gap', at: nowInstant(), gap });
    if (resumedAt === null && !this.#stop.signal.aborted) this.#stoppedBy = 'handset-lost';
    return resumedAt !== null;
  }

  /** A tcpdump that outlived its cable would go on filling a pipe that nobody reads. */
  async #endLeftBehind(pid: number): Promise<void> {
    const seen = await this.#link.run(`cat /proc/${pid}/cmdline`, { timeoutMs: 5000, maxBytes: 65_536 });
    if (!seen.ok || !seen.value.stdout.toString('latin1').startsWith('tcpdump\0')) return;
    await this.#link.run(this.#plan.signal(pid, 'INT'), { timeoutMs: 5000, maxBytes: 65_536 });
  }

  #counted(chunk: Buffer, wait: void | Promise<void>): void | Promise<void> {
    this.#storedBytes += chunk.length;
    if (this.#options.maxBytes !== undefined && this.#storedBytes >= this.#options.maxBytes) this.#ask('max-bytes');
    return wait;
  }

  #startSeconds(): void {
    if (this.#options.seconds === undefined || this.#secondsTimer !== null) return;
    this.#secondsTimer = setTimeout(() => this.#ask('seconds'), this.#options.seconds * 1000);
  }

  #ask(by: CaptureRun['stoppedBy']): void {
    this.#stoppedBy ??= by;
    this.#stop.abort();
  }

  #emit(event: CaptureEvent): void {
    this.#options.onEvent?.(event);
  }
}

function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
