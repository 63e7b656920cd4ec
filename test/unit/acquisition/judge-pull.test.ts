import { describe, expect, it } from 'vitest';
import { judgePull } from '../../../main/acquisition/judge-pull.ts';
import type { PullEnd } from '../../../main/acquisition/judge-pull.ts';

describe('what came of a pull', () => {
  const cases: readonly [Partial<PullEnd>, string, string | null][] = [
    [{}, 'read', null],
    [{ bytes: 0 }, 'empty', 'nothing-there'],
    [{ limit: 'byte-limit' }, 'interrupted', 'byte-limit'],
    [{ limit: 'total-limit', bytes: 0 }, 'interrupted', 'total-limit'],
    [{ problem: 'TIMEOUT' }, 'timed-out', 'time-limit'],
    [{ problem: 'NOT_FOUND', bytes: 0 }, 'refused', 'no-such-file'],
    [{ problem: 'REFUSED', bytes: 0 }, 'refused', 'REFUSED'],
    [{ problem: 'REMOTE', bytes: 0 }, 'refused', 'REMOTE'],
    [{ problem: 'GONE' }, 'interrupted', 'GONE'],
  ];
  it.each(cases)('%j is %s, for %s', (end, outcome, reason) => {
    expect(judgePull({ problem: null, limit: null, bytes: 5, ...end })).toEqual({ outcome, reason, said: null });
  });

  it('asks what is in a file only of one that came to its end with something in it', () => {
    const fault = { outcome: 'unparsable', reason: 'no-archive', said: null } as const;
    const judged = (end: Partial<PullEnd>) =>
      judgePull({ problem: null, limit: null, bytes: 5, ...end }, () => fault).outcome;
    expect([judged({}), judged({ bytes: 0 }), judged({ problem: 'GONE' }), judged({ limit: 'byte-limit' })]).toEqual([
      'unparsable',
      'empty',
      'interrupted',
      'interrupted',
    ]);
  });
});
