import type { HandsetChange } from '../../shared/model/handset-change.ts';
import { changeNote } from '../../shared/model/handset-change.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import type { Conduct } from './conduct.ts';
import type { Gap } from './gaps.ts';
import { gap } from './gaps.ts';
import { need } from './store-failure.ts';
import { wordsFor } from './words.ts';

/**
 * What one acquisition or capture changes on its handset: in custody (and said) before it is made, and again at its end.
 * Throws StoreFailure when custody cannot be written: the change is then not made.
 */
export class RecordedChanges {
  readonly #writer: CaseWriter;
  readonly #subject: string;
  readonly #conduct: Pick<Conduct, 'lang' | 'notice'>;
  readonly #left: Gap[] = [];

  constructor(writer: CaseWriter, subject: string, conduct: Pick<Conduct, 'lang' | 'notice'>) {
    this.#writer = writer;
    this.#subject = subject;
    this.#conduct = conduct;
  }

  /** What could not be taken back: gaps of the act. */
  get left(): readonly Gap[] {
    return this.#left;
  }

  readonly record = (change: HandsetChange): void => {
    const { state, command, reason, undo, why } = change;
    need(this.#writer.note(`handset-change-${state}`, changeNote(this.#subject, change)));
    if (state === 'begun') {
      const words = wordsFor(this.#conduct.lang);
      this.#conduct.notice?.(words('cli.change.begun', { command, reason: words(`ui.change-reason.${reason}`), undo }));
    }
    if (state === 'left') this.#left.push(gap('change-left', { command, undo, reason: why ?? 'none' }));
  };
}
