import type { TimeLeft } from '../../shared/model/time-left.ts';

/** A pull of files whose sizes are known. */
export interface PullCourse {
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Since the first of these files was asked for. */
  readonly forMs: number;
}

/** Where an acquisition is. */
export interface Course {
  readonly ended: readonly { readonly id: string; readonly tookMs: number }[];
  readonly running: { readonly id: string; readonly forMs: number; readonly pull: PullCourse | null } | null;
  /** Ids of what has not begun; one that is asked twice stands twice. */
  readonly waiting: readonly string[];
}

export type TypicalTimes = Readonly<Record<string, number | null>>;

interface Estimate {
  /** Null: of nothing that remains the time is known. */
  readonly ms: number | null;
  readonly without: readonly string[];
  /** The running one, where it takes longer than it was to take: nothing is counted for it. */
  readonly overdue: string | null;
}

/** So much typical time counts as taken as stated: the first short collectors do not decide for the rest. */
const priorMs = 3000;
/** A rate that was seen for so long, or nothing. */
const shortestPullMs = 1000;
/** An end that moves back by less is no news. */
const slackMs = 5000;

/** How much slower (above 1) or faster this handset answers than stated, by what ended. */
export function paceOf(ended: Course['ended'], typical: TypicalTimes): number {
  let [took, stated] = [priorMs, priorMs];
  for (const { id, tookMs } of ended) {
    const expected = typical[id] ?? null;
    if (expected === null) continue;
    took += tookMs;
    stated += expected;
  }
  return took / stated;
}

/** What remains: stated times at this handset's pace, bytes at the rate of the pull; what neither tells is named, not guessed. */
export function estimateLeft({ ended, running, waiting }: Course, typical: TypicalTimes): Estimate {
  const pace = paceOf(ended, typical);
  const without = new Set<string>();
  let ms: number | null = null;
  const add = (id: string, part: number | null): void => {
    if (part === null) without.add(id);
    else ms = (ms ?? 0) + part;
  };
  const own = running === null ? null : leftOfRunning(running, pace, typical);
  if (running !== null) add(running.id, own);
  for (const id of waiting) {
    const expected = typical[id] ?? null;
    add(id, expected === null ? null : expected * pace);
  }
  if (running === null && waiting.length === 0) ms = 0;
  const overdue = running !== null && running.pull === null && own === 0 ? running.id : null;
  return { ms, without: [...without], overdue };
}

function leftOfRunning(running: NonNullable<Course['running']>, pace: number, typical: TypicalTimes): number | null {
  const { id, forMs, pull } = running;
  if (pull !== null) {
    if (pull.doneBytes >= pull.totalBytes) return 0;
    if (pull.doneBytes === 0 || pull.forMs < shortestPullMs) return null;
    return ((pull.totalBytes - pull.doneBytes) / pull.doneBytes) * pull.forMs;
  }
  const expected = typical[id] ?? null;
  return expected === null ? null : Math.max(0, expected * pace - forMs);
}

/** Tells what remains, again and again: as long as nothing is said of «longer», the end that was told does not move back. */
export class Foresight {
  readonly #typical: TypicalTimes;
  #endAtMs: number | null = null;
  #without = '';

  constructor(typical: TypicalTimes) {
    this.#typical = typical;
  }

  /** `nowMs` of a clock that is not set: monotonic. */
  tell(course: Course, nowMs: number): TimeLeft {
    const { ms, without, overdue } = estimateLeft(course, this.#typical);
    const of = without.join();
    // What became known, or unknown, is another sum than the one that was told.
    if (ms === null || of !== this.#without) this.#endAtMs = null;
    this.#without = of;
    if (ms === null) return { seconds: null, longer: false, without };
    const endAtMs = nowMs + ms;
    const told = this.#endAtMs ?? endAtMs;
    const longer = endAtMs > told + slackMs;
    if (!longer) this.#endAtMs = Math.min(told, endAtMs);
    if (!longer) return { seconds: Math.ceil(Math.max(0, (this.#endAtMs ?? endAtMs) - nowMs) / 1000), longer, without };
    // Nothing is known of one that should have ended: it is named, and the rest is what is told.
    const named = overdue === null || without.includes(overdue) ? without : [overdue, ...without];
    const isAlone = named.length > without.length && course.waiting.length === 0;
    return { seconds: isAlone ? null : Math.ceil(ms / 1000), longer, without: named };
  }
}
