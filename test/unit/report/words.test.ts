import { startedNote } from '../../../shared/model/acquisition-note.ts';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createIntl } from '@formatjs/intl';
import { describe, expect, test } from 'vitest';
import en from '../../../shared/locale/report.en.json' with { type: 'json' };
import zhHant from '../../../shared/locale/report.zh-Hant.json' with { type: 'json' };
import { usageTexts } from '../../../main/parsing/usage-texts.ts';
import { logEventRules } from '../../../main/parsing/log-events.ts';
import { describeNormalForms } from '../../../main/analysis/transforms/normal-forms.ts';
import { outcomes } from '../../../shared/model/acquisition.ts';
import type { HandsetChange } from '../../../shared/model/handset-change.ts';
import { identifierKinds } from '../../../shared/model/identifier.ts';
import {
  citeInWords,
  custodyNote,
  eventInWords,
  eventSource,
  reasonInWords,
} from '../../../main/report/recorded-words.ts';
import { storedGaps } from '../../../main/report/stored-gaps.ts';
import { reportWords } from '../../../main/report/words.ts';

const checkout = fileURLToPath(new URL('../../../', import.meta.url));
const catalogues: Readonly<Record<string, Readonly<Record<string, string>>>> = { en, 'zh-Hant': zhHant };
const zh = reportWords('zh-Hant');

function argumentsOf(message: string): readonly string[] {
  return [...new Set([...message.matchAll(/\{(\w+)/g)].map((match) => match[1] ?? ''))].sort();
}

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else yield readFileSync(path, 'utf8');
  }
}
const reportCode = [...sources(join(checkout, 'main/report'))].join('\n');

describe('the words of the report', () => {
  test('have the same keys in both languages', () => expect(Object.keys(zhHant)).toEqual(Object.keys(en)));

  test('take no argument in Chinese that English does not give', () => {
    const wrong = Object.keys(en).filter((key) => {
      const given = argumentsOf(catalogues['en']?.[key] ?? '');
      return argumentsOf(catalogues['zh-Hant']?.[key] ?? '').some((name) => !given.includes(name));
    });
    expect(wrong).toEqual([]);
  });

  test.each(['en', 'zh-Hant'])('can each be formatted: %s', (locale) => {
    const messages = catalogues[locale] ?? {};
    const faults: string[] = [];
    const intl = createIntl({ locale, messages: { ...messages }, onError: (error) => faults.push(error.message) });
    for (const [key, message] of Object.entries(messages)) {
      const numeric = /findings|exhibits|handsets|confirmed|dismissed|count/;
      const values = Object.fromEntries(argumentsOf(message).map((name) => [name, numeric.test(name) ? 3 : 'x']));
      expect(intl.formatMessage({ id: key }, values), key).not.toMatch(/[{}]/);
    }
    expect(faults).toEqual([]);
  });

  test('claim no more than was seen', () => {
    const overclaims = {
      en: /\b(?:prov(?:es?|ed|en|ing)|proofs?|all|never|always|certainly|undoubtedly|definitely|impossible|guarantee[sd]?|does not send|no longer sent|stopped sending|illegal(?:ly)?|guilty|spy(?:ing|ware)?)\b/i,
      'zh-Hant':
        /證明|證實|全部|所有|絕不|絕無|從未|從不|永不|必定|一定|必然|毫無疑問|不再傳送|沒有傳送|未傳送|保證|違法|間諜/,
    };
    for (const [lang, pattern] of Object.entries(overclaims)) {
      const wrong = Object.entries(catalogues[lang] ?? {}).filter(([, text]) => pattern.test(text));
      expect(wrong).toEqual([]);
    }
    expect('this proves it').toMatch(overclaims.en);
    expect('足以證明').toMatch(overclaims['zh-Hant']);
  });

  test('are each used, and each one used is there', () => {
    const literals = [...reportCode.matchAll(/words\(\s*'([\w.-]+)'/g), ...reportCode.matchAll(/'(report\.[\w.-]+)'/g)];
    const used = new Set(literals.map((match) => match[1] ?? ''));
    expect([...used].filter((key) => !zh.has(key))).toEqual([]);
    const families = [
      ...[...reportCode.matchAll(/words\(`([\w.-]+?)\.?\$\{/g)].map((match) => match[1] ?? ''),
      ...[...reportCode.matchAll(/\.code\('([\w.-]+)'/g)].map((match) => match[1] ?? ''),
      'reason',
    ];
    const unused = Object.keys(en).filter(
      (key) =>
        !used.has(key) &&
        !families.some((family) => family !== '' && key.startsWith(`${family}.`)) &&
        !reportCode.includes(`'${key}'`),
    );
    expect(unused).toEqual([]);
  });

  test('cover every code that the rooms before the report may say', () => {
    const missing = [
      ...outcomes.map((one) => `outcome.${one}`),
      ...identifierKinds.map((one) => `kind.${one}`),
      ...logEventRules.map(({ id }) => `event.${id}`),
      ...Object.keys(usageTexts).map((id) => `event.usage-${id}`),
      ...describeNormalForms().flatMap(({ form }) => (form === null ? [] : [`form.${form}`])),
      ...[
        ...[
          readFileSync(join(checkout, 'main/parsing/judge-outcome.ts'), 'utf8'),
          ...sources(join(checkout, 'main/acquisition')),
        ]
          .join('\n')
          .matchAll(/outcome: '[a-z-]+'(?: as const)?,\s+reason: '([a-z-]+)'|(?:why:|return) '([a-z]+-[a-z-]+)'/g),
      ]
        .map(([, reason, why]) => reason ?? why ?? '')
        .map((one) => (zh.has(`gap-reason.${one}`) ? 'report.none' : `reason.${one}`)),
      ...[...custodyActions()].map((one) => `custodyAction.${one}`),
    ].filter((key) => !zh.has(key));
    expect(missing).toEqual([]);
  });
});

/** Verbs that the evidence room and the workflows write into the chain. */
function custodyActions(): ReadonlySet<string> {
  const code = [...sources(join(checkout, 'main/evidence')), ...sources(join(checkout, 'main/workflow'))].join('\n');
  const written = [
    ...code.matchAll(/\baction: '([a-z]+-[a-z-]+)'/g),
    ...code.matchAll(/\.note\(\s*'([a-z-]+)'/g),
    ...code.matchAll(/\.append\(\s*'\w+',[^']*'([a-z-]+)'/g),
  ];
  const changes = (['begun', 'undone', 'left'] satisfies HandsetChange['state'][]).map(
    (state) => `handset-change-${state}`,
  );
  return new Set([...written.map((match) => match[1] ?? ''), ...changes]);
}

const nonce = '00112233445566778899aabbccddeeff';

describe('what was recorded in English', () => {
  test.each([
    ['SMS received', '收到簡訊'],
    ['screen opened: com.android.mms/.ui.Compose', '開啟畫面：com.android.mms/.ui.Compose'],
    ['network messaging started without an act of the person', '網路簡訊未經使用者操作即啟動'],
    ['a line that a person typed', 'a line that a person typed'],
    ["the handset's clock was set during the capture, by -600 s", '側錄期間手機時鐘被調整了 -600 秒'],
    ['capture interrupted until the end: OFFLINE', '側錄中斷，未再繼續：OFFLINE'],
    [`canary begin ${nonce} in segment 1: NOT FOUND`, `對照請求（開始時），隨機碼 ${nonce}：未見於第 1 段`],
    [
      `canary end ${nonce} in segment 2: found at byte 77`,
      `對照請求（結束時），隨機碼 ${nonce}：見於第 2 段第 77 位元組`,
    ],
  ])('event «%s» is «%s»', (text, said) => expect(eventInWords(text, zh)).toBe(said));

  test('sources, citations, reasons and notes are worded', () => {
    expect(eventSource('E032 (clock taken as equal)', zh)).toBe('E032 (時鐘視為一致)');
    expect(eventSource("E032 (packets on the handset's clock)", zh)).toBe('E032 (側錄與日誌同用手機時鐘)');
    expect(eventSource('E032 (zone not known)', zh)).toBe('E032 (時區不明)');
    expect(eventSource('attested by Lin', zh)).toBe('由 Lin 具名記載');
    expect(citeInWords('E035 silent SMS 2014-08-07T12:41:16+08:00', zh)).toBe(
      'E035 無線電日誌中的簡訊 2014-08-07T12:41:16+08:00',
    );
    expect(citeInWords('E020 system/mx_used=1', zh)).toBe('E020 system/mx_used=1');
    expect(citeInWords('crash com.android.browser: X', zh)).toBe('當機: com.android.browser: X');
    expect(reasonInWords('no-such-service', zh)).toBe('無此服務');
    expect(reasonInWords('exit-127', zh)).toBe('結束狀態 127');
    expect(reasonInWords('TIMEOUT', zh)).not.toBe('TIMEOUT');
    expect(reasonInWords('something raw', zh)).toBe('something raw');
    const note = 'A1: screencap -p /x.png (screenshot of a release that cannot send binary output; undo: rm /x.png)';
    expect(custodyNote('handset-change-begun', note, zh)).not.toMatch(/screenshot of/);
    const left = custodyNote('handset-change-left', `${note}; left: permission-denied`, zh);
    expect(left).toContain('rm /x.png 未成功：權限不足');
    expect(left).not.toMatch(/left:|permission/);
  });

  test('gaps of an acquisition are said again from the catalogue', () => {
    const detail =
      'Settings (system): settings list system: timed out (no answer in time)\nnot reached: Clock, Screenshot';
    const lists = 'not compared before and after the acquisition: settings (global), temporary files';
    expect(storedGaps(lists, zh)).toEqual(['未能做採集前後比較：設定（global）、暫存檔']);
    const said = storedGaps(detail, zh).join('\n');
    expect(said).toContain('設定（system）');
    expect(said).toContain('時鐘');
    expect(said).not.toMatch(/timed out|not reached|Screenshot/);
    expect(storedGaps(detail, reportWords('en'))).toEqual(detail.split('\n'));
    expect(storedGaps('as the handset said it', zh)).toEqual(['as the handset said it']);
  });
});

describe('what custody and the country data say', () => {
  const note = `report.html (en, 120 bytes, SHA-256 ${'a'.repeat(64)}, identifiers left: 0)`;

  test('is Chinese in a Chinese report', () => {
    const words = reportWords('zh-Hant');
    expect(custodyNote('report-exported', note, words)).toBe(
      `report.html（en，120 位元組，SHA-256 ${'a'.repeat(64)}）；殘留的列管識別碼：0`,
    );
    expect(words.code('countrySource', 'iptoasn.com by way of ip-location-db')).not.toContain('by way of');
  });

  test('what an acquisition of one’s own selection asked is in the words of the reader', () => {
    const started = startedNote('A3', { collectors: ['clock', 'packages'] });
    expect(custodyNote('acquisition-started', started, reportWords('zh-Hant'))).toBe('A3；依序查詢：時鐘、套件');
    expect(custodyNote('acquisition-started', started, reportWords('en'))).toBe(
      'A3; Asked, in this order: Clock, Packages',
    );
    expect(custodyNote('acquisition-started', 'A3', reportWords('en'))).toBe('A3');
  });

  test('an acquisition that goes on with another says so, or why it does not', () => {
    const zh = reportWords('zh-Hant');
    const en = reportWords('en');
    const goesOn = startedNote('A2', { continues: 'A1', collectors: ['clock'] });
    expect(custodyNote('acquisition-started', goesOn, zh)).toContain('接續曾中斷的 A1');
    expect(custodyNote('acquisition-started', goesOn, en)).toContain('Goes on with A1');
    const over = startedNote('A2', { insteadOf: { id: 'A1', because: ['build', 'boot'] } });
    expect(custodyNote('acquisition-started', over, zh)).toContain('系統版本已不同；手機其後曾重新開機');
    expect(custodyNote('acquisition-started', over, en)).toContain('another build now; the handset was started anew');
  });

  test('what is worded otherwise stands as it is', () =>
    expect(custodyNote('report-exported', 'something else', reportWords('zh-Hant'))).toBe('something else'));
});
