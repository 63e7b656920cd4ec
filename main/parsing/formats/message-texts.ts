import { epochOnHandset } from '../handset-time.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';
import { boxes, inPart } from './message-log.ts';

/** `content query` of text messages with their texts, in whatever columns it was asked. */
export const messageTextsCommand = /content query .*content:\/\/sms\b.*--projection\s+\S*\bbody\b/;

const hexRow = /^Row: \d+ _id=(\d+), date=(\d+|NULL), type=(\d+|NULL), hex\(address\)=(\w*), hex\(body\)=(\w*)$/;
const plainRow = /^Row: (\d+) _id=(\d+), date=(\d+|NULL), type=(\d+|NULL), address=(.*)$/s;
const endOfAddress = ', body=';
/** Begins a row whatever follows: one of another shape must not become a part of the text before it. */
const rowStart = /^Row: (\d+) _id=/;
/** No more of a line than shows that it is a row: what follows may be somebody's words, and unread lines are listed unmasked. */
const rowHead = /^Row: \d+/;

interface Message {
  readonly id: string;
  readonly date: string;
  readonly type: string;
  readonly address: string;
  readonly text: string;
  /** Another cut of the output into messages is possible. */
  readonly doubtful: boolean;
}

/**
 * One fact a message: `BOX/ID/NUMBER` and its text. Asked for in hexadecimal, every row is certain. Asked for as they are, rows are told
 * by their numbers, and a text may imitate the next one: `rows-by-their-numbers` says so of the output, `/doubtful` of the messages in
 * and before which something stands that looks like a row and was not taken for one, or is none that can be read. Output that does not
 * end with a line break was cut: its last message is `/doubtful`, too. The raw output decides.
 */
export function parseMessageTexts({ text, command, context }: FormatInput, sink: ParseSink): void {
  const read = /--projection\s+'?_id:date:type:hex\(address\):hex\(body\)/.test(command)
    ? readHexRows(text, sink)
    : /--projection\s+'?_id:date:type:address:body\b/.test(command)
      ? readPlainRows(text, sink)
      : null;
  if (read === null) return sink.limit('no-projection');
  for (const { id, date, type, address, text: said, doubtful } of read)
    sink.add({
      kind: 'fact',
      topic: 'message-text',
      package: null,
      name: [
        boxes[type] ?? `type ${type.slice(0, 20)}`,
        id.slice(0, 20),
        inPart(address),
        ...(doubtful ? ['doubtful'] : []),
      ].join('/'),
      value: sink.value(said),
      atHandset: epochOnHandset(Number(date), context.handsetClock),
    });
}

function readHexRows(text: string, sink: ParseSink): Message[] {
  const lines = text.split('\n');
  return lines.flatMap((line, i) => {
    const [, id = '', date = '', type = '', address = '', body = ''] = hexRow.exec(line) ?? [];
    const [from, said] = [textOfHex(address), textOfHex(body)];
    if (id !== '' && from !== null && said !== null)
      return [{ id, date, type, address: from, text: said, doubtful: i === lines.length - 1 }];
    if (!isNothing(line)) skip(sink, i + 1, line);
    return [];
  });
}

/** UTF-8; SQL's null is written as nothing, or by an older shell as NULL. Null for what is no hexadecimal text. */
function textOfHex(hex: string): string | null {
  if (hex === 'NULL') return '';
  return hex.length % 2 === 0 && /^[0-9A-Fa-f]*$/.test(hex) ? Buffer.from(hex, 'hex').toString('utf8') : null;
}

interface OpenRow {
  readonly number: number;
  readonly line: number;
  readonly lines: string[];
  doubtful: boolean;
}

function readPlainRows(text: string, sink: ParseSink): Message[] {
  const rows: OpenRow[] = [];
  const imitated = new Set<number>();
  /** Number of the first of those rows at the end of `rows` that cannot be read. */
  let unread: number | null = null;
  text.split('\n').forEach((line, i) => {
    const number = Number(rowStart.exec(line)?.[1] ?? Number.NaN);
    const last = rows.at(-1);
    const next = last === undefined ? 0 : last.number + 1;
    // What cannot be read may be words of the text before it: they must not hide the true row of that number.
    const isAgain = unread !== null && number >= unread && number < next && plainRow.test(line);
    if (number === next || isAgain) {
      rows.push({ number, line: i + 1, lines: [line], doubtful: isAgain });
      if (plainRow.test(line)) unread = null;
      else {
        unread ??= number;
        imitated.add(number);
      }
    } else if (last !== undefined) {
      last.lines.push(line);
      if (Number.isNaN(number)) return;
      // Either this or the row that was taken for that number begins the message.
      last.doubtful = true;
      imitated.add(number);
    } else if (!isNothing(line)) skip(sink, i + 1, line);
  });
  // The line break that ends the output is no part of the last text.
  const end = rows.at(-1);
  if (end?.lines.at(-1) === '') end.lines.pop();
  else if (end !== undefined) end.doubtful = true;
  if (rows.length > 0) sink.limit('rows-by-their-numbers');
  return rows.flatMap((row) => {
    const [, , id = '', date = '', type = '', rest = ''] = plainRow.exec(row.lines.join('\n')) ?? [];
    const cut = rest.indexOf(endOfAddress);
    if (cut === -1) {
      skip(sink, row.line, row.lines[0] ?? '');
      return [];
    }
    const said = rest.slice(cut + endOfAddress.length);
    const doubtful =
      row.doubtful || imitated.has(row.number) || imitated.has(row.number + 1) || said.includes(endOfAddress);
    return [{ id, date, type, address: rest.slice(0, cut), text: said === 'NULL' ? '' : said, doubtful }];
  });
}

function isNothing(line: string): boolean {
  return line.trim() === '' || /^No result found\.?$/.test(line);
}

function skip(sink: ParseSink, line: number, text: string): void {
  const head = rowHead.exec(text);
  sink.skip(line, head === null ? '' : head[0], head === null ? 'not-a-row' : 'no-message');
}
