import type { CustodyEntry } from '../../shared/model/custody.ts';
import type { Words } from '../words/words.tsx';

/** What the entry notes, as it was written; a decision in the words of the screen that made it. */
export function custodyNote(entry: Pick<CustodyEntry, 'note' | 'subject'>, words: Pick<Words, 'say'>): string {
  const note = entry.note ?? entry.subject ?? '—';
  const [, finding, verdict] = /^(F\d{4,12}) (confirm|dismiss)$/.exec(note) ?? [];
  if (finding === undefined) return note;
  return `${finding} ${words.say(verdict === 'confirm' ? 'ui.decision.confirm' : 'ui.decision.dismiss')}`;
}
