import { nextNumber } from './row-numbers.ts';
import { toExhibit } from './readers/row-models.ts';
import type { ExhibitFinal, ExhibitMeta } from './incoming.ts';
import type { CaseStore } from './case-store.ts';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Result } from '../../shared/model/problem.ts';

export type StoredContent = ExhibitMeta & ExhibitFinal & Pick<Exhibit, 'sha256' | 'bytes'>;

/** Writes the row of an exhibit whose bytes are in their place. `incoming` ties it to what a crash may have left. */
export function insertExhibit(
  store: CaseStore,
  incoming: string,
  content: StoredContent,
  custody: { readonly action: string; readonly note: string | null } = { action: 'exhibit-added', note: null },
): Result<Exhibit> {
  return store.write(() => {
    const row = {
      id: `E${String(nextNumber(store.database, 'exhibit')).padStart(3, '0')}`,
      original_name: content.originalName,
      sha256: content.sha256,
      bytes: content.bytes,
      kind: content.kind,
      label: content.label,
      handset: content.handset,
      run: content.run,
      outcome: content.outcome,
      packets: content.packets,
      fault: content.fault,
      acquisition: content.acquisition,
      collector: content.collector,
      added_at: store.now(),
      origin: JSON.stringify(content.origin),
      incoming,
    };
    const note = custody.note === null ? `${row.id} ${row.sha256}` : `${row.id} ${row.sha256}: ${custody.note}`;
    store.append('exhibit', row, custody.action, note);
    return toExhibit(row);
  });
}
