import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chartRows } from '../../../renderer/charts/traffic-rows.ts';
import { withTask } from '../../../renderer/bridge/tasks.ts';
import { instantFromText } from '../../../renderer/screens/acquisition/instant-from-text.ts';
import { changeNote } from '../../../shared/model/handset-change.ts';
import { custodyNote } from '../../../renderer/screens/custody-note.ts';
import { endpointText, protocolText } from '../../../renderer/screens/traffic/endpoint-text.ts';
import { countryText } from '../../../renderer/widgets/country-text.ts';
import { bytesOfBase64, hexRows } from '../../../renderer/widgets/hex-rows.ts';
import { hostileLine, hostileParts } from '../../../renderer/widgets/hostile-parts.ts';
import { localTime, utcTime } from '../../../renderer/widgets/instant-text.ts';
import { proposedPair } from '../../../renderer/screens/comparison/proposed-pair.ts';
import { groupIdentifiers } from '../../../renderer/screens/handset/identifier-groups.ts';
import { reasonText } from '../../../renderer/words/reason-text.ts';
import { createWords } from '../../../renderer/words/words.tsx';
import type { Task } from '../../../shared/contract/tasks.ts';

describe('text of unknown origin', () => {
  test('names what would not be seen', () => {
    expect(hostileLine('Mi\u202e 2S\u200b')).toBe('MiU+202E 2SU+200B');
    expect(hostileParts('a\u202eb\u200b\u0007')).toEqual([
      { text: 'a', escaped: false },
      { text: 'U+202E', escaped: true },
      { text: 'b', escaped: false },
      { text: 'U+200B', escaped: true },
      { text: 'U+0007', escaped: true },
    ]);
    expect(hostileParts('紅米 1S 😀')).toEqual([{ text: '紅米 1S 😀', escaped: false }]);
    expect(hostileParts('\u{e0041}\ud800')).toEqual([
      { text: 'U+E0041', escaped: true },
      { text: 'U+D800', escaped: true },
    ]);
    expect(hostileParts('')).toEqual([]);
  });

  test('loses nothing and lets nothing invisible through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const parts = hostileParts(text);
        const back = parts
          .map((part) => (part.escaped ? String.fromCodePoint(Number.parseInt(part.text.slice(2), 16)) : part.text))
          .join('');
        expect(back).toBe(text);
        const shown = parts.filter((part) => !part.escaped).map((part) => part.text);
        expect(shown.filter((one) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u.test(one))).toEqual(
          [],
        );
      }),
      { numRuns: 800, seed: 7 },
    );
  });
});

describe('what a row names', () => {
  test('an address with its port, so that both can be told apart', () => {
    expect(endpointText({ address: '192.0.2.1', port: 443 })).toBe('192.0.2.1:443');
    expect(endpointText({ address: '2001:db8::1', port: 443 })).toBe('[2001:db8::1]:443');
    expect(endpointText({ address: 'ff02::2', port: 0 })).toBe('ff02::2');
  });

  test('protocols as their standards write them', () => {
    const words = createWords('en');
    expect(['dns', 'http2', 'dhcpv6', 'unknown', 'x-new'].map((name) => protocolText(name, words))).toEqual([
      'DNS',
      'HTTP2',
      'DHCPV6',
      'unknown',
      'x-new',
    ]);
  });

  test('countries in words beside their code', () => {
    expect(countryText('CN', 'en')).toBe('China (CN)');
    expect(countryText('TW', 'zh-Hant')).toBe('台灣（TW）');
    expect(countryText('US', 'en')).toBe('United States (US)');
    expect(countryText('HK', 'en')).toBe('Hong Kong (HK)');
    expect(countryText('ZZ9', 'en')).toBe('ZZ9');
  });

  test('what custody notes of a decision, in words', () => {
    const words = createWords('zh-Hant');
    expect(custodyNote({ note: 'F0003 dismiss', subject: null }, words)).toBe('F0003 已駁回');
    expect(custodyNote({ note: 'report.pdf', subject: null }, words)).toBe('report.pdf');
    expect(custodyNote({ note: null, subject: 'E001' }, words)).toBe('E001');
    expect(custodyNote({ note: 'A3; asks: clock, packages, of-a-later-version', subject: null }, words)).toBe(
      'A3；查詢 時鐘、套件、of-a-later-version',
    );
    const change = {
      command: 'screencap -p /x.png',
      reason: 'screenshot',
      undo: 'rm /x.png',
      why: 'time-limit',
    } as const;
    expect(custodyNote({ note: changeNote('A1', change), subject: null }, words)).toBe(
      'A1: screencap -p /x.png（此版本無法直接傳送二進位輸出的螢幕擷圖；rm /x.png 未成功：未於時限內回應）',
    );
  });
});

describe('bytes', () => {
  test('rows of sixteen with the match marked', () => {
    const bytes = bytesOfBase64(Buffer.from('GET /?imei=490154203237518 HTTP/1.1').toString('base64'));
    const rows = hexRows(bytes, [{ from: 11, to: 26 }], 100);
    expect(rows.map((row) => row.offset)).toEqual([100, 116, 132]);
    const marked = rows
      .flatMap((row) => row.cells.filter((cell) => cell.marked).map((cell) => cell.character))
      .join('');
    expect(marked).toBe('490154203237518');
    expect(hexRows(Uint8Array.of(0, 0x7f, 0xff), [])[0]?.cells.map((cell) => cell.character)).toEqual(['·', '·', '·']);
    expect(bytesOfBase64('***')).toEqual(new Uint8Array(0));
  });
});

describe('time', () => {
  test('UTC to the millisecond, Taipei beside it, the ROC year in Chinese', () => {
    expect(utcTime('2014-08-07T10:00:00.123456Z')).toBe('2014-08-07 10:00:00.123 UTC');
    expect(utcTime('2014-08-07T10:00:00Z')).toBe('2014-08-07 10:00:00 UTC');
    expect(utcTime('yesterday')).toBe('yesterday');
    expect(localTime('2014-08-07T20:00:00.000000Z', 'en')).toBe('8 Aug 2014, 04:00:00');
    expect(localTime('2014-08-07T20:00:00.000000Z', 'zh-Hant')).toBe('民國 103 年 8 月 8 日 04:00:00');
    expect(localTime('2026-11-23T05:45:19Z', 'zh-Hant')).toBe('民國 115 年 11 月 23 日 13:45:19');
    expect(localTime('yesterday', 'en')).toBe('yesterday');
  });

  test('typed instants are UTC or refused', () => {
    expect(instantFromText(' 2014-08-07 10:00:00 ')).toBe('2014-08-07T10:00:00Z');
    expect(instantFromText('2014-08-07T10:00:00.25Z')).toBe('2014-08-07T10:00:00.25Z');
    expect(instantFromText('2014-08-07 10:00 UTC')).toBe('2014-08-07T10:00:00Z');
    for (const wrong of ['', '2014-13-07 10:00', '07.08.2014 10:00', '2014-08-07', '2014-08-07 10:00+08:00']) {
      expect(instantFromText(wrong)).toBeNull();
    }
  });
});

test('the chart: biggest recipients of both labels, bytes by channel', () => {
  const total = (label: string, recipient: string, channel: 'tls' | 'cleartext', bytesToServer: number) => ({
    label,
    recipient,
    channel,
    flows: 1,
    bytesToServer,
    bytesToClient: 0,
    findings: 0,
  });
  const rows = chartRows(
    [
      total('before', 'a', 'cleartext', 10),
      total('after', 'a', 'tls', 5),
      total('before', 'b', 'tls', 90),
      total('other', 'c', 'tls', 999),
    ],
    ['before', 'after'],
    1,
  );
  expect(rows).toEqual([
    { name: 'b · before', recipient: 'b', label: 'before', cleartext: 0, tls: 90, dtls: 0, quic: 0, unknown: 0 },
    { name: 'b · after', recipient: 'b', label: 'after', cleartext: 0, tls: 0, dtls: 0, quic: 0, unknown: 0 },
  ]);
});

test('the comparison begins with two states of one handset', () => {
  const label = (name: string, handset: string) => ({
    label: name,
    handsets: [handset],
    runs: [],
    builds: [],
    records: 1,
    flows: 1,
  });
  const labels = [
    label('mi2s-before', 'H2'),
    label('before', 'H1'),
    label('mi2s-after', 'H2'),
    label('after-kept', 'H1'),
  ];
  expect(proposedPair(labels)).toEqual(['before', 'after-kept']);
  expect(proposedPair([label('a', 'H1'), label('b', 'H2')])).toEqual(['a', 'b']);
  expect(proposedPair([label('a', 'H1')])).toEqual(['a', 'a']);
  expect(proposedPair([])).toEqual(['', '']);
});

test('news of a task replaces what was known of it', () => {
  const task = (id: string, status: Task['status']) => ({ task: id, status }) as Task;
  const one = withTask([], task('T1', 'running'));
  const two = withTask(one, task('T2', 'running'));
  expect(withTask(two, task('T1', 'done')).map((entry) => [entry.task, entry.status])).toEqual([
    ['T2', 'running'],
    ['T1', 'done'],
  ]);
});

test('reading a handset twice is one source, the label is another', () => {
  const row = (source: string, warnings: string[] = []) => ({
    id: 'I1',
    handset: 'H1',
    kind: 'imei' as const,
    value: '490154203237518',
    original: '490154203237518',
    source,
    addedAt: '2014-08-07T10:00:00.000000Z',
    warnings,
  });
  expect(groupIdentifiers([row('E004'), row('E118')])).toMatchObject([
    { sources: ['E004', 'E118'], independentSources: 1 },
  ]);
  expect(groupIdentifiers([row('E004'), row('*#06#', ['luhn'])])).toMatchObject([
    { independentSources: 2, warnings: ['luhn'] },
  ]);
  expect(groupIdentifiers([])).toEqual([]);
});

test('reasons are worded, whatever form they come in', () => {
  const words = createWords('zh-Hant');
  expect(reasonText(words, 'no-such-command')).toBe('此版本無此指令');
  expect(reasonText(words, 'outcome.exit-255')).toBe('指令以狀態 255 結束');
  expect(reasonText(words, 'exception-3')).toBe('服務回報例外 -3');
  expect(reasonText(words, 'TIMEOUT')).toContain('未於時限內回應');
  expect(reasonText(words, 'cut inside packet 7')).toBe('cut inside packet 7');
});

test('every reason that the acquisition gives has words in the window', () => {
  const main = path.join(import.meta.dirname, '../../../main');
  const folder = path.join(main, 'acquisition');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((one) => one.endsWith('.ts'));
  const code = [
    ...files.map((one) => path.join(folder, one)),
    ...['parsing/judge-outcome.ts', 'handset/take-back.ts', 'workflow/undo-changes.ts'].map((one) =>
      path.join(main, one),
    ),
  ]
    .map((one) => readFileSync(one, 'utf8'))
    .join('\n');
  const found = code.matchAll(
    /\b(?:reason|why)\b[^\n;]*?(?::|\?|\|) '([a-z]+(?:-[a-z]+)+)'|return '([a-z]+(?:-[a-z]+)+)';/g,
  );
  const reasons = new Set([...found].map((match) => match[1] ?? match[2] ?? ''));
  for (const one of ['screen-tree-cut', 'no-time-told', 'report-unknown', 'no-such-file', 'still-there'])
    expect(reasons).toContain(one);
  for (const lang of ['en', 'zh-Hant'] as const) {
    const words = createWords(lang);
    // Why a change is made is not why something is not there.
    const bare = [...reasons].filter(
      (one) => words.sayIfKnown(`ui.change-reason.${one}`, '') === '' && reasonText(words, one) === one,
    );
    expect(bare).toEqual([]);
  }
});
