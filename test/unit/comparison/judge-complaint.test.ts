import { describe, expect, it } from 'vitest';
import { judgeComplaint } from '../../../main/comparison/judge-complaint.ts';
import type { ComplaintVerdict } from '../../../main/comparison/judge-complaint.ts';
import type { Complaint } from '../../../shared/model/claim.ts';
import type { RecordBody } from '../../../shared/model/record.ts';
import { component, crash, packageRecord, permission, records } from './fixture.ts';

const browser = 'com.android.browser';
const line = 'jp.naver.line.android';

function complaint(text: string, pkg: string | null = null): Complaint {
  return {
    id: 'K1',
    handset: 'H2',
    text,
    receivedAt: '2014-08-16',
    from: 'a user',
    package: pkg,
    labelBefore: 'mi2s-before',
    labelAfter: 'mi2s-after',
  };
}

const op = (mode: 'allow' | 'ignore'): RecordBody => ({
  kind: 'app-op',
  package: line,
  op: 'AUTO_START(10008)',
  mode,
  lastAccess: null,
});
const base: readonly RecordBody[] = [
  packageRecord(browser),
  packageRecord(line),
  permission(line, 'android.permission.READ_CONTACTS'),
  component(line, `${line}.Boot`),
  op('allow'),
];

function judge(
  one: Complaint,
  after: readonly RecordBody[],
  before: readonly RecordBody[] = base,
  lang: 'en' | 'zh-Hant' = 'en',
): ComplaintVerdict {
  return judgeComplaint(one, { before: records('mi2s-before', before), after: records('mi2s-after', after), lang });
}

describe('judgeComplaint', () => {
  it('a browser that crashes on start: confirmed, by its words alone', () => {
    const after = [...base, crash(browser, 'java.lang.NullPointerException', '2014-08-13T10:15:45.000000+08:00')];
    const verdict = judge(complaint('Since the update the browser does not open any more'), after);
    expect(verdict).toMatchObject({
      verdict: 'confirmed',
      package: browser,
      for: [`crash ${browser}: java.lang.NullPointerException`],
    });
    expect(verdict.why).toContain('new crash (java.lang.NullPointerException)');
    expect(verdict.why).toContain('The cause is not settled');
    expect(judge(complaint('升級後瀏覽器打不開'), after, base, 'zh-Hant').why).toContain('新的當機');
  });

  it('a crash confirms no complaint about something else', () => {
    const after = [...base, crash(browser, 'java.lang.NoSuchMethodError', '2014-08-13T10:15:45.000000+08:00')];
    for (const text of [
      'Since the upgrade the battery is empty after two hours',
      '升級後耗電很快',
      'the browser shows advertisements',
      'The charging stops after an hour and pictures are missing',
      'the browser is gone',
    ]) {
      const verdict = judge(complaint(text, browser), after);
      expect([text, verdict.verdict]).toEqual([text, 'partly']);
      expect(verdict.why).toContain('new crash (java.lang.NoSuchMethodError)');
      expect(verdict.why).toContain('for the examiner');
    }
    for (const text of [
      'the browser closes',
      'it cannot be opened',
      'crashes',
      '一開即關',
      '閃退',
      'does not open any more',
    ])
      expect([text, judge(complaint(text, browser), after).verdict]).toEqual([text, 'confirmed']);
    expect(judge(complaint('耗電', browser), after, base, 'zh-Hant').why).toContain('由檢驗人員判斷');
  });

  it('what was chosen decides, whatever the words are; each symptom by the change that shows it', () => {
    const crashed = [...base, crash(browser, 'java.lang.NoSuchMethodError', '2014-08-13T10:15:45.000000+08:00')];
    const noLine = [packageRecord(browser), packageRecord(line)];
    const said = (symptom: NonNullable<Complaint['symptom']>, text: string, pkg: string): Complaint => ({
      ...complaint(text, pkg),
      symptom,
    });
    const table = [
      [said('closes', '不好用', browser), crashed, 'confirmed'],
      [said('gone', 'it closes at once', browser), crashed, 'partly'],
      [said('silent', 'it closes at once', browser), crashed, 'partly'],
      [said('gone', 'x', browser), base.slice(1), 'confirmed'],
      [
        said('denied', 'no names', line),
        [
          ...noLine,
          permission(line, 'android.permission.READ_CONTACTS', false),
          component(line, `${line}.Boot`),
          op('allow'),
        ],
        'confirmed',
      ],
      [
        said('silent', 'no messages', line),
        [
          ...noLine,
          permission(line, 'android.permission.READ_CONTACTS'),
          component(line, `${line}.Boot`),
          op('ignore'),
        ],
        'confirmed',
      ],
      [
        said('closes', 'no messages', line),
        [
          ...noLine,
          permission(line, 'android.permission.READ_CONTACTS'),
          component(line, `${line}.Boot`),
          op('ignore'),
        ],
        'partly',
      ],
    ] as const;
    for (const [one, after, verdict] of table)
      expect([one.symptom, one.text, judge(one, after).verdict]).toEqual([one.symptom, one.text, verdict]);
    expect(judge(table[6][0], table[6][1]).why).toContain('for the examiner');
  });

  it('a messenger that lost a permission, its autostart and its receiver: partly, each named', () => {
    const after = [
      packageRecord(browser),
      packageRecord(line),
      permission(browser, 'x'),
      component(line, `${line}.Boot`, { enabled: false }),
      op('ignore'),
    ];
    const verdict = judge(complaint('LINE shows no messages'), after);
    expect(verdict.verdict).toBe('partly');
    expect(verdict.for).toEqual([
      `permission ${line}/android.permission.READ_CONTACTS`,
      `component ${line}/${line}.Boot`,
      `app-op ${line}/AUTO_START(10008)`,
    ]);
    expect(verdict.why).toContain('lost permission android.permission.READ_CONTACTS (read the contacts)');
    expect(verdict.why).toContain('lost autostart (ignore)');
  });

  it('a crash beside an earlier label whose logs were not read fits, and what is missing is said', () => {
    const after = [...base, crash(browser, 'java.lang.NullPointerException', '2014-08-13T10:15:45.000000+08:00')];
    const verdict = judgeComplaint(complaint('the browser does not open'), {
      before: records('mi2s-before', base),
      after: records('mi2s-after', after),
      crashLogs: { before: false, after: true },
    });
    expect(verdict).toMatchObject({ verdict: 'partly', missing: ['before: crash'] });
    expect(verdict.why).toContain('not known whether it is new');
  });

  it('a crash that was there before is not new; other packages’ changes do not count', () => {
    const old = crash(browser, 'java.lang.NullPointerException', '2014-08-01T10:15:45.000000+08:00');
    expect(judge(complaint('browser', browser), [...base, old], [...base, old]).verdict).toBe('not-enough-evidence');
    const others = [...base, crash('com.other', 'X', '2014-08-13T10:15:45.000000+08:00')];
    expect(judge(complaint('browser', browser), others)).toMatchObject({
      verdict: 'not-enough-evidence',
      for: [],
      changes: [],
    });
  });

  it('an app that is gone or switched off supports the complaint', () => {
    expect(judge(complaint('the browser is gone', browser), base.slice(1)).verdict).toBe('confirmed');
    expect(
      judge(complaint('the browser is gone', browser), [
        packageRecord(browser, { state: 'disabled' }),
        ...base.slice(1),
      ]).verdict,
    ).toBe('confirmed');
  });

  it('says what is missing', () => {
    expect(judge(complaint('the phone is warm'), base)).toMatchObject({
      verdict: 'not-enough-evidence',
      missing: ['package'],
    });
    expect(judge(complaint('the browser is gone', browser), [])).toMatchObject({
      verdict: 'not-enough-evidence',
      missing: ['after'],
    });
  });
});
