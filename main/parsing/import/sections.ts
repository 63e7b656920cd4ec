import { encodingOf } from '../text.ts';
import type { HandsetText } from '../text.ts';

/** A stretch of a dump of many services, with the command whose output it is. */
export interface Section {
  readonly command: string;
  /** First byte after its heading, and how many there are before the next one. */
  readonly offsetBytes: number;
  readonly bytes: number;
  /** It says itself that it ended (`… was the duration of dumpsys NAME`), as dumps do since Android 8. */
  readonly ended: boolean;
}

export interface Sections {
  readonly sections: readonly Section[];
  /** Headings beyond the limit: what follows them stays in the file only. */
  readonly dropped: number;
  readonly encoding: HandsetText['encoding'];
}

/** A release of today has some 250 services. */
export const maxSections = 4000;
/** Headings are short; of a longer line only the beginning is looked at. */
const maxLine = 400;

const rule = /^-{20,}$/;
/**
 * Written by `dumpsys` before each service where it dumps several, after a line of dashes; later releases put the priority before
 * the name. Source: AOSP frameworks/native cmds/dumpsys/dumpsys.cpp, `writeDumpHeader`.
 */
const serviceHeading = /^DUMP OF SERVICE (?:(CRITICAL|HIGH|NORMAL) )?([^\s:]\S{0,200}):$/;
/** The same file, `writeDumpFooter`. */
const serviceEnd = /^-{9} \d+(?:\.\d+)?s was the duration of dumpsys (\S{1,200}), ending at: /;

/**
 * `------ TITLE (COMMAND) ------` and `------ 0.01s was the duration of 'TITLE' ------` of a bug report. Source: AOSP
 * frameworks/native cmds/dumpstate (DumpstateUtil, `DurationReporter`).
 */
const reportHeading = /^------ (?!\d+(?:\.\d+)?s was the duration of ')([^\n]{1,160}?) \((.{1,200})\) ------$/;
const reportEnd = /^------ \d+(?:\.\d+)?s was the duration of '(.{1,160})' ------$/;

/** The command of a heading: a path stands for reading that file, the folder of the program is left out. */
function reportCommand(said: string): string {
  const path = /^(\/(?:proc|sys|data|dev|cache|mnt|metadata|d|acct)\/[^\s:]{1,180})(?:: .*)?$/.exec(said)?.[1];
  return path === undefined ? said.replace(/^\/system\/bin\//, '') : `cat ${path}`;
}

/** Finds the sections of a dump that arrives in blocks of any size. Memory does not grow with the length of lines. */
export class SectionScanner {
  #encoding: HandsetText['encoding'] | null = null;
  readonly #sections: Found[] = [];
  #dropped = 0;
  #open: Pick<Found, 'name' | 'priority' | 'title' | 'offset'> | null = null;
  #ended = false;
  /** First bytes of the line that is being read, the width of its characters already taken out. */
  #line: number[] = [];
  #lineStart = 0;
  #offset = 0;
  /** Where the line of dashes before this line began, else null. */
  #ruleStart: number | null = null;
  #carry: number | null = null;
  readonly #isReport: boolean;

  /** @param what a dump of all services, or a bug report, which has other commands around it */
  constructor(what: 'dumpsys' | 'bugreport' = 'dumpsys') {
    this.#isReport = what === 'bugreport';
  }

  push(block: Uint8Array): void {
    if (block.length === 0) return;
    this.#encoding ??= encodingOf(block);
    if (this.#encoding === 'utf-8') this.#pushBytes(block);
    else this.#pushPairs(block, this.#encoding === 'utf-16le');
  }

  finish(): Sections {
    if (this.#line.length > 0) this.#endLine(this.#offset);
    this.#close(this.#offset);
    return { sections: commandsOf(this.#sections), dropped: this.#dropped, encoding: this.#encoding ?? 'utf-8' };
  }

  #pushBytes(block: Uint8Array): void {
    let from = 0;
    while (from < block.length) {
      const end = block.indexOf(0x0a, from);
      const stop = end === -1 ? block.length : end;
      for (let i = from; i < stop && this.#line.length < maxLine; i += 1) this.#line.push(block[i] ?? 0);
      if (end === -1) break;
      this.#endLine(this.#offset + end + 1);
      from = end + 1;
    }
    this.#offset += block.length;
  }

  #pushPairs(block: Uint8Array, little: boolean): void {
    for (let i = 0; i < block.length; i += 1) {
      const byte = block[i] ?? 0;
      this.#offset += 1;
      if (this.#carry === null) {
        this.#carry = byte;
        continue;
      }
      const unit = little ? this.#carry | (byte << 8) : (this.#carry << 8) | byte;
      this.#carry = null;
      if (unit === 0x0a) this.#endLine(this.#offset);
      // Headings are ASCII; another character makes the line none. The mark at the beginning of a file is no part of its line.
      else if (unit !== 0xfeff && this.#line.length < maxLine) this.#line.push(unit < 0x80 ? unit : 0x3f);
    }
  }

  /** `next` is the first byte of the next line. */
  #endLine(next: number): void {
    const start = this.#lineStart;
    const text = String.fromCharCode(...this.#line).replace(/\r{1,3}$/, '');
    this.#line = [];
    this.#lineStart = next;
    const before = this.#ruleStart;
    this.#ruleStart = rule.test(text) ? start : null;
    const [, priority = null, name] = (before === null ? null : serviceHeading.exec(text)) ?? [];
    if (name !== undefined) {
      this.#close(before ?? start);
      this.#begin({ name, priority, title: null, offset: next });
      return;
    }
    if (this.#isReport && this.#reportLine(text, start, next)) return;
    const ended = serviceEnd.exec(text)?.[1];
    if (ended !== undefined && this.#open?.name === ended) this.#ended = true;
  }

  /** True for a line that begins or ends a part of a bug report. */
  #reportLine(text: string, start: number, next: number): boolean {
    const ended = reportEnd.exec(text)?.[1];
    if (ended !== undefined) {
      // The end of the dump of all services is not that of the last service in it.
      if (this.#open?.title === ended) this.#ended = true;
      this.#close(start);
      return true;
    }
    const [, title, said] = reportHeading.exec(text) ?? [];
    if (title === undefined || said === undefined) return false;
    this.#close(start);
    this.#begin({ name: reportCommand(said), priority: null, title, offset: next });
    return true;
  }

  #begin(heading: Pick<Found, 'name' | 'priority' | 'title' | 'offset'>): void {
    if (this.#sections.length >= maxSections) this.#dropped += 1;
    else this.#open = heading;
  }

  #close(end: number): void {
    if (this.#open === null) return;
    this.#sections.push({ ...this.#open, bytes: Math.max(0, end - this.#open.offset), ended: this.#ended });
    this.#open = null;
    this.#ended = false;
  }
}

interface Found {
  /** Of a service its name; of another part of a bug report (with a title) its command. */
  readonly name: string;
  readonly title: string | null;
  readonly priority: string | null;
  readonly offset: number;
  readonly bytes: number;
  readonly ended: boolean;
}

/** A service that is dumped in short by its priority and whole further on: only the whole one stands for the plain command. */
function commandsOf(found: readonly Found[]): Section[] {
  const plain = new Set(
    found.flatMap(({ name, priority, title }) => (priority === null && title === null ? [name] : [])),
  );
  const commandOf = ({ name, priority, title }: Found): string => {
    if (title !== null) return name;
    return priority === null || !plain.has(name) ? `dumpsys ${name}` : `dumpsys --priority ${priority} ${name}`;
  };
  return found
    .filter(({ title, bytes }) => title === null || bytes > 0)
    .map((one) => ({ command: commandOf(one), offsetBytes: one.offset, bytes: one.bytes, ended: one.ended }));
}
