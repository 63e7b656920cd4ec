import { describe, expect, it } from 'vitest';
import { ledger } from '../../../main/comparison/claims/ledger.ts';
import { identifierWords } from '../../../main/comparison/identifier-words.ts';
import { makerTables } from '../../../main/comparison/makers/tables.ts';
import { catalogue, languages } from '../../../main/comparison/wording.ts';
import type { Wording } from '../../../main/comparison/wording.ts';

/** Everything that this room can say in its own name; the ledger's texts are the vendor's words. */
const said: readonly (readonly [string, Wording])[] = [
  ...Object.entries<Wording>(catalogue),
  ...Object.entries(identifierWords),
  ...Object.values(makerTables)
    .flat()
    .flatMap(({ subject, about, values }): [string, Wording][] => [
      [subject, about],
      ...Object.entries(values ?? {}).map(([value, wording]): [string, Wording] => [`${subject}=${value}`, wording]),
    ]),
];

const overclaims = {
  en: /\b(?:prov(?:es?|ed|en|ing)|proofs?|all|never|always|every(?:thing|where|one)?|certainly|undoubtedly|definitely|impossible|guarantee[sd]?|does not send|no longer sent|stopped sending|illegal(?:ly)?|guilty|spy(?:ing|ware)?)\b/i,
  'zh-Hant':
    /證明|證實|全部|所有|絕不|絕無|從未|從不|永不|必定|一定|必然|毫無疑問|不再傳送|沒有傳送|未傳送|保證|違法|間諜/,
} as const;

describe('the wording catalogue', () => {
  it.each(said)('%s claims no more than was seen, in both languages', (_, wording) => {
    for (const lang of languages) {
      expect(wording[lang].trim()).not.toBe('');
      expect(wording[lang]).not.toMatch(overclaims[lang]);
    }
  });

  it.each(Object.entries<Wording>(catalogue))('%s has the same parameters in both languages', (_, wording) => {
    const parameters = (text: string): string[] =>
      [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();
    expect(parameters(wording['zh-Hant'])).toEqual(parameters(wording.en));
  });

  it('would catch an overclaim', () => {
    expect('this proves that all numbers are sent').toMatch(overclaims.en);
    expect('the number is no longer sent').toMatch(overclaims.en);
    expect('此結果證明').toMatch(overclaims['zh-Hant']);
  });

  it('has every claim of the ledger with text, date and source in both languages', () => {
    expect(ledger.map(({ id }) => id)).toEqual(['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8']);
    for (const { text, statedAt, source } of ledger) {
      for (const lang of languages) expect(text[lang].length * source[lang].length).toBeGreaterThan(0);
      expect(Number.isNaN(Date.parse(statedAt))).toBe(false);
    }
  });
});
