import { describe, expect, test } from 'vitest';
import { reportHtml } from '../../../main/report/html.ts';
import { reportJson } from '../../../main/report/json.ts';
import type { ReportInput } from '../../../main/report/report-input.ts';
import { findIdentifiers, unmaskedPlaces } from '../../../main/report/self-check.ts';
import { exhibit, identifier, imei, reportInput, sha } from './fixture.ts';

const langs = ['en', 'zh-Hant'] as const;
const html = (input: ReportInput, lang: (typeof langs)[number]): string => reportHtml(input, { lang, fontFaces: '' });
const listing = (...listed: readonly ReturnType<typeof identifier>[]): ReportInput =>
  reportInput({ identifiers: [identifier('I1', 'imei', imei), ...listed] });

describe('the check before a report leaves', () => {
  test.each(langs)('passes a masked report in %s', (lang) => {
    expect(unmaskedPlaces(html(reportInput(), lang), reportInput())).toEqual([]);
    expect(unmaskedPlaces(reportJson(reportInput(), lang), reportInput())).toEqual([]);
  });

  test.each([
    ['a word of ours', 'ssid', 'Evidence report'],
    ['a word in the middle of a sentence of ours', 'contact-name', 'anybody'],
    ['Chinese of ours', 'contact-name', '證據'],
    ['a tag', 'custom', 'section'],
    ['the style sheet', 'custom', 'border-collapse'],
    ['a field of the JSON report', 'custom', 'formatVersion'],
    ['a figure', 'cell-id', '1234'],
    ['a part of our own hash', 'custom', sha('E001').slice(7, 15)],
  ] as const)('lets pass what stands there for every case: %s', (_name, kind, value) => {
    const input = listing(identifier('I7', kind, value));
    const texts = langs.flatMap((lang) => [html(input, lang), reportJson(input, lang)]);
    // The plain search finds it somewhere: the check knows better than to be silent about everything.
    expect(texts.some((text) => findIdentifiers(text, input.identifiers).length > 0)).toBe(true);
    for (const text of texts) expect(unmaskedPlaces(text, input)).toEqual([]);
  });

  test.each([
    ['in text', (text: string) => text.replace('</main>', `<p>${imei}</p></main>`)],
    ['in an attribute that outside text reaches', (text: string) => text.replace('<main>', `<main title="${imei}">`)],
    ['in an address', (text: string) => text.replace('</main>', `<a href="#${imei}">x</a></main>`)],
    ['encoded', (text: string) => text.replace('</main>', `<p>${Buffer.from(imei).toString('hex')}</p></main>`)],
  ])('finds an IMEI left %s', (_name, leak) => {
    const input = reportInput();
    const places = unmaskedPlaces(leak(html(input, 'zh-Hant')), input);
    expect(places.map(({ id }) => id)).toEqual(['I1']);
  });

  test('finds a name that is also a word of ours, where it stands by itself', () => {
    const input = listing(identifier('I7', 'contact-name', 'anybody'));
    const text = html(input, 'en').replace('</main>', '<p>called anybody twice</p></main>');
    expect(unmaskedPlaces(text, input).map(({ id }) => id)).toEqual(['I7']);
  });

  test('finds a digest of an identifier that is no hash of ours', () => {
    const input = reportInput({ exhibits: [exhibit('E001')] });
    const text = reportJson(input, 'en').replace('"format":', `"x": "${sha(imei)}",\n "format":`);
    expect(unmaskedPlaces(text, input).map(({ id }) => id)).toEqual(['I1']);
  });
});
