import { expect, test } from 'vitest';
import { reportHtml } from '../../../main/report/html.ts';
import type { ReportInput, ReportLang } from '../../../main/report/report-input.ts';
import type { CaseEvent } from '../../../shared/model/event.ts';
import { reportInput } from './fixture.ts';

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
