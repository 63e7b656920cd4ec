import { asAnnounced, isOutstanding, undoLine } from '../../shared/model/handset-change.ts';
import type { JournalledChange } from '../../shared/model/handset-change.ts';
import type { IdentitySource } from '../../shared/model/handset-identity.ts';
import { recogniseHandset, recognisedNote } from '../../shared/model/handset-identity.ts';
import type { Result } from '../../shared/model/problem.ts';
import { ok } from '../../shared/model/problem.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import { hook } from '../evidence/hooks.ts';
import type { HandsetLink } from '../handset/link.ts';
import { readHandsetIdentity } from '../handset/read-identity.ts';
import { takeBack, undoOrder } from '../handset/take-back.ts';
import { readCase, writeCaseWhile } from './case-session.ts';
import type { Conduct } from './conduct.ts';
import type { Handsets } from './handset-session.ts';
import { isInHand } from './recorded-changes.ts';
import { need } from './store-failure.ts';
import { tell } from './tell.ts';

/** Changes that may still be on a handset, the oldest first; not those that an act of this process is about to take back. */
export function outstandingChanges(reader: CaseReader): readonly JournalledChange[] {
  return reader.handsetChanges().filter((one) => isOutstanding(one) && !isInHand(reader.directory, one.id));
}

/** Its act said what became of the archive of a bug report, and knew more than anybody can now; or it has nothing to take back. */
const isLeftForGood = ({ undo, ends }: JournalledChange): boolean =>
  ends.length > 0 && (undo?.length === 0 || undo?.some(({ type }) => type === 'remove-named-report') === true);

/** Those of the outstanding changes that a later look can take back. */
export function changesToTry(reader: CaseReader): readonly JournalledChange[] {
  return outstandingChanges(reader).filter((one) => !isLeftForGood(one));
}

/** Every change of handsets that a case has on record. */
export function listChanges(directory: string): Result<readonly JournalledChange[]> {
  return readCase(directory, (reader) => ok(reader.handsetChanges()));
}

/** Whether the change may be of the handset that adb lists under this serial: under that one, or recognisable under another. */
const mayBeOf = ({ serial, identity }: JournalledChange, listed: string): boolean =>
  serial === listed || identity !== null;

/**
 * Takes back what a case says may still be on handsets (`serial`: on the one that adb lists so now), as far as they are there,
 * and answers with those changes as they stand afterwards. With nothing to do it opens nothing for writing. Problems: those of
 * opening the case, of the adb server, and of writing.
 */
export async function undoChanges(
  directory: string,
  serial: string | null,
  handsets: Handsets,
  conduct: Conduct,
): Promise<Result<readonly JournalledChange[]>> {
  const wanted = readCase(directory, (reader) =>
    ok(outstandingChanges(reader).filter((one) => serial === null || mayBeOf(one, serial))),
  );
  if (!wanted.ok) return wanted;
  const toTry = wanted.value.filter((one) => !isLeftForGood(one));
  // What is left for good stays shown.
  if (toTry.length === 0) return ok(wanted.value.filter((one) => serial === null || one.serial === serial));
  const listed = await handsets.list();
  if (!listed.ok) return listed;
  const serials = listed.value
    .filter(({ state }) => state === 'device')
    .map((one) => one.serial)
    .filter((one) => (serial === null || one === serial) && toTry.some((change) => mayBeOf(change, one)));
  const tried = new Set<string>();
  if (serials.length > 0) {
    const done = await writeCaseWhile(directory, 'taking back changes of a handset', conduct, async (writer) => {
      for (const one of serials) {
        const link = await handsets.open(one, conduct.signal);
        // It went again: what is outstanding stays so.
        if (!link.ok) continue;
        try {
          for (const id of await undoOn(writer, link.value, conduct)) tried.add(id);
        } finally {
          link.value.close();
        }
      }
      return ok(null);
    });
    if (!done.ok) return done;
  }
  // Of one handset: what was made under its serial, and what was recognised as its own.
  const ids = new Set(
    wanted.value.filter((one) => serial === null || one.serial === serial || tried.has(one.id)).map((one) => one.id),
  );
  return readCase(directory, (reader) => ok(reader.handsetChanges().filter((one) => ids.has(one.id))));
}

async function tryBack(
  link: Pick<HandsetLink, 'run' | 'stat' | 'reverse'>,
  { undo }: JournalledChange,
): Promise<string | null> {
  if (undo === null) return 'undo-unknown';
  return undo.length === 0 ? asAnnounced : await takeBack(link, undo);
}

/**
 * As `undoChanges`, on one handset and through the writer of an act; the ids of what concerned it. What was made under this adb
 * serial on a handset that this one is not, or not known to be, is left alone and that is recorded. Throws StoreFailure when the
 * journal cannot be written.
 */
export async function undoOn(
  writer: CaseWriter,
  link: Pick<HandsetLink, 'serial' | 'run' | 'stat' | 'reverse'>,
  conduct: Pick<Conduct, 'lang' | 'notice'>,
): Promise<readonly string[]> {
  const candidates = changesToTry(writer).filter((one) => mayBeOf(one, link.serial));
  if (candidates.length === 0) return [];
  const now = await readHandsetIdentity(link);
  const concerned: string[] = [];
  for (const change of undoOrder(candidates, ({ undo }) => undo ?? [])) {
    const sameSerial = change.serial === link.serial;
    const known = recogniseHandset(change.identity, now, sameSerial ? link.serial : null);
    if (known.verdict !== 'same') {
      if (!sameSerial) continue;
      endAs(writer, change, known.verdict === 'other' ? 'other-handset' : 'handset-not-recognised', conduct);
      concerned.push(change.id);
      continue;
    }
    if (!sameSerial) tellRecognised(writer, change, known.by, link.serial, conduct);
    endAs(writer, change, await tryBack(link, change), conduct);
    concerned.push(change.id);
  }
  return concerned;
}

/** What became of a change (`why`: null when it is taken back), in the case and to the person. */
function endAs(
  writer: CaseWriter,
  change: JournalledChange,
  why: string | null,
  conduct: Pick<Conduct, 'lang' | 'notice'>,
): void {
  hook('change.undone');
  const { id, command, undo, ends } = change;
  const last = ends.at(-1);
  // Said once: another try that fails in the same way adds nothing.
  if (why === null || last?.outcome !== 'left' || last.why !== why)
    need(writer.endChange(change, { outcome: why === null ? 'undone' : 'left', why }));
  tell(conduct, (words) => {
    const said = { id, command, undo: undoLine(undo ?? [], (key) => words(`ui.undo.${key}`)) };
    return why === null
      ? words('cli.undo.done', said)
      : words('cli.undo.left', { ...said, why: words(`gap-reason.${why}`) });
  });
}

function tellRecognised(
  writer: CaseWriter,
  { id, serial }: JournalledChange,
  by: readonly IdentitySource[],
  now: string,
  conduct: Pick<Conduct, 'lang' | 'notice'>,
): void {
  const note = recognisedNote(id, by);
  // Once, not at every try.
  if (!writer.custody().some((one) => one.action === 'handset-recognised' && one.note === note))
    need(writer.note('handset-recognised', note));
  tell(conduct, (words, lang) => {
    const sources = by.map((one) => words(`cli.identity.${one}`)).join(lang === 'en' ? ', ' : '、');
    return words('cli.undo.recognised', { id, was: serial, now, sources });
  });
}
