import { setTimeout as sleep } from 'node:timers/promises';
import { instantOf, nowInstant } from '../handset/instant.ts';
import type { HandsetLink, SpawnedProcess } from '../handset/link.ts';
import { asError } from '../../shared/model/as-error.ts';
import { fail } from '../../shared/model/problem.ts';
import type { Problem, Result } from '../../shared/model/problem.ts';
import type { CapturePosition } from '../../shared/model/exhibit.ts';
import { judgeEnd } from './capture-end.ts';
import type { CaptureSegment, SegmentSink } from './capture-types.ts';
import { NonceWatch } from './nonce-watch.ts';
import { PcapBoundaries } from './pcap-boundaries.ts';
import type { TcpdumpPlan } from './tcpdump-plan.ts';
import { isListening, readPid, readTotals } from './tcpdump-words.ts';

const maxStandardErrorBytes = 1024 * 1024;
const exitAfterIntMs = 10_000;
const exitAfterTermMs = 5000;

export interface SegmentSetting {
  readonly segment: number;
  readonly plan: TcpdumpPlan;
  readonly sink: SegmentSink;
  readonly startedAt: string;
  /** Handset's clock for an instant of ours (ms since 1970), null while it was never measured. */
  readonly handsetAt: (hostMs: number) => string | null;
  readonly positionEveryMs: number;
  readonly onPosition: (position: CapturePosition) => void;
}

/** One tcpdump on the handset, from its first byte to its last. */
export class TcpdumpSegment {
  readonly boundaries = new PcapBoundaries();
  readonly watch = new NonceWatch();
  readonly segment: number;
  readonly #setting: SegmentSetting;
  readonly #process: SpawnedProcess;
  readonly #link: HandsetLink;
  readonly #positions: CapturePosition[] = [];
  #standardError: Buffer[] = [];
  #standardErrorBytes = 0;
  #words = '';
  #stopping: Promise<void> | null = null;
  #exited = false;
  #queue: Promise<void> = Promise.resolve();
  #sinkError: Error | null = null;
  #wakeListening: (() => void) | null = null;
  readonly done: Promise<CaptureSegment>;

  private constructor(link: HandsetLink, process: SpawnedProcess, setting: SegmentSetting) {
    this.segment = setting.segment;
    this.#link = link;
    this.#process = process;
    this.#setting = setting;
    void process.exit.then(() => (this.#exited = true));
    this.done = this.#follow();
    // The caller awaits `done`; a sink's error must not count as unhandled while it is still busy elsewhere.
    this.done.catch(() => undefined);
  }

  static async start(link: HandsetLink, setting: SegmentSetting): Promise<Result<TcpdumpSegment>> {
    const spawned = await link.spawn(setting.plan.capture);
    if (!spawned.ok) return spawned;
    return { ok: true, value: new TcpdumpSegment(link, spawned.value, setting) };
  }

  get pid(): number | null {
    return readPid(this.#words);
  }

  /** True once tcpdump listens and its file header is here; false when it ended or said nothing in time. */
  async listening(withinMs: number): Promise<boolean> {
    if (this.#isReady()) return true;
    const ready = new Promise<void>((resolve) => (this.#wakeListening = resolve));
    await Promise.race([ready, this.#process.exit, sleep(withinMs, undefined, { ref: false })]);
    return this.#isReady();
  }

  /**
   * Ends tcpdump properly: SIGINT by a second shell, so that it flushes and says its totals; SIGTERM after 10 s;
   * then the stream is closed. `done` tells what became of it.
   */
  async stop(): Promise<void> {
    this.#stopping ??= this.#end();
    await this.#stopping;
  }

  async #end(): Promise<void> {
    const { pid } = this;
    // A process that is gone has no number any more: another may have it.
    if (this.#exited) return;
    if (pid !== null) {
      for (const [name, waitMs] of [
        ['INT', exitAfterIntMs],
        ['TERM', exitAfterTermMs],
      ] as const) {
        await this.#link.run(this.#setting.plan.signal(pid, name), { timeoutMs: 5000, maxBytes: 65_536 });
        const ended = await Promise.race([this.#process.exit.then(() => true), sleep(waitMs, false, { ref: false })]);
        if (ended) return;
      }
    }
    this.#process.kill();
  }

  async #follow(): Promise<CaptureSegment> {
    const standardErrorEnds = this.#readStandardError();
    const timer = setInterval(() => void this.#queued(() => this.#takePosition()), this.#setting.positionEveryMs);
    try {
      for await (const chunk of this.#process.stdout as AsyncIterable<Buffer>) {
        await this.#queued(() => this.#store(chunk));
        if (this.#sinkError !== null) break;
      }
      if (this.#sinkError !== null) await this.stop();
    } finally {
      clearInterval(timer);
    }
    const exit = await this.#process.exit;
    await standardErrorEnds;
    await this.#queued(() => this.#takePosition());
    if (this.#sinkError !== null) throw this.#sinkError;
    return this.#result(exit);
  }

  #queued(act: () => void | Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(async () => {
      if (this.#sinkError !== null) return;
      try {
        await act();
      } catch (error) {
        this.#sinkError = asError(error);
      }
    });
    return this.#queue;
  }

  async #store(chunk: Buffer): Promise<void> {
    const wait = this.#setting.sink.write(chunk);
    if (wait !== undefined) await wait;
    this.boundaries.push(chunk);
    this.watch.push(chunk);
    this.#checkReady();
  }

  async #takePosition(): Promise<void> {
    const hostMs = Date.now();
    const position: CapturePosition = {
      offsetBytes: this.boundaries.boundaryBytes,
      packets: this.boundaries.packets,
      monotonicMs: Math.round(performance.now() * 1000) / 1000,
      hostAt: instantOf(hostMs),
      handsetAt: this.#setting.handsetAt(hostMs),
    };
    this.#positions.push(position);
    const wait = this.#setting.sink.checkpoint(position);
    if (wait !== undefined) await wait;
    this.#setting.onPosition(position);
  }

  async #readStandardError(): Promise<void> {
    for await (const chunk of this.#process.stderr as AsyncIterable<Buffer>) {
      const room = maxStandardErrorBytes - this.#standardErrorBytes;
      if (room > 0) this.#standardError.push(Buffer.from(chunk.subarray(0, room)));
      this.#standardErrorBytes += chunk.length;
      // The beginning holds PID and «listening», the end the totals; 16 KB of each are enough to read them.
      const all = this.#words + chunk.toString('utf8');
      this.#words = all.length > 32_768 ? `${all.slice(0, 16_384)}\n${all.slice(-16_384)}` : all;
      this.#checkReady();
    }
  }

  #isReady(): boolean {
    return this.boundaries.hasFileHeader && isListening(this.#words);
  }

  #checkReady(): void {
    if (this.#isReady()) this.#wakeListening?.();
  }

  #result(exit: Result<{ readonly exitCode: number | null }>): CaptureSegment {
    const { boundaries } = this;
    const totals = readTotals(this.#words);
    const judged = judgeEnd(exit, boundaries, totals);
    const exitCode = exit.ok ? exit.value.exitCode : null;
    return {
      segment: this.segment,
      command: this.#setting.plan.capture,
      pid: this.pid,
      startedAt: this.#setting.startedAt,
      endedAt: nowInstant(),
      ...judged,
      problem: exit.ok ? problemOfExit(exitCode, this.#words) : exit.problem,
      exitCode,
      bytes: boundaries.bytes,
      packets: boundaries.packets,
      boundaryBytes: boundaries.boundaryBytes,
      linkType: boundaries.linkType,
      totals,
      positions: this.#positions,
      standardError: Buffer.concat(this.#standardError),
      standardErrorTruncatedAtBytes: this.#standardErrorBytes > maxStandardErrorBytes ? maxStandardErrorBytes : null,
    };
  }
}

/** 127 and 126 are the shell's: no such program, not allowed. */
function problemOfExit(exitCode: number | null, words: string): Problem | null {
  if (exitCode === 0) return null;
  const said = words.slice(0, 500);
  if (exitCode === 127) return fail('NOT_FOUND', { what: 'tcpdump' }, said).problem;
  if (exitCode === 126 || /permission|not permitted/i.test(said))
    return fail('REFUSED', { what: 'tcpdump' }, said).problem;
  return fail('REMOTE', { exitCode: exitCode ?? -1 }, said).problem;
}

/** A segment whose process could not even be started. */
export function emptySegment(segment: number, plan: TcpdumpPlan, startedAt: string, problem: Problem): CaptureSegment {
  return {
    segment,
    command: plan.capture,
    pid: null,
    startedAt,
    endedAt: nowInstant(),
    end: 'process-failed',
    fault: problem.detail ?? problem.code,
    problem,
    exitCode: null,
    bytes: 0,
    packets: 0,
    boundaryBytes: 0,
    linkType: null,
    totals: null,
    positions: [],
    standardError: Buffer.alloc(0),
    standardErrorTruncatedAtBytes: null,
  };
}
