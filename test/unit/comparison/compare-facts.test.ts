import { describe, expect, it } from 'vitest';
import { compareFacts, factGaps } from '../../../main/comparison/compare-facts.ts';
import type { FactReadings, FactRow } from '../../../main/comparison/compare-facts.ts';
import { meaningOfChange } from '../../../main/comparison/meaning.ts';
import type { Change } from '../../../shared/model/comparison.ts';

const row = (topic: FactRow['topic'], name: string, value: string, owner: string | null = null): FactRow => ({
  source: 'dumpsys user',
  topic,
  package: owner,
  name,
  value,
});

const side = (rows: readonly FactRow[], read: readonly string[] = ['dumpsys user'], whole = read): FactReadings => ({
  rows,
  read: new Set(read),
  whole: new Set(whole),
});

const brief = (changes: readonly Change[]): (string | null)[][] =>
  changes.map(({ change, subject, before, after }) => [change, subject, before, after]);

describe('facts of two sides', () => {
  it('are other, new or gone; of a list each entry by itself', () => {
    const before = side([
      row('policy', 'Device managed', 'false'),
      row('user', '11/Restrictions', 'no_sms'),
      row('user', '11/Restrictions', 'no_outgoing_calls'),
      row('user', 'Max users', '4'),
    ]);
    const after = side([
      row('policy', 'Device managed', 'true'),
      row('user', '11/Restrictions', 'no_sms'),
      row('user', '11/Restrictions', 'no_config_wifi'),
      row('user', '11/Restrictions', 'no_factory_reset'),
      row('user', 'Max users', '4'),
    ]);
    expect(brief(compareFacts(before, after))).toEqual([
      ['changed', 'policy/Device managed', 'false', 'true'],
      ['removed', 'user/11/Restrictions', 'no_outgoing_calls', null],
      ['added', 'user/11/Restrictions', null, 'no_config_wifi'],
      ['added', 'user/11/Restrictions', null, 'no_factory_reset'],
    ]);
    expect(compareFacts(after, before).map(({ change }) => change)).toEqual(['changed', 'removed', 'removed', 'added']);
    expect(compareFacts(before, before)).toEqual([]);
  });

  it('of several apps are paired app by app', () => {
    const candidate = (owner: string, version: string): FactRow => row('webview', 'Valid package', version, owner);
    const before = side([candidate('com.android.webview', '74'), candidate('com.android.chrome', '74')]);
    const after = side([candidate('com.android.webview', '90'), candidate('org.bromite', '88')]);
    expect(brief(compareFacts(before, after))).toEqual([
      ['removed', 'webview/Valid package', 'com.android.chrome 74', null],
      ['changed', 'webview/Valid package', 'com.android.webview 74', 'com.android.webview 90'],
      ['added', 'webview/Valid package', null, 'org.bromite 88'],
    ]);
  });

  it('that were not read on one side are not called new or gone', () => {
    const policy = row('policy', 'Device managed', 'true');
    const [had, refused, none] = [side([policy]), side([], []), side([])];
    expect([compareFacts(had, refused), compareFacts(refused, had)]).toEqual([[], []]);
    expect(factGaps(had, refused)).toEqual([{ kind: 'fact', part: 'dumpsys user', missing: 'after' }]);
    expect(factGaps(refused, had)).toEqual([{ kind: 'fact', part: 'dumpsys user', missing: 'before' }]);
    // A list that was read and held none is another matter.
    expect(compareFacts(had, none).map(({ change }) => change)).toEqual(['removed']);
    expect(factGaps(had, none)).toEqual([]);
  });

  it('of a list that was cut are compared only where both sides have one value', () => {
    const list = (...values: string[]): FactRow[] => values.map((value) => row('user', 'Restrictions', value));
    const before = side([...list('a', 'b'), row('user', 'Max users', '4')]);
    const after = side([...list('a'), row('user', 'Max users', '1')], ['dumpsys user'], []);
    expect(brief(compareFacts(before, after))).toEqual([['changed', 'user/Max users', '4', '1']]);
    expect(factGaps(before, after)).toEqual([{ kind: 'fact', part: 'dumpsys user', missing: 'after', cut: true }]);
  });

  it('that differ between any two readings are marked, what has happened is left out', () => {
    const at = (ago: string, job: string): FactReadings =>
      side([
        row('user', '0/Last logged in', `+${ago} ago`),
        row('power', 'battery/level', ago),
        row('usage', 'ACTIVITY_RESUMED', ago, 'com.example'),
        row('alarm', '*walarm*:x', ago, 'com.example'),
        row(
          'job',
          'com.example/.Sync',
          `#u0a9/${job}; PERIODIC: interval=+1d0h0m0s0ms; Minimum latency: +${ago}`,
          'com.example',
        ),
        row('job', 'com.example/.Once', `Requires: charging=${job === '1' ? 'true' : 'false'}`, 'com.example'),
      ]);
    const changes = compareFacts(at('2m1s', '1'), at('9m4s', '2'));
    expect(changes.map(({ subject, noise, facts }) => [subject, noise, facts?.['noise']])).toEqual([
      ['job/com.example/.Once', true, 'noise.state'],
      ['power/battery/level', true, 'noise.state'],
      ['user/0/Last logged in', true, 'noise.time'],
    ]);
  });

  it('are worded in both languages; a setting that names apps by its own words', () => {
    const listener = row('listener', 'secure/enabled_accessibility_services', 'com.spy/.Ear', 'com.spy');
    const [change] = compareFacts(side([]), side([listener]));
    expect(change?.meaning).toBe('accessibility services in use: new: com.spy/.Ear');
    const [policy] = compareFacts(
      side([row('policy', 'Device managed', 'false')]),
      side([row('policy', 'Device managed', 'true')]),
    );
    if (policy === undefined) throw new Error('no change');
    expect(policy.meaning).toBe('device policy of an organisation: false became true');
    expect(meaningOfChange(policy, 'zh-Hant')).toBe('機構的裝置管理原則：由「false」變為「true」');
  });
});
