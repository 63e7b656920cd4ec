import type { Judgement } from './ports.ts';

/** What came of a pull, as its exhibit keeps it. */
export interface PullEnd {
  /** What the link said, looked into where that tells more (what-happened); null: the file ended. */
  readonly problem: string | null;
  /** Which limit of ours stopped it; null: none. */
  readonly limit: 'byte-limit' | 'total-limit' | null;
  readonly bytes: number;
}

/** A file that came to its end with something in it is `read` unless `whole` says better. */
export function judgePull({ problem, limit, bytes }: PullEnd, whole: () => Judgement | null = () => null): Judgement {
  const said = null;
  if (limit !== null) return { outcome: 'interrupted', reason: limit, said };
  if (problem === 'TIMEOUT') return { outcome: 'timed-out', reason: 'time-limit', said };
  if (problem === 'NOT_FOUND') return { outcome: 'refused', reason: 'no-such-file', said };
  if (problem === 'REFUSED' || problem === 'REMOTE') return { outcome: 'refused', reason: problem, said };
  if (problem !== null) return { outcome: 'interrupted', reason: problem, said };
  if (bytes === 0) return { outcome: 'empty', reason: 'nothing-there', said };
  return whole() ?? { outcome: 'read', reason: null, said };
}
