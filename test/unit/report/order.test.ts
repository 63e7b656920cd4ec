import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../shared/model/finding.ts';
import { reportHtml } from '../../../main/report/html.ts';
import { reportJson } from '../../../main/report/json.ts';
import { finding, imei, reportFinding, reportInput } from './fixture.ts';

const at = (second: number): string => `2014-08-07T10:00:0${second}.000000Z`;
const rows: readonly (readonly [string, Partial<Finding>])[] = [
  ['F0001', { severity: 'low', at: at(1) }],
  ['F0002', { severity: 'high', confidence: 'possible', at: at(1) }],
  ['F0003', { severity: 'high', confidence: 'certain', at: at(3) }],
  ['F0004', { severity: 'medium', at: null }],
  ['F0005', { severity: 'medium', at: at(5) }],
  ['F10000', { severity: 'high', confidence: 'certain', at: at(2) }],
  ['F9999', { severity: 'high', confidence: 'certain', at: at(2) }],
];
/** Most serious first, then most certain, then earliest, then by number. */
const expected = ['F9999', 'F10000', 'F0003', 'F0002', 'F0005', 'F0004', 'F0001'];

describe('the findings of a report', () => {
  const made = rows.map(([number, more]) => reportFinding(finding(number, more), ['id=', imei, '']));

  test.each([
    ['as they come', made],
    ['turned round', made.toReversed()],
  ])('stand with the most serious first in every format, %s', (_name, findings) => {
    const input = reportInput({ findings });
    const parsed = JSON.parse(reportJson(input, 'en')) as { readonly findings: { readonly finding: Finding }[] };
    expect(parsed.findings.map((one) => one.finding.number)).toEqual(expected);
    const page = reportHtml(input, { lang: 'zh-Hant', fontFaces: '' });
    const cards = [...page.matchAll(/<article class="finding [^"]*" id="(F\d+)">/g)].map((match) => match[1]);
    expect(cards).toEqual(expected);
  });
});
