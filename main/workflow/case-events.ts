import type { CaseEvent } from '../../shared/model/event.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';

/** Meta key under which the index keeps the events that were read from handsets. */
export const handsetEventsKey = 'handset-events';
/** Meta key for those of the case that stand on another clock than the packets beside them, with their place there. */
export const placedEventsKey = 'placed-events';

/** Attested events, each on the clock of the packets beside it, and those read from handsets (source: an exhibit), by time. */
export function eventsOf(
  reader: CaseReader,
  index: IndexReader,
  filter: { readonly label: string | null; readonly run: string | null },
): CaseEvent[] {
  const placed = new Map(storedEvents(index, placedEventsKey).map((one) => [one.id, one]));
  return [...reader.events().map((one) => placed.get(one.id) ?? one), ...storedEvents(index, handsetEventsKey)]
    .filter(
      (one) => (filter.label === null || one.label === filter.label) && (filter.run === null || one.run === filter.run),
    )
    .sort((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1));
}

function storedEvents(index: IndexReader, key: string): readonly CaseEvent[] {
  const stored = index.meta(key);
  return Array.isArray(stored) ? (stored as CaseEvent[]) : [];
}
