import { canonicalRow, hashLink, hashRow, newNonce, rawValue, zeroHash } from './canonical.ts';
import { columnsOf, rowFormat } from './tables.ts';
import type { TableName } from './tables.ts';
import type { SqliteDatabase, SqliteStatement, SqliteValue } from './sqlite.ts';
import { wellFormed } from './well-formed.ts';
import type { CustodyEntry } from '../../shared/model/custody.ts';

export type Row = Readonly<Record<string, SqliteValue>>;

/** Who does what, when: the part of a custody entry that the caller knows. */
export interface CustodyFacts {
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly note: string | null;
}

/**
 * Inserts a row and its custody entry. Must run inside a transaction, so that neither can be without the other.
 * @returns the row's number in its table
 */
export function appendRow(database: SqliteDatabase, table: TableName, row: Row, facts: CustodyFacts): number {
  const columns = columnsOf(rowFormat, table) ?? [];
  const values = columns.map((column) => storable(row[column] ?? null));
  const marks = columns.map(() => '?').join(', ');
  const statement = prepared(database, `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`);
  const number = Number(statement.run(...values).lastInsertRowid);
  const nonce = newNonce();
  const canonical = canonicalRow(
    table,
    columns.map((column, index) => [column, rawValue(values[index] ?? null)] as const),
  );
  append(database, facts, { subject: `${table}/${number}`, nonce, rowHash: hashRow(rowFormat, nonce, canonical) });
  return number;
}

/** Adds an entry that names no row. Must run inside a transaction. */
export function appendNote(database: SqliteDatabase, facts: CustodyFacts): void {
  append(database, facts, { subject: null, nonce: null, rowHash: null });
}

function append(
  database: SqliteDatabase,
  facts: CustodyFacts,
  row: { readonly subject: string | null; readonly nonce: Uint8Array | null; readonly rowHash: string | null },
): void {
  const last = prepared(database, 'SELECT seq, hash FROM custody ORDER BY seq DESC LIMIT 1').get() as
    { seq: number; hash: string } | undefined;
  const link = {
    seq: (last?.seq ?? 0) + 1,
    at: facts.at,
    actor: wellFormed(facts.actor),
    action: wellFormed(facts.action),
    subject: row.subject,
    note: facts.note === null ? null : wellFormed(facts.note),
    rowHash: row.rowHash,
    previousHash: last?.hash ?? zeroHash,
  };
  prepared(
    database,
    `INSERT INTO custody (seq, at, actor, action, subject, note, row_format, nonce, row_hash, previous_hash, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    link.seq,
    link.at,
    link.actor,
    link.action,
    link.subject,
    link.note,
    row.rowHash === null ? null : rowFormat,
    row.nonce,
    link.rowHash,
    link.previousHash,
    hashLink(link),
  );
}

/** What is hashed must be what comes back: SQLite keeps UTF-8, which has no lone surrogates. */
function storable(value: SqliteValue): SqliteValue {
  return typeof value === 'string' ? wellFormed(value) : value;
}

const statements = new WeakMap<SqliteDatabase, Map<string, SqliteStatement>>();

/** A statement prepared once per connection. Only for the fixed texts of this room. */
export function prepared(database: SqliteDatabase, sql: string): SqliteStatement {
  let known = statements.get(database);
  if (known === undefined) {
    known = new Map();
    statements.set(database, known);
  }
  let statement = known.get(sql);
  if (statement === undefined) {
    statement = database.prepare(sql);
    known.set(sql, statement);
  }
  return statement;
}

/** Hash of the last entry: what is shown on screen and printed in reports. */
export function headOf(database: SqliteDatabase): string {
  const last = database.prepare('SELECT hash FROM custody ORDER BY seq DESC LIMIT 1').get() as
    { hash: string } | undefined;
  return last?.hash ?? zeroHash;
}

/** Entries in order, without nonces: this is what may be published. */
export function readCustody(database: SqliteDatabase): readonly CustodyEntry[] {
  return database
    .prepare(
      `SELECT seq, at, actor, action, subject, note, row_hash AS rowHash, previous_hash AS previousHash, hash
       FROM custody ORDER BY seq`,
    )
    .all() as CustodyEntry[];
}
