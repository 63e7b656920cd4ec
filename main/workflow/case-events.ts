import type { CaseEvent } from '../../shared/model/event.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';

/** Meta key under which the index keeps the events that were read from handsets. */
export const handsetEventsKey = 'handset-events';

/** Attested events, and those read from handsets (source: an exhibit), by time. */
export function eventsOf(
  reader: CaseReader,
  index: IndexReader,
  filter: { readonly label: string | null; readonly run: string | null },
): CaseEvent[] {
  const read = index.meta(handsetEventsKey);
  const fromHandsets = Array.isArray(read) ? (read as CaseEvent[]) : [];
  return [...reader.events(), ...fromHandsets]
    .filter(
      (one) => (filter.label === null || one.label === filter.label) && (filter.run === null || one.run === filter.run),
    )
    .sort((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1));
}
