import type { CaseEvent } from '../../shared/model/event.ts';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { Identifier } from '../../shared/model/identifier.ts';
import type { Result } from '../../shared/model/problem.ts';
import { ok } from '../../shared/model/problem.ts';
import type { SnapshotRecord } from '../../shared/model/record.ts';
import type { Flow, Message } from '../../shared/model/traffic.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexFilter, IndexReader } from '../evidence/readers/index-reader.ts';
import type { Conduct } from './conduct.ts';
import { eventsOf } from './case-events.ts';
import { partsOf, withPart } from './capture-parts.ts';
import { withIndex } from './current-index.ts';
import { identifiersWithDoubts } from './identifier-doubts.ts';
import { namedFindings } from './named-findings.ts';

export interface CaseFilter {
  readonly label: string | null;
  readonly run: string | null;
}

/** What can be listed, with the shape of its rows (handbook: cli.md). */
export interface QueryRows {
  readonly exhibits: Exhibit;
  readonly flows: Flow;
  readonly messages: Message;
  readonly findings: Finding;
  readonly records: SnapshotRecord;
  readonly identifiers: Identifier;
  readonly events: CaseEvent;
}
export type QuerySource = keyof QueryRows;

/** Rows read at once from a table that may hold millions. */
const pageRows = 2000;

type Query<Row> = (reader: CaseReader, index: IndexReader, filter: CaseFilter, conduct: Conduct) => Iterable<Row>;

const queries: { readonly [Source in QuerySource]: Query<QueryRows[Source]> } = {
  exhibits: (reader, index, filter) => exhibitsAsRead(reader, index, filter),
  flows: (_reader, index, filter) =>
    paged(
      (after) => index.flows(indexFilter(filter), { after, limit: pageRows }),
      (row) => row.id,
    ),
  messages: function* (_reader, index, filter) {
    const rows = paged(
      (after) => index.messages(indexFilter(filter), { after, limit: pageRows }),
      (row) => row.id,
    );
    for (const { id: _id, ...message } of rows) yield message;
  },
  findings: (reader, index, filter, conduct) => namedFindings(reader, index, indexFilter(filter), conduct.lang),
  records: function* (_reader, index, filter) {
    const rows = paged(
      (after) => index.records(indexFilter(filter), { after, limit: pageRows }),
      (row) => row.id,
    );
    for (const { id: _id, ...record } of rows) yield record;
  },
  identifiers: (reader) => identifiersWithDoubts(reader),
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
export function exhibitsAsRead(reader: CaseReader, index: IndexReader, filter: CaseFilter): Exhibit[] {
  const faults = index.faults();
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
