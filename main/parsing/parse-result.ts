import type { RecordBody } from '../../shared/model/record.ts';

/** A line that no rule could read: shown beside the raw exhibit, never dropped in silence. */
export interface UnparsedLine {
  /** 1-based line of the decoded text. */
  readonly line: number;
  /** Beginning of the line, at most 160 characters. */
  readonly text: string;
  /** Code: `not-a-property`, `value-not-closed`, `shape-differs` …, or `no-section:NAME` (see `missingSection`). */
  readonly reason: string;
}

/** What one exhibit gave. */
export interface ParseResult {
  /** Id of the format that read it, or null when no format knows this command. */
  readonly format: string | null;
  readonly records: readonly RecordBody[];
  /** The first `maxUnparsedKept` lines that could not be read. */
  readonly unparsed: readonly UnparsedLine[];
  /** How many there were altogether. */
  readonly unparsedCount: number;
  /** Caps that bit and assumptions made: `code` or `code:detail`, e.g. `cap-records:400000`, `year-assumed:2014`. */
  readonly limits: readonly string[];
  /** True where there was text, a format for it, and not one record came out of it: the outcome `unparsable`. */
  readonly unparsable: boolean;
}

export const maxRecords = 400_000;
export const maxUnparsedKept = 200;
/** A single value longer than this is cut in its record (the exhibit keeps it whole). */
export const maxValueCharacters = 1024 * 1024;

/** Where a format puts what it reads: bounded, so that hostile output cannot fill the memory. */
export interface ParseSink {
  add(record: RecordBody): void;
  skip(line: number, text: string, reason: string): void;
  limit(code: string): void;
  /** Cuts a value at the cap, and says so. */
  value(text: string): string;
  readonly recordCount: number;
  result(format: string): ParseResult;
}

export function makeParseSink(): ParseSink {
  const records: RecordBody[] = [];
  const unparsed: UnparsedLine[] = [];
  const limits = new Set<string>();
  let unparsedCount = 0;
  return {
    add(record) {
      if (records.length < maxRecords) records.push(record);
      else limits.add(`cap-records:${maxRecords}`);
    },
    skip(line, text, reason) {
      unparsedCount += 1;
      if (unparsed.length < maxUnparsedKept) unparsed.push({ line, text: text.slice(0, 160), reason });
    },
    limit(code) {
      if (limits.size < 100) limits.add(code);
    },
    value(text) {
      if (text.length <= maxValueCharacters) return text;
      limits.add(`cap-value:${maxValueCharacters}`);
      return text.slice(0, maxValueCharacters);
    },
    get recordCount() {
      return records.length;
    },
    result(format) {
      return {
        format,
        records,
        unparsed,
        unparsedCount,
        limits: [...limits],
        unparsable: records.length === 0 && unparsedCount > 0,
      };
    },
  };
}

/** What is known of the handset and its clock when an exhibit is read. */
export interface ParseContext {
  /** When the command ran, by the workstation's clock: RFC 3339 UTC. */
  readonly collectedAt: string;
  /** Handset minus workstation; null where it was not measured. */
  readonly handsetClock: HandsetClock | null;
  /** `ro.build.version.release`, where known: chooses the numbers of `service call`. */
  readonly release?: string | null;
}

export interface HandsetClock {
  readonly offsetMs: number;
  readonly boundMs: number;
  /** `+0800`, `+08:00`, `UTC`, or an IANA name such as `Asia/Taipei`; null where unknown. */
  readonly zone: string | null;
}

/** Input of every format: the decoded text of one command's output. */
export interface FormatInput {
  readonly collector: string;
  readonly command: string;
  readonly text: string;
  /** What the text was decoded from, for the few outputs that are none. */
  readonly bytes: Uint8Array;
  readonly context: ParseContext;
}

/** The code of a text that lacks the part which its format reads. */
export const noSectionCode = (section: string): string => `no-section:${section}`;

/** Says that a text lacks the part which its format reads (named as the handset prints it); an empty text lacks nothing. */
export function noSection(sink: ParseSink, text: string, section: string): void {
  if (text.trim() !== '') sink.skip(1, text.split('\n', 1)[0] ?? '', noSectionCode(section));
}

/** The part that an exhibit's text lacks; null: none that its format names. */
export function missingSection({ unparsed }: Pick<ParseResult, 'unparsed'>): string | null {
  const [first] = unparsed.flatMap(({ reason }) => /^no-section:(.{1,100})$/s.exec(reason)?.[1] ?? []);
  return first ?? null;
}
