import type { RowPage, Timeline } from '../../../shared/contract/traffic.ts';
import { parseFilter } from '../../../shared/filter/parse-filter.ts';
import type { FilterTerm } from '../../../shared/filter/parse-filter.ts';
import type { RowOrder, RowTable, TimeSummary } from '../../../shared/filter/row-shapes.ts';
import type { CaseEvent } from '../../../shared/model/event.ts';
import type { Result } from '../../../shared/model/problem.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import { microsecondsOf } from '../../analysis/detectors/consent.ts';
import { eventInWords } from '../../report/recorded-words.ts';
import { reportWords } from '../../report/words.ts';
import { statementOf } from '../../analysis/statements/statement.ts';
import type { RowFacts } from '../../evidence/columns/row-facts.ts';
import { matchingRows } from '../../evidence/columns/row-query.ts';
import { facets, summariseTime } from '../../evidence/columns/row-summary.ts';
import type { CaseReader } from '../../evidence/readers/case-reader.ts';
import type { IndexReader } from '../../evidence/readers/index-reader.ts';
import { eventsOf } from '../case-events.ts';
import { withLastIndex } from '../current-index.ts';
import { rowFactsOf } from '../row-facts.ts';
import type { Envelope, HostHandlers } from './host-protocol.ts';
import { quickConduct } from './host-context.ts';
import { warmIndex } from './warm-index.ts';

type Handlers = Pick<
  HostHandlers,
  'traffic.flow-rows' | 'traffic.message-rows' | 'traffic.hit-rows' | 'traffic.values' | 'traffic.timeline'
>;

/** More values of one key than these are a search, not a choice. */
const clickableValues = 12;
const shownEvents = 200;

interface Wish {
  readonly order: RowOrder;
  readonly descending: boolean;
  readonly from: number;
  readonly limit: number;
}

interface Filtered {
  readonly reader: CaseReader;
  readonly index: IndexReader;
  readonly facts: RowFacts;
  readonly terms: readonly FilterTerm[];
}

/** The page sends the line; it is read here, too, because the page may be anybody. */
function withFilter<T>(
  directory: string,
  line: string,
  envelope: Envelope,
  act: (filtered: Filtered) => Result<T>,
): Promise<Result<T>> | Result<T> {
  const parsed = parseFilter(line);
  if (!parsed.ok) return fail('value-invalid', { what: 'filter', value: parsed.problem.subject }, parsed.problem.code);
  return withLastIndex(directory, quickConduct(envelope), (reader, index) =>
    act({ reader, index, facts: rowFactsOf(reader, index), terms: parsed.terms }),
  );
}

function pageOf<Row>(
  { facts, terms }: Filtered,
  table: RowTable,
  { order, descending, from, limit }: Wish,
  read: (numbers: Uint32Array) => readonly Row[],
): Result<RowPage<Row>> {
  const rows = matchingRows(facts, table, terms, { by: order, descending });
  return ok({ from, rows: read(rows.page(from, from + limit)), total: rows.length });
}

/** Acts and stimuli, and the use of the handset while there was traffic, in the window's words. */
function timelineEvents(
  events: readonly CaseEvent[],
  traffic: TimeSummary | null,
  { language }: Envelope,
): Pick<Timeline, 'events' | 'eventsLeftOut'> {
  const acts = events.filter(({ kind }) => kind === 'consent-act' || kind === 'stimulus');
  const used = events.filter(({ kind, at }) => {
    const us = microsecondsOf(at);
    return kind === 'usage' && traffic !== null && us >= traffic.fromUs && us <= traffic.toUs;
  });
  const shown = [...acts.slice(0, shownEvents), ...used.slice(0, shownEvents)];
  const words = reportWords(language);
  return {
    events: shown
      .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
      .map(({ id, kind, at, atHandset, text, label, run }) => {
        return { id, kind, at, atHandset, text: eventInWords(text, words), label, run };
      }),
    eventsLeftOut: acts.length + used.length - shown.length,
  };
}

/** Lists of the captures' content that may have millions of rows. */
export const rowPageHandlers: Handlers = {
  'traffic.flow-rows': ({ directory, filter, ...wish }, envelope) =>
    withFilter(directory, filter, envelope, (filtered) =>
      pageOf(filtered, 'flow', wish, (numbers) => {
        const hits = filtered.facts.hitsOfFlows();
        return filtered.index.rows('flow', numbers).map((flow) => ({
          ...flow,
          findings: hits[flow.id] ?? 0,
          country: filtered.facts.countryOf(flow.server.address),
        }));
      }),
    ),
  'traffic.message-rows': ({ directory, filter, ...wish }, envelope) =>
    withFilter(directory, filter, envelope, (filtered) =>
      pageOf(filtered, 'message', wish, (numbers) => filtered.index.rows('message', numbers)),
    ),
  'traffic.hit-rows': ({ directory, filter, ...wish }, envelope) =>
    withFilter(directory, filter, envelope, (filtered) =>
      pageOf(filtered, 'finding', wish, (numbers) => {
        const drafts = filtered.index.rows('finding', numbers);
        const named = new Map(filtered.reader.nameFindings(drafts).map((one) => [one.key, one]));
        return drafts.flatMap(({ key }) => {
          const one = named.get(key);
          if (one === undefined) return [];
          const { context: _context, ...finding } = one;
          return [{ ...finding, statement: statementOf(one, envelope.language) }];
        });
      }),
    ),
  'traffic.values': ({ directory, filter }, envelope) =>
    withFilter(directory, filter, envelope, ({ facts, terms }) => ok(facets(facts, terms, clickableValues))),
  'traffic.timeline': ({ directory, filter, buckets }, envelope) => {
    // An index that came after the case was opened is read ahead from here on.
    warmIndex(directory);
    return withFilter(directory, filter, envelope, ({ reader, index, facts, terms }) => {
      const traffic = summariseTime(facts, terms, buckets);
      return ok({ traffic, ...timelineEvents(eventsOf(reader, index, { label: null, run: null }), traffic, envelope) });
    });
  },
};
