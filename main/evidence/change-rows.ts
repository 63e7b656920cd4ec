import type { CaseStore } from './case-store.ts';
import { hook } from './hooks.ts';
import { nextNumber } from './row-numbers.ts';
import { changeNote, undoLine } from '../../shared/model/handset-change.ts';
import type { ChangeEnd, HandsetChange, JournalledChange } from '../../shared/model/handset-change.ts';
import type { HandsetIdentity } from '../../shared/model/handset-identity.ts';
import type { Result } from '../../shared/model/problem.ts';

/** What is to be changed, on which handset, on whose behalf. */
export interface NewChange extends Pick<HandsetChange, 'command' | 'reason' | 'undo'> {
  readonly handset: string;
  readonly serial: string;
  readonly act: string;
  /** By what that handset is known again; null: it told nothing. */
  readonly identity: HandsetIdentity | null;
}

/** Writes a change down; it may be made once this returned. */
export function insertChange(store: CaseStore, change: NewChange): Result<JournalledChange> {
  hook('change.before-row');
  const written = store.write(() => {
    const { handset, serial, act, command, reason, undo, identity } = change;
    const id = `HC${nextNumber(store.database, 'handset_change')}`;
    const begunAt = store.now();
    const stored = { undo: JSON.stringify(undo), identity: identity === null ? null : JSON.stringify(identity) };
    const row = { id, handset, serial, act, command, reason, ...stored, begun_at: begunAt };
    const note = changeNote(act, { command, reason, undo: undoLine(undo), why: null });
    store.append('handset_change', row, 'handset-change-begun', note);
    return { id, handset, serial, act, command, reason, undo, identity, begunAt, ends: [] };
  });
  hook('change.after-row');
  return written;
}

/** Writes down what became of a change. `note` is custody's line on it, made by whoever knows the change. */
export function insertChangeEnd(
  store: CaseStore,
  id: string,
  end: Pick<ChangeEnd, 'outcome' | 'why'>,
  note: string,
): Result<ChangeEnd> {
  return store.write(() => {
    const endedAt = store.now();
    const row = { change_id: id, ended_at: endedAt, outcome: end.outcome, why: end.why };
    store.append('handset_change_end', row, `handset-change-${end.outcome}`, note);
    return { endedAt, ...end };
  });
}
