import { describe, expect, it } from 'vitest';
import { compilePatterns } from '../../../main/analysis/transforms/compile-patterns.ts';
import { normalFormsOf } from '../../../main/analysis/transforms/normal-forms.ts';
import { replayTransform } from '../../../main/analysis/transforms/replay-transform.ts';
import { feedText } from './feeding.ts';

describe('a telephone number as Android formats it', () => {
  it.each([
    ['+14155238671', '+1 415-523-8671', 'calling-code-separate'],
    ['+14155238671', '+1 (415) 523-8671', 'calling-code-separate'],
    ['+14155238671', '415-523-8671', 'national-grouped'],
    ['+14155238671', '415.523.8671', 'national-grouped'],
    ['+79161834627', '+7 916 183-46-27', 'calling-code-separate'],
    ['+5491158346271', '+54 9 11 5834-6271', 'calling-code-separate'],
  ])('%s: %s', (value, text, form) => {
    const set = compilePatterns([{ id: 'I1', handset: 'H1', kind: 'msisdn', value }]);
    expect(feedText(`{"phone":"${text}"}`, set)).toMatchObject([
      { form, transform: [], from: 10, to: 10 + text.length, name: 'phone', edges: 'clean' },
    ]);
    expect(feedText('{"phone":"1-415-523-8671"}', set).map((hit) => [hit.form, hit.name])).toEqual(
      value === '+14155238671' ? [['national-grouped', 'phone']] : [],
    );
  });
});

describe('a telephone number as people type it, with the trunk prefix of its country', () => {
  it.each([
    ['+442079460958', '+44 (0)20 7946 0958'],
    ['+442079460958', '+44 (0)20-7946-0958'],
    ['+442079460958', '+44(0)20 7946 0958'],
    ['+442079460958', '+44 (0) 20 7946 0958'],
    ['+442079460958', '+44(0)2079460958'],
    ['+442079460958', '(020) 7946 0958'],
    ['+886227123456', '(02)2712-3456'],
    ['+79161834627', '8 916 183-46-27'],
    ['+79161834627', '8 916 1834627'],
    ['+79161834627', '8-916-1834627'],
    ['+79161834627', '8 (916) 183 46 27'],
    ['+79161834627', '8 (916) 1834627'],
    ['+79161834627', '8(916)183-46-27'],
    ['+79161834627', '8(916)1834627'],
    ['+79161834627', '+7(916)183-46-27'],
    ['+79161834627', '+7 (916) 1834627'],
    ['+77011834627', '8 701 183 4627'],
    ['+375291834627', '8 (029) 183-46-27'],
    ['+14155238671', '+1(415)523-8671'],
    ['+14155238671', '(415)523-8671'],
  ])('%s: %s', (value, text) => {
    const set = compilePatterns([{ id: 'I1', handset: 'H1', kind: 'msisdn', value }]);
    const written = [text, encodeURIComponent(text), Buffer.from(text).toString('base64')];
    for (const one of written) expect(feedText(`{"phone":"${one}"}`, set)).toMatchObject([{ from: 10, name: 'phone' }]);
    const [hit] = feedText(`{"phone":"${text}"}`, set);
    expect(hit).toMatchObject({ transform: [], to: 10 + text.length, edges: 'clean' });
    expect(replayTransform('msisdn', value, hit?.form ?? null, [], Buffer.from(text)).compared).toBe('equal');
  });
  it('takes no room from the handset’s own identifiers, however many contacts there are', () => {
    const contacts = Array.from({ length: 450 }, (_, i) => ({
      id: `C${i}`,
      handset: 'H1',
      kind: 'contact-msisdn' as const,
      value: `+7916${String(1_000_000 + i * 7919)}`,
    }));
    const own = { id: 'I1', handset: 'H1', kind: 'imei' as const, value: '490154203237518' };
    const all = compilePatterns([own, ...contacts]);
    expect(all.counts.literalsDropped).toBeGreaterThan(0);
    const ofOwn = all.literals.filter(({ value }) => all.values[value]?.kind === 'imei');
    expect(ofOwn).toHaveLength(compilePatterns([own]).counts.literals);
  });
  it('of contacts is left out before every other writing of theirs', () => {
    const contacts = Array.from({ length: 75 }, (_, i) => ({
      id: `C${i}`,
      handset: 'H1',
      kind: 'contact-msisdn' as const,
      value: `+7916${String(1_000_000 + i * 7919)}`,
    }));
    const customary = (limit?: number): number =>
      compilePatterns(contacts, limit).literals.filter(({ form }) => form !== 'trunk-prefix').length;
    expect(compilePatterns(contacts).counts.literalsDropped).toBeGreaterThan(0);
    expect(customary()).toBe(customary(100_000));
  });
  it('writes no bracket that is not opened', () => {
    const texts = normalFormsOf('msisdn', '+37061234567').flatMap((form) => form.texts);
    expect(texts.filter((text) => (text.match(/\(/g) ?? []).length !== (text.match(/\)/g) ?? []).length)).toEqual([]);
  });
});
