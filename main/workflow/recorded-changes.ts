import { resolve } from 'node:path';
import type { HandsetChange, JournalledChange } from '../../shared/model/handset-change.ts';
import { asAnnounced, undoLine } from '../../shared/model/handset-change.ts';
import type { HandsetIdentity } from '../../shared/model/handset-identity.ts';
import { readIdentity } from '../../shared/model/handset-identity.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import { hook } from '../evidence/hooks.ts';
import type { HandsetLink } from '../handset/link.ts';
import { readHandsetIdentity } from '../handset/read-identity.ts';
import type { Conduct } from './conduct.ts';
import type { Gap } from './gaps.ts';
import { gap } from './gaps.ts';
import { need } from './store-failure.ts';
import { tell } from './tell.ts';

/** Changes that an act of this process has made and will take back itself: nobody else may meanwhile. */
const inHand = new Set<string>();
const keyOf = (directory: string, id: string): string => `${resolve(directory)}\n${id}`;

/** Whether an act of this process still holds the change and will end it. */
export function isInHand(directory: string, id: string): boolean {
  return inHand.has(keyOf(directory, id));
}

/** Whose changes they are: an acquisition (`A1`) or a capture, on one handset. */
interface ChangeSubject {
  readonly act: string;
  readonly handset: string;
  readonly serial: string;
}

/**
 * What one acquisition or capture changes on its handset: in the case's journal (and said) before it is made, and again at its
 * end. Throws StoreFailure when the journal cannot be written: the change is then not made.
 */
export class RecordedChanges {
  readonly #writer: CaseWriter;
  readonly #subject: ChangeSubject;
  readonly #conduct: Pick<Conduct, 'lang' | 'notice'>;
  readonly #left: Gap[] = [];
  readonly #open: JournalledChange[] = [];
  #identity: HandsetIdentity | null = null;
  #identified = false;

  constructor(writer: CaseWriter, subject: ChangeSubject, conduct: Pick<Conduct, 'lang' | 'notice'>) {
    this.#writer = writer;
    this.#subject = subject;
    this.#conduct = conduct;
  }

  /** What could not be taken back: gaps of the act. */
  get left(): readonly Gap[] {
    return this.#left;
  }

  /** Asks the handset, once, by what it can be known again; before the first change. */
  async identify(link: Pick<HandsetLink, 'run'>): Promise<void> {
    if (this.#identified) return;
    this.#identified = true;
    this.#identity = readIdentity(await readHandsetIdentity(link));
  }

  readonly record = (change: HandsetChange): void => {
    if (change.state === 'begun') this.#begin(change);
    else if (change.state === 'made') hook('change.made');
    else this.#end(change, change.state);
  };

  /** The act is over: what it did not end is for whoever opens the case next. */
  close(): void {
    for (const { id } of this.#open) inHand.delete(keyOf(this.#writer.directory, id));
    this.#open.length = 0;
  }

  #begin({ command, reason, undo }: HandsetChange): void {
    const begun = need(this.#writer.beginChange({ ...this.#subject, identity: this.#identity, command, reason, undo }));
    inHand.add(keyOf(this.#writer.directory, begun.id));
    this.#open.push(begun);
    tell(this.#conduct, (words) => {
      const said = {
        command,
        reason: words(`ui.change-reason.${reason}`),
        undo: undoLine(undo, (key) => words(`ui.undo.${key}`)),
      };
      return words(undo.length === 0 ? 'cli.change.begun-stays' : 'cli.change.begun', said);
    });
  }

  #end({ command, undo, why }: HandsetChange, outcome: 'undone' | 'left'): void {
    const at = this.#open.findIndex((one) => one.command === command);
    const begun = this.#open[at];
    if (begun === undefined) throw new Error(`a change ended that was not begun: ${command}`);
    hook('change.undone');
    need(this.#writer.endChange(begun, { outcome, why }));
    inHand.delete(keyOf(this.#writer.directory, begun.id));
    this.#open.splice(at, 1);
    // Where the announcement stays on a screen, its end stands beside it.
    if (outcome === 'undone') tell(this.#conduct, (words) => words('cli.change.undone', { command }));
    if (outcome === 'left' && why !== asAnnounced)
      this.#left.push(gap('change-left', { command, undo: undoLine(undo), reason: why ?? 'none' }));
  }
}
