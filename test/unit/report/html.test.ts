import { describe, expect, test } from 'vitest';
import { reportHtml } from '../../../main/report/html.ts';
import { reportJson } from '../../../main/report/json.ts';
import type { ReportInput, ReportLang } from '../../../main/report/report-input.ts';
import { findIdentifiers } from '../../../main/report/self-check.ts';
import { reportWords } from '../../../main/report/words.ts';
import type { CustodyEntry } from '../../../shared/model/custody.ts';
import { changeReasons } from '../../../shared/model/handset-change.ts';
import { exhibit, finding, imei, reportFinding, reportInput } from './fixture.ts';

const langs: readonly ReportLang[] = ['en', 'zh-Hant'];
const page = (input: ReportInput, lang: ReportLang = 'en'): string => reportHtml(input, { lang, fontFaces: '' });

describe('what was changed on the handsets', () => {
  const change = (path: string): string => `A1: screencap -p ${path} (${changeReasons.screenshot}; undo: rm ${path})`;
  const entry = (seq: number, action: string, note: string): CustodyEntry => ({
    seq,
    at: '2014-08-07T10:00:00.000000Z',
    actor: 'Lin',
    action: `handset-change-${action}`,
    subject: null,
    note,
    rowHash: null,
    previousHash: '',
    hash: '',
  });
  const custody = [
    entry(1, 'begun', change('/a')),
    entry(2, 'undone', change('/a')),
    entry(3, 'begun', change('/b')),
    entry(4, 'left', `${change('/b')}; left: permission-denied`),
    entry(5, 'begun', change('/c')),
    // Left when the cable went, undone when the handset was back; the same change once more, and no end.
    entry(6, 'begun', change('/d')),
    entry(7, 'left', `${change('/d')}; left: OFFLINE`),
    entry(8, 'undone', change('/d')),
    entry(9, 'begun', change('/d')),
  ];

  test.each([
    ['en', ['undone', 'left on the handset: permission denied', 'no end recorded; it may have stayed']],
    ['zh-Hant', ['已復原', '仍留在手機上：權限不足', '未記載結束；變更可能仍在手機上']],
  ] as const)('says how each ended, and why: %s', (lang, ends) => {
    const text = page(reportInput({ custody }), lang);
    const last = text.split('<tr').filter((one) => one.includes('screencap -p /d '));
    expect([last[0]?.includes(`>${ends[0]}<`), last[1]?.includes(`>${ends[2]}<`)]).toEqual([true, true]);
    for (const [n, end] of ends.entries()) {
      const row = text
        .split('<tr')
        .find((one) => one.includes(`screencap -p /${'abc'[n] ?? ''} `) && one.includes(`>${end}<`));
      expect(row, end).toBeDefined();
    }
  });

  test.each([
    ['en', 'made; what it leaves was said before', 'not made; nothing was changed by it', 'it may have stayed'],
    ['zh-Hant', '已執行；所留痕跡已事先說明', '未執行，未因此造成變更', '不確定是否已執行'],
  ] as const)('says what became of each pairing: %s', (lang, ...ends) => {
    const pairing = (port: number): string =>
      `pairing: adb pair 192.0.2.7:${port} (${changeReasons.pairing}; undo: none)`;
    const chain = (['stays', 'not-made', 'unclear'] as const).flatMap((action, at) => [
      entry(2 * at + 1, 'begun', pairing(at)),
      entry(2 * at + 2, action, `${pairing(at)}; left: ${action === 'stays' ? 'as-announced' : 'TIMEOUT'}`),
    ]);
    const rows = page(reportInput({ custody: chain }), lang).split('<tr');
    for (const [port, end] of ends.entries())
      expect(rows.some((one) => one.includes(`adb pair 192.0.2.7:${port} `) && one.includes(end))).toBe(true);
  });
});

describe('what a handset differs in before and after', () => {
  test.each([
    ['en', /A1: 6 lists [^<]*read before and after: 0 differ; 2 values count up by themselves/],
    ['zh-Hant', /A1：前後各讀取 6 份清單[^<]*0 項不同；2 個值會自行增加/],
  ] as const)('stands with what was changed: %s', (lang, pattern) => {
    const note = 'A1: 6 lists compared; different: 0; counting up by themselves: 2';
    const at = '2014-08-07T10:00:00.000000Z';
    const chain = { subject: null, rowHash: null, previousHash: '', hash: '' };
    const custody = [{ seq: 1, at, actor: 'Lin', action: 'handset-compared', note, ...chain }];
    expect(page(reportInput({ custody }), lang)).toMatch(pattern);
  });
});

describe('the page', () => {
  const input = reportInput({
    findings: [
      reportFinding(finding('F0001'), ['id=', imei, '']),
      reportFinding(
        finding('F0002', {
          decision: { verdict: 'dismiss', reason: 'a test value', by: 'Lin', at: '2014-08-08T00:00:00.000000Z' },
        }),
        ['id=', imei, ''],
      ),
    ],
    claims: [
      { claim: 'C2', verdict: 'refuted', why: 'seen', for: [], against: ['F0001'], missing: [], text: 'no upload' },
    ],
    visibility: [
      {
        label: 'before',
        run: 'R1',
        captures: ['E001'],
        minutes: 12.5,
        payloadBytes: 100,
        readableBytes: 40,
        readablePercent: 40,
        canaries: 'both',
        gaps: [],
      },
    ],
  });

  test.each(langs)('leads every inner link somewhere: %s', (lang) => {
    const text = page(input, lang);
    const ids = new Set([...text.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]));
    const links = [...text.matchAll(/href="#([^"]+)"/g)].map((match) => match[1]);
    expect(links.length).toBeGreaterThan(15);
    expect(links.filter((one) => !ids.has(one))).toEqual([]);
  });

  test.each(langs)(
    'says how a handset came in, what was not confirmed and who signed, and which has no entry: %s',
    (lang) => {
      const twin = {
        id: 'H2',
        label: 'twin',
        serial: null,
        role: 'twin',
        addedAt: '2014-08-07T00:00:00.000000Z',
      } as const;
      const other = { ...twin, id: 'H3', role: 'exhibit' } as const;
      const text = page(reportInput({ handsets: [...reportInput().handsets, twin, other] }), lang);
      for (const shown of ['NCC-7/1', 'A 000117', 'Complainant Twelve', 'Supervisor Two'])
        expect(text).toContain(shown);
      const words = reportWords(lang);
      const checks = ['radio', 'changes'].map((check) => words(`intakeCheck.${check}`)).join(', ');
      expect(text).toContain(words('report.intake.wants', { checks }));
      expect(text).toContain(words('report.intake.none', { handsets: 'H3' }));
    },
  );

  test.each(langs)('says the demonstration where every printed page repeats it: %s', (lang) => {
    expect(page(input, lang)).toMatch(/<div class="running is-synthetic"[^>]*>[^<]*SYNTHETIC DEMONSTRATION/);
    const real = { ...input, summary: { ...input.summary, synthetic: false } };
    expect(page(real, lang)).not.toMatch(/SYNTHETIC|合成示範|is-synthetic" /);
  });

  test('lists a dismissed finding with its reason, marked, and counts it nowhere else', () => {
    const text = page(input);
    expect(text).toContain('Dismissed by the examiner (1)');
    expect(text).toMatch(/<article class="finding high dismissed" id="F0002">[\s\S]*?a test value \(Lin/);
    expect(text).toContain('confirmed none so far and dismissed 1');
    expect(text.match(/plain \/ clear text<\/a\s*>\s*×1/g)).toHaveLength(1);
  });

  test('gives the exhibit, its hash, the frames, the command, the offset and the recipe', () => {
    const text = page(input);
    const { sha256 } = exhibit('E001');
    for (const said of [
      sha256,
      'frames 41',
      'offset in the stream 118',
      'tail -c +119',
      'follow,tcp,raw,4',
      'printf %s &#34;$I1&#34;',
    ]) {
      expect(text).toContain(said);
    }
  });

  test('has both clocks, in Chinese with the year of the Republic', () => {
    expect(page(input)).toContain('2014-08-07 10:00:00.250000 UTC · 2014-08-07 18:00:00 (Taipei)');
    expect(page(input, 'zh-Hant')).toContain('民國 103 年 8 月 7 日 18:00:00（臺北）');
  });

  test.each(langs)('is the same twice, and free of identifiers: %s', (lang) => {
    expect(page(input, lang)).toBe(page(input, lang));
    expect(findIdentifiers(page(input, lang), input.identifiers)).toEqual([]);
  });
});

describe('the JSON report', () => {
  test('is canonical: keys in order at every depth, the same for any order of the input', () => {
    const text = reportJson(reportInput(), 'en');
    const walk = (value: unknown): void => {
      if (Array.isArray(value)) value.forEach(walk);
      else if (typeof value === 'object' && value !== null) {
        expect(Object.keys(value)).toEqual(Object.keys(value).toSorted());
        Object.values(value).forEach(walk);
      }
    };
    const parsed: unknown = JSON.parse(text);
    walk(parsed);
    const turned = Object.fromEntries(Object.entries(reportInput()).toReversed()) as unknown as ReportInput;
    expect(reportJson(turned, 'en')).toBe(text);
    expect(parsed).toMatchObject({ format: 'handsight-report', formatVersion: 1, lang: 'en' });
  });

  test('shows what a reader could not see as escapes of the same value', () => {
    const input = reportInput();
    const name = 'seal\u009b31m\u202e8\u2028\ufeff';
    const hostile = { ...input, handsets: input.handsets.map((one) => ({ ...one, label: name })) };
    const text = reportJson(hostile, 'en');
    expect(text).toContain(String.raw`seal\u009b31m\u202e8\u2028\ufeff`);
    expect(text).not.toMatch(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\ufeff]/);
    expect(JSON.stringify(JSON.parse(text))).toContain(name);
  });

  test('holds the commands and no identifier', () => {
    const input = reportInput();
    const text = reportJson(input, 'en');
    expect(text).toContain('-z follow,tcp,raw,4');
    expect(findIdentifiers(text, input.identifiers)).toEqual([]);
  });
});
