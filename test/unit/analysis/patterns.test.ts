import { describe, expect, it } from 'vitest';
import { compilePatterns, maxLiterals } from '../../../main/analysis/transforms/compile-patterns.ts';
import { founderHash } from '../../../main/analysis/transforms/digests.ts';
import { describeNormalForms } from '../../../main/analysis/transforms/normal-forms.ts';
import { identifierKinds } from '../../../shared/model/identifier.ts';
import { listOf } from './digest-lists.ts';
import { feedText, patternsOf, samples } from './feeding.ts';

// The table of the founding case (handbook: case-2014.md), synthetic identifiers.
const vectors: [string, string, string, string, string, string][] = [
  [
    '490154203237518',
    '97a2105232ecc8756f03a029a839b97ded59207d',
    'l6IQUjLsyHVvA6Ap',
    'l6IQUjLsyHVvA6ApqDm5fe1ZIH0',
    'NDkwMTU0MjAzMjM3NTE4',
    '0eaed834a1e6f4b2bf0c024e0013dea1',
  ],
  [
    '466920123456789',
    '3a3515cdce80476b912a23f6da73d3596392dbde',
    'OjUVzc6AR2uRKiP2',
    'OjUVzc6AR2uRKiP22nPTWWOS294',
    'NDY2OTIwMTIzNDU2Nzg5',
    '91e9771566f0399f1f97273255ffd553',
  ],
  [
    '+886912345678',
    '633369a24ed47607db304c54a6b35ef7fa05bbe5',
    'YzNpok7UdgfbMExU',
    'YzNpok7UdgfbMExUprNe9_oFu-U',
    'Kzg4NjkxMjM0NTY3OA==',
    '6eb7c3db1a9de20abb706c06f96a6c42',
  ],
  [
    '0912345678',
    '66f5fc89b6242c4b065ca27aef54104333af2b03',
    'ZvX8ibYkLEsGXKJ6',
    'ZvX8ibYkLEsGXKJ671QQQzOvKwM',
    'MDkxMjM0NTY3OA==',
    '0c936e852d6d430e610963fda7bc1b1e',
  ],
];

it('every kind has a canonical form, and every form its source', () => {
  const forms = describeNormalForms();
  for (const kind of identifierKinds) expect(forms.filter((f) => f.kind === kind && f.form === null)).toHaveLength(1);
  expect(forms.every((f) => f.source.length > 5)).toBe(true);
});

describe('the lattice', () => {
  const set = patternsOf();
  it.each(vectors)('vector of %s', (value, sha1, h16, h27, base64, md5) => {
    expect(founderHash(value)).toBe(h16);
    expect(founderHash(value, 27)).toBe(h27);
    const digests = listOf(set.digests).map((d) => `${d.algorithm} ${Buffer.from(d.digest).toString('hex')}`);
    expect(digests).toContain(`sha1 ${sha1}`);
    expect(digests).toContain(`md5 ${md5}`);
    expect(Buffer.from(value).toString('base64')).toBe(base64);
  });
  it('survives structured clone and does not depend on the order of identifiers', () => {
    expect(structuredClone(set)).toEqual(set);
    const shuffled = compilePatterns([...samples].reverse().map((s) => ({ ...s, handset: 'H1' })));
    expect(shuffled).toEqual(set);
  });
  it('leaves out placeholders and short values, and says so', () => {
    const { skipped, literals } = compilePatterns([
      { id: 'I1', handset: 'H1', kind: 'wifi-mac', value: '02:00:00:00:00:00' },
      { id: 'I2', handset: 'H1', kind: 'ssid', value: 'home' },
      { id: 'I3', handset: 'H1', kind: 'imei', value: 'not one' },
      { id: 'I4', handset: 'H1', kind: 'custom', value: 'abc' },
    ]);
    expect(skipped).toEqual([
      { id: 'I1', kind: 'wifi-mac', reason: 'placeholder' },
      { id: 'I3', kind: 'imei', reason: 'not-canonical' },
      { id: 'I4', kind: 'custom', reason: 'short' },
      { id: 'I2', kind: 'ssid', reason: 'in-fields' },
    ]);
    // Of `home`, `HOME`, `"home"` and `abc`: five digests as bytes and the first sixteen bytes of four. Of all but `"home"`: three digests as UUIDs.
    // The names of fields that may hold it stand beside them.
    expect(literals.filter(({ nameEnd }) => nameEnd === undefined)).toHaveLength(3 * 9 + 2 * 3 + 9 + 3);
  });
  it('keeps the limit and counts what it drops; plain forms of everybody stay', () => {
    const many = compilePatterns(
      Array.from({ length: 400 }, (_, i) => ({
        id: `I${i}`,
        handset: 'H1',
        kind: 'contact-msisdn' as const,
        value: `+88691${String(1_000_000 + i * 7919)}`,
      })),
    );
    expect(many.counts.literals).toBe(maxLiterals);
    expect(many.counts.literalsDropped).toBeGreaterThan(0);
    expect(many.skipped.every((s) => s.reason === 'limit')).toBe(true);
    expect(new Set(many.literals.filter((l) => l.steps.length === 0).map((l) => l.value)).size).toBe(400);
  });
  it('keeps both letter cases where base64 differs in no whole character', () => {
    for (const text of ['xa1000012345678', 'xA1000012345678']) {
      const set = compilePatterns([{ id: 'I1', handset: 'H1', kind: 'meid', value: 'a1000012345678' }]);
      const hits = feedText(`k=${Buffer.from(text).toString('base64')}&`, set);
      expect(hits.map((hit) => hit.transform)).toEqual([['base64']]);
    }
  });
  it('joins owners of one value', () => {
    const shared = compilePatterns([
      { id: 'I9', handset: 'H2', kind: 'contact-msisdn', value: '+886912345678' },
      { id: 'I2', handset: 'H1', kind: 'contact-msisdn', value: '+886912345678' },
    ]);
    expect(shared.values).toEqual([
      {
        kind: 'contact-msisdn',
        value: '+886912345678',
        owners: [
          { id: 'I2', handset: 'H1' },
          { id: 'I9', handset: 'H2' },
        ],
      },
    ]);
  });
});
