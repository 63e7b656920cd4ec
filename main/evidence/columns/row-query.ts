import type { FilterTerm } from '../../../shared/filter/parse-filter.ts';
import type { RowOrder, RowTable } from '../../../shared/filter/row-shapes.ts';
import { ascending } from './row-order.ts';
import type { RowFacts } from './row-facts.ts';
import { RowMasks } from './row-masks.ts';
import { RowSet } from './row-set.ts';

export interface RowSort {
  readonly by: RowOrder;
  readonly descending: boolean;
}

export const asCaptured: RowSort = { by: 'captured', descending: false };

/** Everything that passes, in order: how many it is, and any page of it. */
export function matchingRows(facts: RowFacts, table: RowTable, terms: readonly FilterTerm[], sort: RowSort): RowSet {
  return facts.answers().rows(JSON.stringify([table, terms, sort]), () => {
    const mask = new RowMasks(facts).of(table, terms);
    const order = sort.by === 'captured' ? null : orderOf(facts, table, sort.by);
    return new RowSet(mask, order, sort.descending);
  });
}

const severities = ['high', 'medium', 'low', 'info'];
const confidences = ['certain', 'probable', 'possible'];

/** All rows of the table in the order of a column, sorted once. */
function orderOf(facts: RowFacts, table: RowTable, by: RowOrder): Uint32Array {
  const { store } = facts;
  return store.derived(`order ${table} ${by}`, () => {
    switch (by) {
      case 'host':
        return ascending(ranked(facts, 'host', store.u32('flow.host')));
      case 'name':
        return ascending(ranked(facts, 'name', store.u32('message.name')));
      case 'sent':
      case 'received':
        return ascending(store.f64(`flow.${by}`));
      case 'packets':
        return ascending(store.u32('flow.packets'));
      case 'severity':
        return ascending(severityKeys(facts));
      default:
        return ascending(store.f64(table === 'flow' ? 'flow.first' : `${table}.at`));
    }
  });
}

/** By row the place of its text among the texts of the dictionary in order. */
function ranked(facts: RowFacts, name: string, codes: Uint32Array): Uint32Array {
  const dictionary = facts.store.dictionary(name);
  const texts = Array.from({ length: dictionary.size }, (_, i) => dictionary.text(i + 1));
  const order = Uint32Array.from(texts.keys()).sort((a, b) => ((texts[a] ?? '') < (texts[b] ?? '') ? -1 : 1));
  const rankOf = new Uint32Array(texts.length + 1);
  let rank = 0;
  order.forEach((place, i) => {
    // Equal texts that got two codes share their place.
    if (i === 0 || texts[place] !== texts[order[i - 1] ?? 0]) rank += 1;
    rankOf[place + 1] = rank;
  });
  return codes.map((code) => rankOf[code] ?? 0);
}

/** Most serious first, of these the most certain, of these the earliest. */
function severityKeys(facts: RowFacts): Float64Array {
  const { store } = facts;
  const places = facts.findingClasses().map(([, , severity, confidence]) => {
    const place = severities.indexOf(severity) * confidences.length + confidences.indexOf(confidence);
    return place + 1;
  });
  const byTime = ascending(store.f64('finding.at'));
  const codes = store.u32('finding.class');
  const keys = new Float64Array(codes.length);
  byTime.forEach((row, rank) => {
    keys[row] = (places[(codes[row] ?? 0) - 1] ?? 0) * 2 ** 33 + rank;
  });
  return keys;
}
