import { isAbsolute, resolve } from 'node:path';
import type { FilterProblem } from '../../shared/filter/parse-filter.ts';
import type { Conduct } from '../workflow/conduct.ts';
import type { ExitCode, Lang } from './terminal.ts';
import { Terminal, langs, plain } from './terminal.ts';

export type UsageKind =
  | 'choice'
  | 'seed'
  | 'seconds'
  | 'workers'
  | 'values-from-alone'
  | 'value-needed'
  | 'import-nothing'
  | 'for-alone'
  | 'as-one'
  | 'collectors-alone'
  | 'collectors-unknown'
  | `filter-${FilterProblem['code']}`;

/** Wrong usage: exit 2, nothing was touched. Worded under `cli.usage.KIND`. */
export class UsageError extends Error {
  readonly kind: UsageKind;
  readonly params: Readonly<Record<string, string>>;

  constructor(kind: UsageKind, params: Readonly<Record<string, string>> = {}) {
    super(kind);
    this.kind = kind;
    this.params = params;
  }
}

export interface CommonOptions {
  readonly json?: boolean;
  readonly as?: string;
  readonly lang?: string;
}

/** What every command gets: where it speaks, who acts, and how it is stopped. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly conduct: Conduct;
}

function isLang(text: string): text is Lang {
  return langs.some((lang) => lang === text);
}

/** The language that wrong usage is worded in: what `--lang` says, as far as it can be made out. */
export function langOf(argv: readonly string[]): Lang {
  const at = argv.findLastIndex((one) => one === '--lang' || one.startsWith('--lang='));
  const said = at < 0 ? undefined : argv[at] === '--lang' ? argv[at + 1] : argv[at]?.slice('--lang='.length);
  return langs.find((lang) => lang === said) ?? 'en';
}

export type CommandOutcome = Promise<ExitCode> | ExitCode;

export function contextOf(options: CommonOptions, signal: AbortSignal): CommandContext {
  const lang = options.lang ?? 'en';
  if (!isLang(lang)) throw new UsageError('choice', { name: '--lang', value: lang, allowed: langs.join(', ') });
  const terminal = new Terminal(options.json === true, lang);
  return {
    terminal,
    conduct: {
      actor: options.as ?? null,
      lang,
      signal,
      progress: terminal.progress,
      notice: (text) => terminal.note(plain(text)),
    },
  };
}

/** Relative paths count from where the person stands, also under npm (INIT_CWD). */
export function pathFrom(text: string): string {
  return isAbsolute(text) ? text : resolve(process.env['INIT_CWD'] ?? process.cwd(), text);
}

export function choice<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) {
    throw new UsageError('choice', { name, value: JSON.stringify(value), allowed: allowed.join(', ') });
  }
  return found;
}
