import type { Progress } from '../../shared/model/acquisition.ts';
import { escapeHidden } from '../../shared/model/hidden-characters.ts';
import { sayTimeLeft } from '../../shared/model/time-left.ts';
import type { Problem } from '../../shared/model/problem.ts';
import type { Lang } from '../workflow/conduct.ts';
import { wordProblem } from '../workflow/word-problem.ts';
import { wordsFor } from '../workflow/words.ts';

export type { Lang } from '../workflow/conduct.ts';

export const langs: readonly Lang[] = ['en', 'zh-Hant'];

/** 0 done, 1 could not, 2 wrong usage, 3 verification failed, 4 done with gaps, 130 interrupted (handbook: cli.md). */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 130;

/**
 * Text from a handset or a capture is hostile: control characters, terminal escapes and
 * bidirectional marks are shown as \u escapes, never sent to the terminal.
 */
export const plain = escapeHidden;

/** Standard output for results, standard error for progress and messages. */
export class Terminal {
  readonly json: boolean;
  readonly lang: Lang;
  readonly words: ReturnType<typeof wordsFor>;
  readonly #out: NodeJS.WritableStream;
  readonly #err: NodeJS.WritableStream & { isTTY?: boolean };
  #lastStep = '';
  #lastAtMs = 0;

  constructor(json: boolean, lang: Lang, out = process.stdout, err = process.stderr) {
    this.json = json;
    this.lang = lang;
    this.words = wordsFor(lang);
    this.#out = out;
    this.#err = err;
  }

  /** One result: a JSON line, or its line for people. */
  result(value: unknown, line: () => string): void {
    // JSON leaves the C1 controls, line separators and direction marks as they are; escaped, the value is the same.
    this.#out.write((this.json ? plain(JSON.stringify(value)) : line()) + '\n');
  }

  /** A line for people only. */
  say(line: string): void {
    if (!this.json) this.#out.write(line + '\n');
  }

  raw(text: string): void {
    this.#out.write(text);
  }

  note(line: string): void {
    this.#err.write(line + '\n');
  }

  problem(problem: Problem): void {
    this.note(plain(wordProblem(this.lang, problem, 'terminal')));
  }

  /** Progress on standard error: at each new step, and at most every second within one. */
  readonly progress = (p: Progress): void => {
    const nowMs = performance.now();
    if (p.step === this.#lastStep && nowMs - this.#lastAtMs < 1000) return;
    this.#lastStep = p.step;
    this.#lastAtMs = nowMs;
    const task = this.#word(`cli.task.${p.task}`, p.task);
    const known = this.#word(`collector.${p.step}`, p.step);
    const step = known === p.step ? this.#word(`cli.step.${p.step}`, p.step) : known;
    const unit = this.#word(`cli.unit.${p.unit}`, p.unit);
    const done = p.total === null ? String(p.done) : `${p.done}/${p.total}`;
    const line = this.words('cli.progress', { task, step, done, unit });
    const left = p.left ?? null;
    const rest = left === null ? null : sayTimeLeft(left, this.words, (id) => this.#word(`collector.${id}`, id));
    const beside = [p.note, rest].filter((one) => one !== null);
    this.note(plain(beside.length === 0 ? line : `${line} (${beside.join('; ')})`));
  };

  #word(key: string, otherwise: string): string {
    const text = this.words(key);
    return text === key ? otherwise : text;
  }
}
