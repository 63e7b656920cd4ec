import type { HandsetFacts } from './collector.ts';

/** What the program of the handset can do, by its own help text. */
export type BugReportWay = 'stream' | 'progress' | 'plain';

/** Standard error holds the help on every release: both together, so that the old protocol tells it too. */
export const helpCommand = 'bugreportz -h 2>&1';
export const reportCommands: Readonly<Record<BugReportWay, string>> = {
  stream: 'bugreportz -s',
  progress: 'bugreportz -p',
  plain: 'bugreportz',
};
/** Before Android 7: text on standard output, and no file. */
export const textCommand = 'bugreport';
/** Where the archives lie; read before and after a stream, which should leave none. */
export const listCommand = 'ls /data/user_de/0/com.android.shell/files/bugreports';
export const hashCommand = (path: string): string => `sha256sum ${path}`;

/** `bugreportz` came with Android 7; a release that is not told is known by the shell protocol that came with it. */
export function hasBugReportZ({ sdk, features }: HandsetFacts): boolean {
  return sdk === null ? features.has('shell_v2') : sdk >= 24;
}

/** Commands of which one gives the report itself. */
export function isReportCommand(command: string): boolean {
  return command === textCommand || command === reportCommands.stream || /^pull \/.*\.zip$/.test(command);
}

/** For the plan: which of the ways is taken only the handset's help text decides. */
export function bugReportCommands(
  facts: HandsetFacts,
): readonly { readonly command: string; readonly effect: 'reads' | 'changes' }[] {
  if (!hasBugReportZ(facts)) return [{ command: textCommand, effect: 'changes' }];
  return [
    { command: helpCommand, effect: 'reads' },
    { command: listCommand, effect: 'reads' },
    { command: `${reportCommands.stream} | ${reportCommands.progress}`, effect: 'changes' },
    { command: 'pull ….zip', effect: 'reads' },
    { command: hashCommand('….zip'), effect: 'reads' },
    { command: 'rm ….zip', effect: 'changes' },
  ];
}

/**
 * The way to take, by the help text: null where it is none of this program. Source: AOSP frameworks/native
 * cmds/bugreportz/main.cpp, `show_usage` (`-p` since 1.1, `-s` since Android 12).
 */
export function wayOf(help: string): BugReportWay | null {
  if (!/\busage: bugreportz\b/.test(help)) return null;
  if (/^\s*-s: /m.test(help)) return 'stream';
  return /^\s*-p: /m.test(help) ? 'progress' : 'plain';
}

/** What the last line of an answer decides: where the archive lies, or why there is none; null: neither was said. */
export type BugReportEnd = { readonly path: string } | { readonly failed: string };

/**
 * `OK:PATH` and `FAIL:WHY`, the lines that end an answer; the first one counts, since nothing follows it. Source: AOSP
 * frameworks/native cmds/dumpstate/bugreport-format.md and cmds/bugreportz/bugreportz.cpp.
 */
export function endOf(answer: string): BugReportEnd | null {
  for (const line of answer.split(/\r?\n/)) {
    const [, kind, rest = ''] = /^(OK|FAIL):(.*)$/.exec(line) ?? [];
    if (kind === 'OK') return { path: rest.trim() };
    if (kind === 'FAIL') return { failed: rest.trim().slice(0, 200) };
  }
  return null;
}

/** Longer than any line of the protocol. */
const maxLine = 4096;

/** Follows `PROGRESS:DONE/TOTAL` through pieces of output, however they are cut. */
export class BugReportProgress {
  #rest = '';
  #said: string | undefined;

  /** The last progress that was said, as `DONE/TOTAL`. */
  push(chunk: Uint8Array): string | undefined {
    const lines = (this.#rest + Buffer.from(chunk).toString('latin1')).split('\n');
    this.#rest = (lines.pop() ?? '').slice(-maxLine);
    for (const line of lines) {
      const said = /^PROGRESS:(\d{1,9}\/\d{1,9})\r?$/.exec(line)?.[1];
      if (said !== undefined) this.#said = said;
    }
    return this.#said;
  }
}
