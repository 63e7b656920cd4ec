import type { CustodyEntry } from '../../shared/model/custody.ts';
import { readStartedNote } from '../../shared/model/acquisition-note.ts';
import { readChangeNote } from '../../shared/model/handset-change.ts';
import { readComparedNote } from '../../shared/model/handset-comparison.ts';
import { readRecognisedNote } from '../../shared/model/handset-identity.ts';
import { reasonText } from '../words/reason-text.ts';
import { scopeText } from '../words/scope-text.ts';
import type { Words } from '../words/words.tsx';

/** What the entry notes, as it was written; a decision in the words of the screen that made it. */
export function custodyNote(
  entry: Pick<CustodyEntry, 'note' | 'subject'>,
  words: Pick<Words, 'say' | 'sayIfKnown' | 'language'>,
): string {
  const note = entry.note ?? entry.subject ?? '—';
  const change = readChangeNote(note);
  if (change !== null) {
    const { command, undo, why } = change;
    const reason = words.say(`ui.change-reason.${change.reason}`);
    const said =
      undo === 'none'
        ? words.say('ui.change-note.stays', { command, reason })
        : why === null
          ? words.say('ui.change-note.undo', { command, reason, undo })
          : words.say('ui.change-note.left', { command, reason, undo, why: reasonText(words, why) });
    return `${change.subject}: ${said}`;
  }
  const compared = readComparedNote(note);
  if (compared !== null) return words.say('ui.compared-note', { ...compared });
  const recognised = readRecognisedNote(note);
  if (recognised !== null) {
    const sources = recognised.by.map((one) => words.say(`ui.identity-source.${one}`));
    const joined = sources.join(words.language === 'en' ? ', ' : '、');
    return words.say('ui.recognised-note', { change: recognised.change, sources: joined });
  }
  const started = readStartedNote(note);
  if (started !== null) return [started.id, ...scopeText(started, words)].join(words.language === 'en' ? '; ' : '；');
  const [, finding, verdict] = /^(F\d{4,12}) (confirm|dismiss)$/.exec(note) ?? [];
  if (finding === undefined) return note;
  return `${finding} ${words.say(verdict === 'confirm' ? 'ui.decision.confirm' : 'ui.decision.dismiss')}`;
}
