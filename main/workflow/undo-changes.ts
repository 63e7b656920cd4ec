import { isOutstanding, undoLine } from '../../shared/model/handset-change.ts';
import type { JournalledChange } from '../../shared/model/handset-change.ts';
import type { Result } from '../../shared/model/problem.ts';
import { ok } from '../../shared/model/problem.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import { hook } from '../evidence/hooks.ts';
import type { HandsetLink } from '../handset/link.ts';
import { takeBack, undoOrder } from '../handset/take-back.ts';
import { readCase, writeCaseWhile } from './case-session.ts';
import type { Conduct } from './conduct.ts';
import type { Handsets } from './handset-session.ts';
import { isInHand } from './recorded-changes.ts';
import { need } from './store-failure.ts';
import { wordsFor } from './words.ts';

/** Changes that may still be on a handset, the oldest first; not those that an act of this process is about to take back. */
export function outstandingChanges(reader: CaseReader, serial: string | null = null): readonly JournalledChange[] {
  return reader
    .handsetChanges()
    .filter(
      (one) => isOutstanding(one) && (serial === null || one.serial === serial) && !isInHand(reader.directory, one.id),
    );
}

/** Every change of handsets that a case has on record. */
export function listChanges(directory: string): Result<readonly JournalledChange[]> {
  return readCase(directory, (reader) => ok(reader.handsetChanges()));
}

/**
 * Takes back what a case says may still be on handsets (`serial`: on that one), as far as they are there now, and answers
 * with those changes as they stand afterwards. With nothing to do it opens nothing for writing. Problems: those of opening the
 * case, of the adb server, and of writing.
 */
export async function undoChanges(
  directory: string,
  serial: string | null,
  handsets: Handsets,
  conduct: Conduct,
): Promise<Result<readonly JournalledChange[]>> {
  const wanted = readCase(directory, (reader) => ok(outstandingChanges(reader, serial)));
  if (!wanted.ok || wanted.value.length === 0) return wanted;
  const listed = await handsets.list();
  if (!listed.ok) return listed;
  const present = new Set(listed.value.filter(({ state }) => state === 'device').map((one) => one.serial));
  const serials = [...new Set(wanted.value.map((one) => one.serial))].filter((one) => present.has(one));
  if (serials.length > 0) {
    const done = await writeCaseWhile(directory, 'taking back changes of a handset', conduct, async (writer) => {
      for (const one of serials) {
        const link = await handsets.open(one, conduct.signal);
        // It went again: what is outstanding stays so.
        if (!link.ok) continue;
        try {
          await undoOn(writer, link.value, conduct);
        } finally {
          link.value.close();
        }
      }
      return ok(null);
    });
    if (!done.ok) return done;
  }
  const ids = new Set(wanted.value.map((one) => one.id));
  return readCase(directory, (reader) => ok(reader.handsetChanges().filter((one) => ids.has(one.id))));
}

/** As `undoChanges`, on one handset and through the writer of an act. Throws StoreFailure when the journal cannot be written. */
export async function undoOn(
  writer: CaseWriter,
  link: Pick<HandsetLink, 'serial' | 'run' | 'stat' | 'reverse'>,
  conduct: Pick<Conduct, 'lang' | 'notice'>,
): Promise<void> {
  const words = wordsFor(conduct.lang);
  for (const change of undoOrder(outstandingChanges(writer, link.serial), ({ undo }) => undo ?? [])) {
    const { id, command, undo, ends } = change;
    const why = undo === null || undo.length === 0 ? 'undo-unknown' : await takeBack(link, undo);
    hook('change.undone');
    const last = ends.at(-1);
    // Said once: another try that fails in the same way adds nothing.
    if (why === null || last?.outcome !== 'left' || last.why !== why)
      need(writer.endChange(change, { outcome: why === null ? 'undone' : 'left', why }));
    const said = { id, command, undo: undoLine(undo ?? []) };
    conduct.notice?.(
      why === null
        ? words('cli.undo.done', said)
        : words('cli.undo.left', { ...said, why: words(`gap-reason.${why}`) }),
    );
  }
}
