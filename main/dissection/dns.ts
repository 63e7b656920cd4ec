import { u16 } from './bytes.ts';
import { dnsTypeName } from './dns-names.ts';
import { type DnsLabel, NameReader } from './dns-name-reader.ts';
import { characterStrings, recordData } from './dns-record-data.ts';

export interface DnsQuestion {
  readonly name: string;
  readonly type: string;
  /** Where its bytes stand in what was given to the parser. */
  readonly start: number;
  readonly end: number;
  /** Labels that stand in the question itself. */
  readonly labels: readonly DnsLabel[];
}

/** A resource record of any section, by its place. */
export interface DnsRecord {
  readonly name: string;
  readonly type: number;
  readonly start: number;
  readonly dataStart: number;
  readonly end: number;
}

export interface DnsMessage {
  readonly response: boolean;
  readonly responseCode: number;
  readonly questions: readonly DnsQuestion[];
  /** Data of the answer section as text: addresses, names; other types as `TYPE`. */
  readonly answers: readonly string[];
  /** Name and type of the first answer: what a multicast response without question speaks of. */
  readonly subject: { readonly name: string; readonly type: string } | null;
  /** Records of all sections in their order. */
  readonly records: readonly DnsRecord[];
  readonly answersStart: number;
  readonly malformed: boolean;
  /** It holds more questions or records than are read. */
  readonly capped: boolean;
}

const MAX_RECORDS = 512;
const TXT = 16;
export const OPT = 41;

/** Could these bytes be the beginning of a DNS message? Only whether its numbers of records are likely is looked at. */
export function hasLikelyCounts(b: Uint8Array, start: number, end: number): boolean {
  const records = recordCount(b, start, end);
  return records > 0 && records <= MAX_RECORDS * 4;
}

function recordCount(b: Uint8Array, start: number, end: number): number {
  if (end - start < 12) return 0;
  return u16(b, start + 4) + u16(b, start + 6) + u16(b, start + 8) + u16(b, start + 10);
}

/**
 * Reads a DNS message (RFC 1035). Never throws: what is damaged is left out and `malformed` is set. Numbers of records that
 * cannot be are damage too: what stands before the fault is read, as tshark does.
 */
export function parseDns(b: Uint8Array, start: number, end: number): DnsMessage | null {
  if (recordCount(b, start, end) === 0) return null;
  const flags = u16(b, start + 2);
  const names = new NameReader(b, start, end);
  const questions: DnsQuestion[] = [];
  let at = start + 12;
  let malformed = false;
  let capped = false;
  const questionCount = u16(b, start + 4);
  for (let i = 0; i < questionCount; i++) {
    if (i === MAX_RECORDS) {
      capped = true;
      break;
    }
    const name = names.read(at);
    const stop = names.end;
    if (!names.ok || stop + 4 > end) {
      malformed = true;
      break;
    }
    const labels = names.labels.filter((label) => label.from > at && label.to < stop);
    questions.push({ name, type: dnsTypeName(u16(b, stop)), start: at, end: stop, labels });
    at = stop + 4;
  }
  const answers: string[] = [];
  const records: DnsRecord[] = [];
  const answersStart = at;
  if (!malformed && !capped) {
    const read = readRecords(b, start, end, at, names, records, answers);
    malformed = read === 'damaged';
    capped = read === 'capped';
  }
  const first = records[0];
  const subject =
    first !== undefined && answers.length > 0 ? { name: first.name, type: dnsTypeName(first.type) } : null;
  return {
    response: (flags & 0x8000) !== 0,
    responseCode: flags & 15,
    questions,
    answers,
    subject,
    records,
    answersStart,
    malformed,
    capped,
  };
}

/**
 * Answer, authority and additional section. What follows the answers is only of use for its places: damage there does not
 * make the message malformed, since implementations cut it off (RFC 2181, 9).
 * @returns `damaged` when the answers themselves are
 */
function readRecords(
  b: Uint8Array,
  start: number,
  end: number,
  from: number,
  names: NameReader,
  records: DnsRecord[],
  answers: string[],
): 'whole' | 'damaged' | 'capped' {
  const answerCount = u16(b, start + 6);
  const all = answerCount + u16(b, start + 8) + u16(b, start + 10);
  const endOf = (i: number): 'whole' | 'damaged' => (i >= answerCount ? 'whole' : 'damaged');
  let at = from;
  for (let i = 0; i < all; i++) {
    const name = names.read(at);
    const head = names.end;
    if (!names.ok || head + 10 > end) return endOf(i);
    const type = u16(b, head);
    const dataStart = head + 10;
    const next = dataStart + u16(b, head + 8);
    if (next > end) return endOf(i);
    if (i === MAX_RECORDS) return 'capped';
    records.push({ name, type, start: at, dataStart, end: next });
    if (i < answerCount) answers.push(recordData(b, type, dataStart, next, names));
    at = next;
  }
  return 'whole';
}

/** Field of a DNS message that holds position `at`. */
export function dnsFieldAt(message: DnsMessage, at: number): string | null {
  if (message.questions.some((q) => at >= q.start && at < q.end)) return 'dns.qry.name';
  const record = message.records.find((r) => at >= r.start && at < r.end);
  if (record === undefined) return at >= message.answersStart ? 'dns.resp' : null;
  if (at < record.dataStart) return 'dns.resp.name';
  return record.type === TXT ? 'dns.txt' : record.type === OPT ? 'dns.opt' : 'dns.resp';
}

/** Strings of the TXT records that hold more than one: what is longer than 255 bytes is split there. */
export function splitTexts(b: Uint8Array, message: DnsMessage): [from: number, to: number][][] {
  return message.records
    .filter((record) => record.type === TXT)
    .map((record) => characterStrings(b, record.dataStart, record.end))
    .filter((strings) => strings.length > 1);
}
