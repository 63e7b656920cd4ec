import { describe, expect, it } from 'vitest';
import { messageTexts } from '../../../main/acquisition/collectors/message-texts.ts';
import { smsText } from '../../../main/analysis/categories/sms-text.ts';
import { judgeOutcome } from '../../../main/parsing/judge-outcome.ts';
import { formatOf, parseExhibit } from '../../../main/parsing/parse-exhibit.ts';

const facts = { release: null, sdk: null, features: new Set<string>(), phoneCalls: [] };
const [inHex, asItIs] = messageTexts
  .asks(facts)
  .flatMap((step) => (step.type === 'command' ? [step, ...(step.otherwise ?? [])] : []))
  .map(({ command }) => command) as [string, string];
const context = {
  collectedAt: '2026-08-07T04:00:00.000000Z',
  handsetClock: { offsetMs: 0, boundMs: 20, zone: 'Asia/Taipei' },
};
const parse = (command: string, text: string) =>
  parseExhibit({ collector: 'message-texts', command, bytes: Buffer.from(text), context });
const told = (command: string, text: string) =>
  parse(command, text).records.map((one) => (one.kind === 'fact' ? [one.name, one.value] : []));

/** As `content query` prints them: nothing quoted. */
const plain = (...messages: readonly (readonly [id: number, address: string, body: string])[]): string =>
  messages
    .map(
      ([id, address, body], i) => `Row: ${i} _id=${id}, date=1786068001000, type=1, address=${address}, body=${body}\n`,
    )
    .join('');
const hex = (text: string): string => Buffer.from(text).toString('hex').toUpperCase();
const inHexRows = (...messages: readonly (readonly [id: number, address: string, body: string])[]): string =>
  messages
    .map(
      ([id, address, body], i) =>
        `Row: ${i} _id=${id}, date=1786068001000, type=2, hex(address)=${hex(address)}, hex(body)=${hex(body)}\r\n`,
    )
    .join('');

const forged = 'x\nRow: 1 _id=9, date=1786068001000, type=2, address=+15550199, body=never sent';

describe('texts of messages, asked for in hexadecimal', () => {
  it('gives every message, whatever stands in it; a person in part', () => {
    const rows = inHexRows([7, '+8613800138000', forged], [6, 'Bank, body=x', ''], [5, '55123', '驗證碼 🙂\r\n']);
    expect(told(inHex, rows)).toEqual([
      ['sent/7/+861••••••••00', forged],
      ['sent/6/Bank, body=x', ''],
      ['sent/5/55123', '驗證碼 🙂\r\n'],
    ]);
    expect(parse(inHex, rows)).toMatchObject({ unparsedCount: 0, limits: [] });
    expect(parse(inHex, rows).records[0]).toMatchObject({
      topic: 'message-text',
      atHandset: '2026-08-07T10:00:01.000000+08:00',
    });
  });

  it('marks the last message of an output that was cut: half a text reads like a whole one', () => {
    const rows = inHexRows([2, '55123', 'first'], [1, '55123', 'the whole text']);
    expect(told(inHex, rows).at(-1)).toEqual(['sent/1/55123', 'the whole text']);
    // The PTY's return without its line feed is no line break.
    expect(told(inHex, rows.slice(0, -1)).at(-1)).toEqual(['sent/1/55123/doubtful', 'the whole text']);
    expect(told(inHex, rows.slice(0, -2 - 2 * ' text'.length))).toEqual([
      ['sent/2/55123', 'first'],
      ['sent/1/55123/doubtful', 'the whole'],
    ]);
    expect(parse(inHex, rows.slice(0, -3))).toMatchObject({
      unparsed: [{ line: 2, text: 'Row: 1', reason: 'no-message' }],
    });
  });

  it('lists no words of what it cannot read', () => {
    const { records, unparsed } = parse(
      inHex,
      'Row: 0 _id=1, date=5, type=1, hex(address)=41, hex(body)=secret words\nmore secret words\nRow: 1 _id=1, date=5, type=1, hex(address)=41, hex(body)=4\n',
    );
    expect(records).toEqual([]);
    expect(unparsed).toEqual([
      { line: 1, text: 'Row: 0', reason: 'no-message' },
      { line: 2, text: '', reason: 'not-a-row' },
      { line: 3, text: 'Row: 1', reason: 'no-message' },
    ]);
  });
});

describe('texts of messages, as they are', () => {
  it('keeps line breaks, commas and names of columns in a text, and says that a row may be imitated', () => {
    const rows = plain(
      [3, '55123', 'a, b=c\n\nRow: 7 of the cinema\n'],
      [2, '+15550100', 'date=5, type=2'],
      [1, '55123', 'NULL'],
    );
    expect(told(asItIs, rows)).toEqual([
      ['received/3/55123', 'a, b=c\n\nRow: 7 of the cinema\n'],
      ['received/2/+155•••00', 'date=5, type=2'],
      ['received/1/55123', ''],
    ]);
    expect(parse(asItIs, rows)).toMatchObject({ unparsedCount: 0, limits: ['rows-by-their-numbers'] });
  });

  it('marks every message whose beginning or end another row may be', () => {
    const rows = plain([4, '55123', forged], [3, '55123', 'true'], [2, '55123', 'after it'], [1, '55123', 'the last']);
    expect(told(asItIs, rows)).toEqual([
      ['received/4/55123/doubtful', 'x'],
      ['sent/9/+155•••99/doubtful', `never sent\n${plain([3, '55123', 'true']).replace('Row: 0', 'Row: 1').trimEnd()}`],
      ['received/2/55123', 'after it'],
      ['received/1/55123', 'the last'],
    ]);
  });

  it('marks a text, or a sender, that holds the mark between the two', () => {
    expect(told(asItIs, plain([1, '55123', 'a, body=b']))).toEqual([['received/1/55123/doubtful', 'a, body=b']]);
  });

  it('marks the last message of an output that was cut, wherever that was', () => {
    const rows = plain([2, '55123', 'first'], [1, '55123', 'the whole text']);
    expect(told(asItIs, rows.slice(0, -' text\n'.length))).toEqual([
      ['received/2/55123', 'first'],
      ['received/1/55123/doubtful', 'the whole'],
    ]);
    const second = rows.indexOf('Row: 1');
    for (const beginning of ['Row: 1', 'Row: 1 _id=', 'Row: 1 _id=1, date=17'])
      expect(told(asItIs, rows.slice(0, second + beginning.length))[0]?.[0], beginning).toBe(
        'received/2/55123/doubtful',
      );
  });

  it('a row of another shape swallows none that follow, and is counted without its words', () => {
    const rows = plain(
      [4, '55123', 'before it'],
      [3, '55123', 'secret'],
      [2, '55123', 'after it'],
      [1, '55123', 'the last'],
    );
    const odd = rows.replace('_id=3, date=1786068001000', '_id=3, date=-1');
    expect(told(asItIs, odd)).toEqual([
      ['received/4/55123/doubtful', 'before it'],
      ['received/2/55123', 'after it'],
      ['received/1/55123', 'the last'],
    ]);
    expect(parse(asItIs, odd)).toMatchObject({
      unparsedCount: 1,
      unparsed: [{ line: 2, text: 'Row: 1', reason: 'no-message' }],
    });
  });

  it('a text that holds beginnings of rows hides no message behind them', () => {
    for (const words of ['Row: 1 _id=', 'Row: 1 _id=\nRow: 2 _id=5 x', 'Row: 1 _id=\nRow: 7 _id=9']) {
      const rows = plain([3, '55123', `x\n${words}`], [2, '55123', 'true'], [1, '55123', 'next'], [0, '55123', 'last']);
      const names = told(asItIs, rows);
      expect(names[0], words).toEqual(['received/3/55123/doubtful', 'x']);
      expect(names[1], words).toEqual(['received/2/55123/doubtful', 'true']);
      expect(
        names.slice(2).map(([, value]) => value),
        words,
      ).toEqual(['next', 'last']);
      expect(
        parse(asItIs, rows).unparsed.every(({ text }) => /^Row: [12]$/.test(text)),
        words,
      ).toBe(true);
    }
    // A number that is not due opens nothing, and is no certain part of the text either.
    expect(told(asItIs, plain([1, '55123', 'x\nRow: 7 _id=9']))).toEqual([
      ['received/1/55123/doubtful', 'x\nRow: 7 _id=9'],
    ]);
  });

  it('leaves out what lacks a text, without telling its words', () => {
    const cut = 'Row: 0 _id=1, date=5, type=1, address=somebody wrote';
    expect(parse(asItIs, cut)).toMatchObject({
      records: [],
      unparsed: [{ line: 1, text: 'Row: 0', reason: 'no-message' }],
    });
  });

  it('is empty or refused without inventing a message; other columns are not guessed', () => {
    expect(parse(asItIs, 'No result found.\n')).toMatchObject({ records: [], unparsedCount: 0, limits: [] });
    const refused = 'Error while accessing provider:sms\njava.lang.SecurityException: Permission Denial\n';
    expect(parse(asItIs, refused)).toMatchObject({ records: [], unparsable: true });
    const other = 'content query --uri content://sms --projection body:date';
    expect(formatOf(other)).toBe('message-texts');
    expect(parse(other, 'Row: 0 body=x, date=5\n')).toMatchObject({ records: [], limits: ['no-projection'] });
    expect(formatOf('content query --uri content://sms --projection _id:address:date')).toBe('message-log');
  });
});

describe('what the search takes of them', () => {
  const seeds = (text: string): readonly string[] =>
    parse(inHex, inHexRows([1, '55123', text])).records.flatMap(
      (body) => smsText.seedsOf?.({ ...body, label: 'x', handset: 'H1', run: null, exhibit: 'E1' }) ?? [],
    );

  it('is the beginning of a text that is more than some words', () => {
    expect(seeds('ok, see you')).toEqual([]);
    expect(seeds('the meeting is at nine')).toEqual(['the meeting is at nine']);
  });

  it('ends at a whole character: half of one could not be percent-encoded', () => {
    const [seed = ''] = seeds(`${'a'.repeat(119)}${'🙂'.repeat(10)}`);
    expect(seed).toBe(`${'a'.repeat(119)}🙂`);
    const [other = ''] = seeds(`a${'🙂'.repeat(200)}`);
    expect(() => encodeURIComponent(other)).not.toThrow();
    expect(Array.from(other)).toHaveLength(120);
  });
});

it('a provider that takes no expression is asked the other way', () => {
  const run = { stderr: Buffer.alloc(0), exitCode: null, problem: null };
  for (const said of [
    'No result found.\n',
    'Error while accessing provider:sms\njava.lang.IllegalArgumentException: Invalid column hex(address)\n',
    'Error while accessing provider:sms\nandroid.database.sqlite.SQLiteException: no such column\n',
  ])
    expect(['empty', 'absent']).toContain(judgeOutcome(inHex, { ...run, stdout: Buffer.from(said) }).outcome);
});
