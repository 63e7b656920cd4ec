import { isAbsolute, resolve } from 'node:path';
import type { Conduct } from '../workflow/conduct.ts';
import type { ExitCode, Lang } from './terminal.ts';
import { Terminal, langs } from './terminal.ts';

/** Wrong usage: exit 2, nothing was touched. */
export class UsageError extends Error {}

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

export type CommandOutcome = Promise<ExitCode> | ExitCode;

export function contextOf(options: CommonOptions, signal: AbortSignal): CommandContext {
  const lang = options.lang ?? 'en';
  if (!langs.includes(lang as Lang)) throw new UsageError(`--lang ${lang}: not in this version (en, zh-Hant)`);
  const terminal = new Terminal(options.json === true, lang as Lang);
  return {
    terminal,
    conduct: { actor: options.as ?? null, lang: lang as Lang, signal, progress: terminal.progress },
  };
}

/** Relative paths count from where the person stands, also under npm (INIT_CWD). */
export function pathFrom(text: string): string {
  return isAbsolute(text) ? text : resolve(process.env['INIT_CWD'] ?? process.cwd(), text);
}

export function choice<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) {
    throw new UsageError(`${name} ${JSON.stringify(value)}: not in this version (${allowed.join(', ')})`);
  }
  return found;
}
