import { expect, test } from 'vitest';
import { reportHtml } from '../../../main/report/html.ts';
import type { ReportInput, ReportLang } from '../../../main/report/report-input.ts';
import type { CaseEvent } from '../../../shared/model/event.ts';
import { finding, imei, reportFinding, reportInput } from './fixture.ts';

const page = (input: ReportInput, lang: ReportLang): string => reportHtml(input, { lang, fontFaces: '' });

const attested: CaseEvent = {
  id: 'V1',
  run: 'R1',
  label: 'before',
  handset: 'H1',
  kind: 'consent-act',
  at: '2026-01-01T10:04:37.500000Z',
  atWorkstation: '2026-01-01T10:04:00.000000Z',
  atHandset: null,
  boundMs: 14.2,
  text: 'terms accepted',
  source: 'attested by Lin',
};

test.each([
  [
    'en',
    'was 37,500 ms (± 7 ms) at',
    'and 37,512 ms (± 5 ms) at',
    'at most 13 ms apart',
    /10:04:00[^<]* by the workstation ± 15 ms/,
  ],
  [
    'zh-Hant',
    '為 37,500 毫秒（± 7 毫秒）',
    '為 37,512 毫秒（± 5 毫秒）',
    '最多相差 13 毫秒',
    /工作站時間 [^<]*10:04:00[^<]* ± 15 ms/,
  ],
] as const)(
  'a report tells what a capture measured of the clock, and what a moved event was stated as: %s',
  (lang, start, end, apart, moved) => {
    const readings = [
      { at: '2026-01-01T10:00:00.000000Z', offsetMs: 37_499.6, boundMs: 6.2 },
      { at: '2026-01-01T10:10:00.000000Z', offsetMs: 37_512.1, boundMs: 4.9 },
    ];
    const captureClocks = [{ exhibit: 'E004', run: 'R1', readings }];
    const text = page(reportInput({ captureClocks, events: [attested] }), lang);
    for (const part of ['R1 (E004)', start, end, apart]) expect(text).toContain(part);
    expect(text).toMatch(moved);
    expect(page(reportInput({}), lang)).not.toContain('(E004)');
  },
);

test.each([
  [
    'en',
    /10:00:00.250000 UTC[^<]*; 2014-08-07 09:59:22.750000 UTC[^<]* by the workstation \(± 6 ms\)/,
    /time of 1 finding is that of whoever/,
  ],
  [
    'zh-Hant',
    /10:00:00.250000 UTC[^<]*；工作站時間 2014-08-07 09:59:22.750000 UTC[^<]*（± 6 毫秒）/,
    /1 項發現的時間出自側錄者的時鐘/,
  ],
] as const)('a finding tells the workstation’s instant; that there is none is said once: %s', (lang, told, none) => {
  const instant = { at: '2014-08-07T09:59:22.750000Z', boundMs: 6 };
  const [measured, unmeasured] = (['F0001', 'F0002'] as const).map((number) =>
    reportFinding(finding(number), ['a=', imei, '&b'], { workstation: number === 'F0001' ? instant : null }),
  );
  if (measured === undefined || unmeasured === undefined) throw new Error('two findings');
  const known = page(reportInput({ findings: [measured] }), lang);
  expect(known).toMatch(told);
  expect(known).not.toMatch(none);
  const both = page(reportInput({ findings: [measured, unmeasured] }), lang);
  expect(both.match(new RegExp(none.source, 'g'))).toHaveLength(1);
});
