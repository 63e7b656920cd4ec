import { expect, it } from 'vitest';
import { binaryFormsOf } from '../../../main/analysis/transforms/binary-forms.ts';
import { compilePatterns, minLiteralBytes } from '../../../main/analysis/transforms/compile-patterns.ts';
import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import { feedText, patternsOf, samples } from './feeding.ts';

const all: readonly { readonly kind: IdentifierKind; readonly value: string }[] = [
  ...samples.filter(({ kind, value }) =>
    binaryFormsOf(kind, value).some(({ bytes }) => bytes.length >= minLiteralBytes),
  ),
  { kind: 'meid', value: 'a1000012345678' },
];

it.each(all)(
  '$kind as bytes is found in base64 of any length, whatever stands before and behind it',
  ({ kind, value }) => {
    const set = compilePatterns([{ id: 'I1', handset: 'H1', kind, value }]);
    const missed: string[] = [];
    let tried = 0;
    for (const { form, steps, bytes } of binaryFormsOf(kind, value)) {
      if (bytes.length < minLiteralBytes) continue;
      for (const before of [0, 1, 2, 5])
        for (const behind of [0, 1, 2, 8])
          for (const encoding of ['base64', 'base64url'] as const) {
            const raw = Buffer.concat([Buffer.alloc(before, 0xe7), bytes, Buffer.alloc(behind, 0x9d)]);
            const run = raw.toString(encoding);
            for (const text of [`{"d":"${run}"}`, `/a/${run.replace(/=+$/, '')}?`, `d=${encodeURIComponent(run)}&`]) {
              const found = feedText(text, set).some(
                (hit) =>
                  hit.form === form && hit.transform[0] === steps[0] && hit.transform[1]?.startsWith('base64') === true,
              );
              tried++;
              if (!found) missed.push(`${steps.join()} ${before}+${behind} ${text}`);
            }
          }
    }
    expect(missed).toEqual([]);
    expect(tried).toBeGreaterThan(0);
  },
  60_000,
);

it('the place is that of the characters that hold its bits', () => {
  const [imei] = binaryFormsOf('imei', '490154203237518');
  const run = Buffer.concat([Buffer.from([0x0a, 0x08]), imei?.bytes ?? Buffer.alloc(0)]).toString('base64');
  const hits = feedText(`{"d":"${run}"}`, patternsOf(['I1']));
  expect(hits.map(({ from, to, transform }) => [from, to, transform])).toEqual([[6 + 2, 6 + 14, ['tbcd', 'base64']]]);
});
