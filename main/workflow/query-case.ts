import type { FilterTerm } from '../../shared/filter/parse-filter.ts';
import type { RowTable } from '../../shared/filter/row-shapes.ts';
import type { CaseEvent } from '../../shared/model/event.ts';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { Identifier } from '../../shared/model/identifier.ts';
import type { Result } from '../../shared/model/problem.ts';
import { ok } from '../../shared/model/problem.ts';
import type { InstantOfRecord, MeaningOfRecord, SnapshotRecord } from '../../shared/model/record.ts';
import type { Flow, InstantOfPacket, InstantsOfFlow, Message } from '../../shared/model/traffic.ts';
import { statementOf } from '../analysis/statements/statement.ts';
import { asCaptured, matchingRows } from '../evidence/columns/row-query.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexFilter, IndexReader } from '../evidence/readers/index-reader.ts';
import type { Conduct } from './conduct.ts';
import { eventsOf } from './case-events.ts';
import { partsOf, withPart } from './capture-parts.ts';
import { withIndex } from './current-index.ts';
import { identifiersWithSources } from './identifier-doubts.ts';
import { listedIdentifiers, listedRecord } from './mask-accounts.ts';
import { namedFindings } from './named-findings.ts';
import { clocksOf, withInstant } from './record-instants.ts';
import { findingWithInstant, flowWithInstants, packetInstantsOf, withWorkstationInstant } from './packet-instants.ts';
import { makersOf, withMeaning } from './record-meanings.ts';
import { rowFactsOf } from './row-facts.ts';

export interface CaseFilter {
  readonly label: string | null;
  readonly run: string | null;
  /** For flows, messages and findings: what `parseFilter` read. */
  readonly terms?: readonly FilterTerm[] | undefined;
  /** Names of accounts in full; default: masked. */
  readonly names?: boolean;
  /** Texts of messages in full; default: masked. */
  readonly texts?: boolean;
}

/** What can be listed, with the shape of its rows (handbook: cli.md). */
export interface QueryRows {
  readonly exhibits: Exhibit;
  readonly flows: Flow & InstantsOfFlow;
  readonly messages: Message & InstantOfPacket;
  readonly findings: Finding & InstantOfPacket;
  readonly records: SnapshotRecord & MeaningOfRecord & InstantOfRecord;
  readonly identifiers: Identifier;
  readonly events: CaseEvent;
}
export type QuerySource = keyof QueryRows;

/** Rows read at once from a table that may hold millions. */
const pageRows = 2000;

type Query<Row> = (reader: CaseReader, index: IndexReader, filter: CaseFilter, conduct: Conduct) => Iterable<Row>;

const queries: { readonly [Source in QuerySource]: Query<QueryRows[Source]> } = {
  exhibits: (reader, index, filter) => exhibitsAsRead(reader, index, filter),
  flows: function* (reader, index, filter) {
    const instantOf = packetInstantsOf(reader, index);
    const rows =
      filter.terms === undefined
        ? paged(
            (after) => index.flows(indexFilter(filter), { after, limit: pageRows }),
            (row) => row.id,
          )
        : filteredFlows(reader, index, filter, filter.terms);
    for (const flow of rows) yield flowWithInstants(flow, instantOf);
  },
  messages: function* (reader, index, filter) {
    const instantOf = packetInstantsOf(reader, index);
    if (filter.terms !== undefined) {
      for (const message of filteredMessages(reader, index, filter, filter.terms))
        yield withWorkstationInstant(message, instantOf);
      return;
    }
    const rows = paged(
      (after) => index.messages(indexFilter(filter), { after, limit: pageRows }),
      (row) => row.id,
    );
    for (const { id: _id, ...message } of rows) yield withWorkstationInstant(message, instantOf);
  },
  findings: (reader, index, filter, conduct) => {
    const instantOf = packetInstantsOf(reader, index);
    const rows =
      filter.terms === undefined
        ? namedFindings(reader, index, indexFilter(filter), conduct.lang)
        : filteredFindings(reader, index, filter, filter.terms).map((one) => ({
            ...one,
            statement: statementOf(one, conduct.lang),
          }));
    return rows.map((one) => findingWithInstant(one, instantOf));
  },
  records: function* (reader, index, filter, conduct) {
    const makers = makersOf(index);
    const clockOf = clocksOf(reader, index);
    const rows = paged(
      (after) => index.records(indexFilter(filter), { after, limit: pageRows }),
      (row) => row.id,
    );
    const shown = { names: filter.names === true, texts: filter.texts === true };
    for (const { id: _id, ...record } of rows)
      yield withInstant(withMeaning(listedRecord(record, shown), makers, conduct.lang), clockOf);
  },
  identifiers: (reader, _index, { names }) => listedIdentifiers(identifiersWithSources(reader), names === true),
  events: (reader, index, filter) => eventsOf(reader, index, filter),
};

/**
 * Lists one kind of thing, row by row in a stable order; the index is rebuilt first where it is missing or stale.
 * Problems: those of reading the case and of building the index.
 */
export async function queryCase<Source extends QuerySource>(
  directory: string,
  source: Source,
  filter: CaseFilter,
  conduct: Conduct,
  onRow: (row: QueryRows[Source]) => void,
): Promise<Result<null>> {
  return withIndex(directory, conduct, (reader, index) => {
    for (const row of queries[source](reader, index, filter, conduct)) onRow(row);
    return ok(null);
  });
}

/** `queryCase` for lists that fit into memory. */
export async function listCase<Source extends QuerySource>(
  directory: string,
  source: Source,
  filter: CaseFilter,
  conduct: Conduct,
): Promise<Result<QueryRows[Source][]>> {
  const rows: QueryRows[Source][] = [];
  const done = await queryCase(directory, source, filter, conduct, (row) => rows.push(row));
  return done.ok ? ok(rows) : done;
}

function indexFilter(filter: CaseFilter): IndexFilter {
  return {
    ...(filter.label === null ? {} : { label: filter.label }),
    ...(filter.run === null ? {} : { run: filter.run }),
  };
}

/** Row numbers of what passes, a page at a time; label and run hold as they are written. */
function* numbersOf(
  reader: CaseReader,
  index: IndexReader,
  table: RowTable,
  terms: readonly FilterTerm[],
): Generator<Uint32Array> {
  const rows = matchingRows(rowFactsOf(reader, index), table, terms, asCaptured);
  for (let from = 0; from < rows.length; from += pageRows) yield rows.page(from, from + pageRows);
}

function isOf(filter: CaseFilter, place: { readonly label: string; readonly run: string | null } | undefined): boolean {
  return (filter.label === null || place?.label === filter.label) && (filter.run === null || place?.run === filter.run);
}

function* filteredFlows(
  reader: CaseReader,
  index: IndexReader,
  filter: CaseFilter,
  terms: readonly FilterTerm[],
): Generator<Flow> {
  const places = new Map(reader.exhibits().map((one) => [one.id, one]));
  for (const numbers of numbersOf(reader, index, 'flow', terms)) {
    for (const flow of index.rows('flow', numbers)) if (isOf(filter, places.get(flow.exhibit))) yield flow;
  }
}

function* filteredMessages(
  reader: CaseReader,
  index: IndexReader,
  filter: CaseFilter,
  terms: readonly FilterTerm[],
): Generator<Message> {
  const places = new Map(reader.exhibits().map((one) => [one.id, one]));
  for (const numbers of numbersOf(reader, index, 'message', terms)) {
    for (const { id: _id, ...message } of index.rows('message', numbers)) {
      if (isOf(filter, places.get(message.exhibit))) yield message;
    }
  }
}

/** In the order of their numbers, as without a filter. */
function filteredFindings(
  reader: CaseReader,
  index: IndexReader,
  filter: CaseFilter,
  terms: readonly FilterTerm[],
): Finding[] {
  const drafts = [...numbersOf(reader, index, 'finding', terms)].flatMap((numbers) => index.rows('finding', numbers));
  return reader
    .nameFindings(drafts.filter((one) => isOf(filter, one)))
    .map(({ context: _context, ...finding }) => finding);
}

function* paged<Row>(page: (after: number | undefined) => readonly Row[], key: (row: Row) => number): Generator<Row> {
  let after: number | undefined;
  for (;;) {
    const rows = page(after);
    yield* rows;
    const last = rows.at(-1);
    if (rows.length < pageRows || last === undefined) return;
    after = key(last);
  }
}

/**
 * What is known only since the index was built: an output that no parser could read is `unparsable` (its raw bytes are
 * kept), and a capture of a link type that this version does not read says so as its fault.
 */
export function exhibitsAsRead(reader: CaseReader, index: IndexReader | null, filter: CaseFilter): Exhibit[] {
  const faults = index?.faults() ?? [];
  const unparsable = new Set(faults.filter(({ code }) => code === 'unparsable').map(({ exhibit }) => exhibit));
  const unread = new Map(
    faults
      .filter(({ code }) => code === 'unknown-link-type')
      .map(({ exhibit, code, detail }) => [exhibit, `${code}: ${detail}`]),
  );
  const wanted = {
    ...(filter.label === null ? {} : { label: filter.label }),
    ...(filter.run === null ? {} : { run: filter.run }),
  };
  const parts = partsOf(reader.joinedCaptures());
  return reader.exhibits(wanted).map((one) => ({
    ...withPart(one, parts),
    outcome: one.outcome === 'read' && unparsable.has(one.id) ? ('unparsable' as const) : one.outcome,
    fault: one.fault ?? unread.get(one.id) ?? null,
  }));
}
