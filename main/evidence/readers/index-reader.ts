import { ColumnStore } from '../columns/column-store.ts';
import { RowFacts } from '../columns/row-facts.ts';
import type { ExhibitPlace, QueryFacts } from '../columns/row-facts.ts';
import type { RowTable } from '../../../shared/filter/row-shapes.ts';
import type { IndexFault } from '../index-builder.ts';
import { digestIndex } from '../index-digest.ts';
import type { IndexDigests } from '../index-digest.ts';
import type { IndexPointer } from '../index-pointer.ts';
import { queries } from './index-queries.ts';
import type { IndexFilter, Page, Query } from './index-queries.ts';
import { likePattern, mentions } from './text-search.ts';
import type { SqliteDatabase } from '../sqlite.ts';
import type { Visibility } from '../../../shared/model/comparison.ts';
import type { FindingDraft } from '../../../shared/model/finding.ts';
import type { SnapshotRecord } from '../../../shared/model/record.ts';
import type { Channel, Flow, Message, Representation } from '../../../shared/model/traffic.ts';

export type { IndexFilter, Page } from './index-queries.ts';
export type IndexedMessage = Message & { readonly id: number };
export type IndexedRecord = SnapshotRecord & { readonly id: number };

export interface RecipientTraffic {
  readonly label: string;
  readonly recipient: string;
  readonly channel: Channel;
  readonly flows: number;
  readonly packets: number;
  readonly bytesToServer: number;
  readonly bytesToClient: number;
}

export interface RecipientFindings {
  readonly label: string;
  readonly recipient: string | null;
  readonly channel: Channel | null;
  readonly representation: Representation | null;
  readonly identifierKind: string | null;
  readonly findings: number;
}

export interface SearchMatch {
  readonly table: 'record' | 'flow' | 'message' | 'finding';
  readonly id: number | string;
  readonly exhibit: string | null;
  readonly label: string;
  readonly object: SnapshotRecord | Flow | Message | FindingDraft;
}

/** The filter and the page's beginning as a WHERE clause with its values. */
function conditionsOf(
  query: Query,
  filter: IndexFilter,
  after?: number | string,
  ids: readonly number[] | null = null,
): { readonly where: string; readonly values: readonly (string | number)[] } {
  const { text, ...named } = filter;
  const wheres: string[] = [];
  const values: (string | number)[] = [];
  for (const [name, value] of Object.entries(named)) {
    if (value === undefined) continue;
    const known = query.columns[name as keyof IndexFilter];
    const condition = known === undefined ? 'false' : known.includes('?') ? `(${known})` : `${known} = ?`;
    const bound = name === 'host' ? likePattern(String(value)) : value;
    wheres.push(condition);
    for (let mark = condition.indexOf('?'); mark >= 0; mark = condition.indexOf('?', mark + 1)) values.push(bound);
  }
  if (after !== undefined) {
    wheres.push(`${query.key} > ?`);
    values.push(after);
  }
  if (ids !== null) {
    wheres.push('rowid IN (SELECT value FROM json_each(?))');
    values.push(JSON.stringify(ids));
  }
  if (text !== undefined) {
    wheres.push(`body LIKE ? ESCAPE '\\'`);
    values.push(likePattern(text));
  }
  return { where: wheres.length === 0 ? '' : `WHERE ${wheres.join(' AND ')}`, values };
}

/** Questions to one index generation. Order is always by id (findings: by key), the same in every run. */
export class IndexReader {
  readonly pointer: IndexPointer;
  readonly #database: SqliteDatabase;
  readonly #columns: ColumnStore;

  constructor(database: SqliteDatabase, pointer: IndexPointer) {
    this.#database = database;
    this.pointer = pointer;
    // The same bytes under other events stand in other phases: what was worked out belongs to the inputs, too.
    this.#columns = new ColumnStore(database, pointer.sha256 === '' ? null : `${pointer.sha256} ${pointer.inputs}`);
  }

  /** For `matchingRows`, `summariseTime` and `facets`: filters over millions of rows. */
  rowFacts(facts: QueryFacts): RowFacts {
    const rows = this.#database.prepare('SELECT id, label, run, handset FROM exhibit').all() as (ExhibitPlace & {
      readonly id: string;
    })[];
    return new RowFacts(this.#columns, facts, new Map(rows.map(({ id, ...place }) => [id, place])));
  }

  /** What it was built from: an exhibit that came later is not in it. */
  exhibitIds(): ReadonlySet<string> {
    return new Set(this.#database.prepare('SELECT id FROM exhibit').pluck().all() as string[]);
  }

  /** Rows of a table by number, in the order asked for; numbers that it does not have are left out. */
  rows(table: 'flow', numbers: Iterable<number>): readonly Flow[];
  rows(table: 'message', numbers: Iterable<number>): readonly IndexedMessage[];
  rows(table: 'finding', numbers: Iterable<number>): readonly FindingDraft[];
  rows(table: RowTable, numbers: Iterable<number>): readonly (Flow | IndexedMessage | FindingDraft)[] {
    const statement = this.#database.prepare(`SELECT body FROM ${table} WHERE rowid = ?`).pluck();
    const found: (Flow | IndexedMessage | FindingDraft)[] = [];
    for (const number of numbers) {
      const body = statement.get(number);
      if (typeof body !== 'string') continue;
      const object = JSON.parse(body) as Flow | Message | FindingDraft;
      found.push(table === 'message' ? { ...(object as Message), id: number } : (object as Flow | FindingDraft));
    }
    return found;
  }

  records(filter: IndexFilter = {}, page: Page = {}): readonly IndexedRecord[] {
    return [...this.#each<SnapshotRecord>(queries.record, filter, page)].map((row) => ({
      ...row.object,
      id: Number(row.key),
    }));
  }

  flows(filter: IndexFilter = {}, page: Page = {}): readonly Flow[] {
    return [...this.#each<Flow>(queries.flow, filter, page)].map((row) => row.object);
  }

  flow(id: number): Flow | null {
    return this.flows({ flow: id })[0] ?? null;
  }

  messages(filter: IndexFilter = {}, page: Page = {}): readonly IndexedMessage[] {
    return [...this.#each<Message>(queries.message, filter, page)].map((row) => ({
      ...row.object,
      id: Number(row.key),
    }));
  }

  message(id: number): IndexedMessage | null {
    return this.messages({}, { after: id - 1, limit: 1 }).find((message) => message.id === id) ?? null;
  }

  /** Findings by key; the case joins numbers and decisions (`nameFindings`). */
  findings(filter: IndexFilter = {}, page: Page = {}): readonly FindingDraft[] {
    return [...this.#each<FindingDraft>(queries.finding, filter, page)].map((row) => row.object);
  }

  findingCount(): number {
    return Number(this.#database.prepare('SELECT count(*) FROM finding').pluck().get());
  }

  /** Keys of all findings, in order. */
  findingKeys(): readonly string[] {
    return this.#database.prepare('SELECT key FROM finding ORDER BY key').pluck().all() as string[];
  }

  /** Row number by key, for `rows`; null where there is none. */
  findingRow(key: string): number | null {
    const row = this.#database.prepare('SELECT rowid FROM finding WHERE key = ?').pluck().get(key);
    return typeof row === 'number' ? row : null;
  }

  /** Row numbers and keys of all findings, read from the index over keys alone. */
  findingRows(): Iterable<{ readonly row: number; readonly key: string }> {
    return this.#database.prepare('SELECT rowid AS row, key FROM finding ORDER BY key').iterate() as Iterable<{
      readonly row: number;
      readonly key: string;
    }>;
  }

  finding(key: string): FindingDraft | null {
    const body = this.#database.prepare('SELECT body FROM finding WHERE key = ?').pluck().get(key);
    return typeof body === 'string' ? (JSON.parse(body) as FindingDraft) : null;
  }

  faults(filter: { readonly exhibit?: string } = {}): readonly IndexFault[] {
    const rows = this.#database
      .prepare('SELECT exhibit, code, offset_bytes AS offsetBytes, frame, count, detail FROM fault ORDER BY id')
      .all() as IndexFault[];
    return rows.filter((row) => filter.exhibit === undefined || row.exhibit === filter.exhibit);
  }

  visibility(): readonly Visibility[] {
    const bodies = this.#database.prepare('SELECT body FROM visibility ORDER BY label, run').pluck().all() as string[];
    return bodies.map((body) => JSON.parse(body) as Visibility);
  }

  /** A fact put in with `insertMeta`, or undefined. */
  meta(key: string): unknown {
    const value = this.#database.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key);
    return typeof value === 'string' ? (JSON.parse(value) as unknown) : undefined;
  }

  counts(filter: Pick<IndexFilter, 'label'> = {}): Readonly<Record<Query['table'], number>> {
    const count = (table: string): number => {
      const where = filter.label === undefined ? '' : ' WHERE label = ?';
      const values = filter.label === undefined ? [] : [filter.label];
      return Number(
        this.#database
          .prepare(`SELECT count(*) FROM ${table}${where}`)
          .pluck()
          .get(...values),
      );
    };
    return { record: count('record'), flow: count('flow'), message: count('message'), finding: count('finding') };
  }

  /** How many rows of a table match: exactly as many as its pages hold. */
  count(table: Query['table'], filter: IndexFilter): number {
    const query = queries[table];
    if (filter.text !== undefined) {
      let matches = 0;
      for (const _row of this.#each(query, filter, {})) matches += 1;
      return matches;
    }
    const { where, values } = conditionsOf(query, filter, undefined, this.#idsOf(query, filter));
    return Number(
      this.#database
        .prepare(`SELECT count(*) FROM ${query.table} ${where}`)
        .pluck()
        .get(...values),
    );
  }

  /** Flows and bytes by label, recipient (first name, else address) and channel. */
  trafficByRecipient(filter: Pick<IndexFilter, 'label'> = {}): readonly RecipientTraffic[] {
    const rows = this.#database
      .prepare(
        `SELECT label, recipient, channel, count(*) AS flows, sum(packets) AS packets,
           sum(bytes_to_server) AS bytesToServer, sum(bytes_to_client) AS bytesToClient
         FROM flow GROUP BY label, recipient, channel ORDER BY label, recipient, channel`,
      )
      .all() as RecipientTraffic[];
    return rows.filter((row) => filter.label === undefined || row.label === filter.label);
  }

  /** Findings by label, recipient, channel, representation and kind of identifier. */
  findingsByRecipient(filter: Pick<IndexFilter, 'label'> = {}): readonly RecipientFindings[] {
    const rows = this.#database
      .prepare(
        `SELECT label, recipient, channel, representation, identifier_kind AS identifierKind, count(*) AS findings
         FROM finding GROUP BY label, recipient, channel, representation, identifier_kind
         ORDER BY label, recipient, channel, representation, identifier_kind`,
      )
      .all() as RecipientFindings[];
    return rows.filter((row) => filter.label === undefined || row.label === filter.label);
  }

  /** Everything in the index that holds `text` (case-insensitive in ASCII), at most `limit` a table. */
  search(text: string, limit = 1000): readonly SearchMatch[] {
    return Object.values(queries).flatMap((query) =>
      [...this.#each<SearchMatch['object']>(query, { text }, { limit })].map(({ key, object }) => ({
        table: query.table,
        id: key,
        exhibit: 'exhibit' in object ? object.exhibit : (object.frames[0]?.exhibit ?? null),
        label: this.#label(query, key),
        object,
      })),
    );
  }

  /** Digest by table of the logical content: what a rebuild has to give again. */
  canonicalDigest(): IndexDigests {
    return digestIndex(this.#database);
  }

  close(): void {
    this.#database.close();
  }

  #label(query: Query, key: number | string): string {
    return String(this.#database.prepare(`SELECT label FROM ${query.table} WHERE ${query.key} = ?`).pluck().get(key));
  }

  /** Messages and findings of one conversation are known by their column: no SQL index over millions of rows is kept for them. */
  #idsOf(query: Query, { flow }: IndexFilter): readonly number[] | null {
    const { table } = query;
    if (flow === undefined || (table !== 'message' && table !== 'finding')) return null;
    const flows = this.#columns.u32(`${table}.flow`);
    // In the column of findings conversations count from 1: 0 means «in none».
    const wanted = table === 'finding' ? flow + 1 : flow;
    const ids: number[] = [];
    for (let id = flows.indexOf(wanted, 1); id >= 0; id = flows.indexOf(wanted, id + 1)) ids.push(id);
    return ids;
  }

  *#each<T>(
    query: Query,
    filter: IndexFilter,
    page: Page,
  ): Generator<{ readonly key: number | string; readonly object: T }> {
    const { text } = filter;
    const { where, values } = conditionsOf(query, filter, page.after, this.#idsOf(query, filter));
    const sql = `SELECT ${query.key} AS key, body FROM ${query.table} ${where} ORDER BY ${query.key}`;
    let left = page.limit ?? Number.POSITIVE_INFINITY;
    if (left <= 0) return;
    const rows = this.#database.prepare(sql).iterate(...values) as Iterable<{ key: number | string; body: string }>;
    for (const row of rows) {
      const object = JSON.parse(row.body) as T;
      // LIKE saw the JSON text: field names and punctuation do not count.
      if (text !== undefined && !mentions(object, text)) continue;
      yield { key: row.key, object };
      left -= 1;
      if (left <= 0) return;
    }
  }
}
