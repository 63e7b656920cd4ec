import { describe, expect, it } from 'vitest';
import { ask } from '../../../main/acquisition/collector.ts';
import type { Collector, HandsetFacts } from '../../../main/acquisition/collector.ts';
import { isFinished, standingGaps } from '../../../main/acquisition/finished.ts';
import type { StoredAnswer } from '../../../main/acquisition/finished.ts';
import type { Outcome } from '../../../shared/model/acquisition.ts';

const facts: HandsetFacts = { release: '14', sdk: 34, features: new Set(['shell_v2']), phoneCalls: [] };
const collector: Collector = {
  id: 'c',
  titleKey: 'collector.packages',
  profiles: ['full'],
  asks: () => [ask('one', { otherwise: [ask('one-old')] }), ask('two')],
};
const answer = (command: string, outcome: Outcome, fault: string | null = null): StoredAnswer => ({
  collector: 'c',
  command,
  outcome,
  fault,
});
const finished = (...stored: StoredAnswer[]): boolean => isFinished(collector, facts, stored);

describe('a collector of an acquisition that was cut off', () => {
  it('is finished when each step has an answer that stands', () => {
    expect(finished(answer('one', 'read'), answer('two', 'empty'))).toBe(true);
    expect(finished(answer('one', 'absent'), answer('one-old', 'refused'), answer('two', 'refused'))).toBe(true);
    expect(finished(answer('one', 'read', 'byte-limit:9'), answer('two', 'unparsable'))).toBe(true);
  });

  it('is not where it was cut between two commands, however well those before were read', () => {
    expect(finished(answer('one', 'read'))).toBe(false);
    expect(finished(answer('one', 'absent'), answer('two', 'read'))).toBe(false);
    expect(finished()).toBe(false);
    expect(isFinished(collector, facts, [{ ...answer('one', 'read'), collector: 'd' }, answer('two', 'read')])).toBe(
      false,
    );
  });

  it.each(['interrupted', 'timed-out'] as const)('is asked again where a command was %s', (outcome) => {
    expect(finished(answer('one', 'read'), answer('two', outcome))).toBe(false);
    expect(finished(answer('one', outcome), answer('two', 'read'))).toBe(false);
  });

  it('is asked again where it pulls the code of apps: what was listed does not say what was pulled', () => {
    const code: Collector = { ...collector, asks: () => [{ type: 'app-code' }] };
    const stored = [answer('pm list packages -f', 'read'), answer('app-paths', 'read')];
    expect(isFinished(code, facts, stored)).toBe(false);
    expect(standingGaps(code, facts, stored)).toEqual([]);
  });

  it.each(['screenshot', 'screen-text'] as const)(
    'of a file of ours is asked again where the file did not come: %s',
    (type) => {
      const through: Collector = { ...collector, asks: () => [{ type }] };
      const path = '/data/local/tmp/handsight-0123456789ab.x';
      const made = answer(`${type === 'screenshot' ? 'screencap -p' : 'uiautomator dump'} ${path}`, 'read');
      const removed = answer(`rm ${path}`, 'empty');
      const isDone = (...stored: StoredAnswer[]): boolean => isFinished(through, facts, stored);
      expect(isDone(made)).toBe(false);
      expect(isDone(made, removed)).toBe(false);
      for (const outcome of ['interrupted', 'timed-out'] as const)
        expect(isDone(made, answer(`pull ${path}`, outcome), removed)).toBe(false);
      for (const outcome of ['read', 'refused', 'empty'] as const)
        expect(isDone(made, answer(`pull ${path}`, outcome), removed)).toBe(true);
      // The file is there: what became of its removal is in the journal of changes, and what it lacks is told.
      const late = [made, answer(`pull ${path}`, 'read'), answer(`rm ${path}`, 'timed-out', 'time-limit')];
      expect(isDone(...late)).toBe(true);
      expect(standingGaps(through, facts, late).map(({ command }) => command)).toEqual([`rm ${path}`]);
    },
  );

  it('of the screen is finished by a picture over standard output, and by a refusal to write the tree', () => {
    const of = (type: 'screenshot' | 'screen-text', ...stored: StoredAnswer[]): boolean =>
      isFinished({ ...collector, asks: () => [{ type }] }, facts, stored);
    expect(of('screenshot', answer('screencap -p', 'read'))).toBe(true);
    expect(of('screenshot', answer('screencap -p', 'interrupted'))).toBe(false);
    expect(of('screen-text', answer('uiautomator dump /data/local/tmp/x.xml', 'refused'))).toBe(true);
    expect(of('screen-text', answer('uiautomator dump /data/local/tmp/x.xml', 'timed-out'))).toBe(false);
  });

  it('keeps its gaps: a refusal and a cut, not what another way answered and not what the release has not', () => {
    const gapsOf = (...stored: StoredAnswer[]): readonly string[] =>
      standingGaps(collector, facts, stored).map(({ command, reason }) => `${command} ${reason}`);
    expect(
      gapsOf(answer('one', 'refused', 'permission-denied'), answer('one-old', 'read'), answer('two', 'absent')),
    ).toEqual([]);
    expect(
      gapsOf(
        answer('one', 'refused', 'permission-denied'),
        answer('one-old', 'absent'),
        answer('two', 'read', 'byte-limit:9'),
      ),
    ).toEqual(['one permission-denied', 'two byte-limit']);
  });
});
