import { describe, expect, it } from 'vitest';
import { collectors } from '../../../main/acquisition/plan.ts';
import { Foresight, estimateLeft, paceOf } from '../../../main/acquisition/time-left.ts';
import type { Course } from '../../../main/acquisition/time-left.ts';
import { typicalMs } from '../../../main/acquisition/typical-times.ts';
import { wordsFor } from '../../../main/workflow/words.ts';
import { roundTime, sayTimeLeft } from '../../../shared/model/time-left.ts';

const typical = { a: 10_000, b: 20_000, c: 30_000, code: null };
const course = (given: Partial<Course>): Course => ({ ended: [], running: null, waiting: [], ...given });
const running = (id: string, forMs: number): Course['running'] => ({ id, forMs, pull: null });

it('states a time for every collector, or that none can be stated', () => {
  expect(Object.keys(typicalMs).toSorted()).toEqual(collectors.map(({ id }) => id).toSorted());
});

describe('what remains', () => {
  it('is the stated times before anything ended', () => {
    expect(estimateLeft(course({ running: running('a', 4000), waiting: ['b', 'c'] }), typical)).toEqual({
      ms: 56_000,
      without: [],
      overdue: null,
    });
  });

  it('goes at the pace of this handset: twice as slow so far, nearly twice as long for the rest', () => {
    const ended = [{ id: 'a', tookMs: 20_000 }];
    expect(paceOf(ended, typical)).toBeCloseTo(23 / 13);
    const { ms } = estimateLeft(course({ ended, running: running('b', 0), waiting: ['c'] }), typical);
    expect(ms).toBeCloseTo((50_000 * 23) / 13);
  });

  it('names what is not known instead of guessing it', () => {
    expect(estimateLeft(course({ running: running('a', 0), waiting: ['code', 'new'] }), typical)).toEqual({
      ms: 10_000,
      without: ['code', 'new'],
      overdue: null,
    });
    expect(estimateLeft(course({ running: running('code', 5000) }), typical).ms).toBeNull();
  });

  it('of a pull goes by its bytes, once some came', () => {
    const pull = (doneBytes: number, forMs: number): Course =>
      course({ running: { id: 'code', forMs: 60_000, pull: { doneBytes, totalBytes: 1000, forMs } }, waiting: ['a'] });
    expect(estimateLeft(pull(0, 5000), typical).without).toEqual(['code']);
    expect(estimateLeft(pull(250, 5000), typical)).toMatchObject({ ms: 25_000, without: [] });
    expect(estimateLeft(pull(2000, 5000), typical).ms).toBe(10_000);
  });
});

describe('what is told', () => {
  it('says «longer» where the end moved back, and names the one that should have ended', () => {
    const foresight = new Foresight(typical);
    const at = (ms: number): ReturnType<Foresight['tell']> =>
      foresight.tell(course({ running: running('a', ms), waiting: ['b'] }), 1_000_000 + ms);
    expect(at(0)).toEqual({ seconds: 30, longer: false, without: [] });
    expect(at(9000)).toEqual({ seconds: 21, longer: false, without: [] });
    // Within the slack the end that was told stands.
    expect(at(14_000)).toEqual({ seconds: 16, longer: false, without: [] });
    expect(at(16_000)).toEqual({ seconds: 20, longer: true, without: ['a'] });
    expect(at(60_000)).toEqual({ seconds: 20, longer: true, without: ['a'] });
    const ended = [{ id: 'a', tookMs: 60_000 }];
    // The next goes at the pace that was seen, and the end is still later than it was told.
    const next = foresight.tell(course({ ended, running: running('b', 0) }), 1_060_000);
    expect(next).toEqual({ seconds: Math.ceil((20 * 63) / 13), longer: true, without: [] });
  });

  it('knows nothing of the last one that should have ended', () => {
    const foresight = new Foresight(typical);
    foresight.tell(course({ running: running('a', 0) }), 0);
    const late = foresight.tell(course({ running: running('a', 90_000) }), 90_000);
    expect(late).toEqual({ seconds: null, longer: true, without: ['a'] });
  });

  it('is a new sum once the size of a pull is known', () => {
    const foresight = new Foresight(typical);
    expect(foresight.tell(course({ running: running('code', 0), waiting: ['a'] }), 0).seconds).toBe(10);
    const pull = { doneBytes: 1, totalBytes: 61, forMs: 1000 };
    const known = foresight.tell(course({ running: { id: 'code', forMs: 1000, pull }, waiting: ['a'] }), 1000);
    expect(known).toEqual({ seconds: 70, longer: false, without: [] });
  });
});

describe('in words', () => {
  it.each([
    [0, 'moment', 0],
    [5, 'moment', 0],
    [6, 'seconds', 10],
    [50, 'seconds', 50],
    [51, 'minutes', 1],
    [61, 'minutes', 2],
    [5940, 'minutes', 99],
    [5941, 'hours', 2],
  ])('%i s are told as %s %i', (seconds, unit, count) => {
    expect(roundTime(seconds)).toEqual({ unit, count });
  });

  it('is said in both languages', () => {
    const say = (lang: 'en' | 'zh-Hant', seconds: number | null, longer: boolean, without: string[]): string => {
      const words = wordsFor(lang);
      return sayTimeLeft({ seconds, longer, without }, words, (id) => words(`collector.${id}`));
    };
    expect(say('en', 110, false, [])).toBe('about 2 minutes left');
    expect(say('en', 20, true, ['logcat'])).toBe(
      `longer than expected: about 20 seconds left; not counted, since it is not known how long it takes: ${wordsFor('en')('collector.logcat')}`,
    );
    expect(say('en', null, false, [])).toBe('time left not known');
    expect(say('zh-Hant', 110, false, [])).toBe('約剩 2 分鐘');
    expect(say('zh-Hant', 20, true, [])).toBe('比預期久：約剩 20 秒');
  });
});
