import type { Conduct } from './conduct.ts';
import { wordsFor } from './words.ts';

/** Which part of an import of several files one file is. */
export interface Share {
  /** Of the files before it. */
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** When the import began (monotonic milliseconds). */
  readonly startedMs: number;
}

/** Too early a rate says nothing. */
const settledMs = 500;

/** Tells how far an import is: bytes, packets, rate and time left. */
export class ImportPace {
  readonly #conduct: Pick<Conduct, 'lang' | 'progress'>;
  readonly #name: string;
  readonly #share: Share;

  constructor(conduct: Pick<Conduct, 'lang' | 'progress'>, name: string, share: Share) {
    this.#conduct = conduct;
    this.#name = name;
    this.#share = share;
  }

  tell(bytes: number, packets: number): void {
    const { doneBytes, totalBytes, startedMs } = this.#share;
    const done = doneBytes + bytes;
    this.#conduct.progress({
      task: 'import',
      step: this.#name,
      done,
      total: totalBytes,
      unit: 'bytes',
      note: noteOf(this.#conduct.lang, { done, total: totalBytes, packets, elapsedMs: performance.now() - startedMs }),
    });
  }
}

export interface PaceFacts {
  readonly done: number;
  readonly total: number;
  readonly packets: number;
  readonly elapsedMs: number;
}

/** «12,345 packets, 51 MB/s, 12 s left»; before there is a rate, the packets alone. */
export function noteOf(lang: Conduct['lang'], { done, total, packets, elapsedMs }: PaceFacts): string {
  const words = wordsFor(lang);
  if (elapsedMs < settledMs || done === 0) return words('import.packets', { packets });
  const bytesPerMs = done / elapsedMs;
  const seconds = Math.ceil(Math.max(0, total - done) / bytesPerMs / 1000);
  const left =
    seconds < 90 ? words('import.seconds', { seconds }) : words('import.minutes', { minutes: Math.ceil(seconds / 60) });
  return words('import.pace', { packets, rate: Math.round(bytesPerMs / 1000), left });
}
