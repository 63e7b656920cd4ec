import { canonicalRow, hashLink, hashRow, zeroHash } from './canonical.ts';
import type { RawValue } from './canonical.ts';
import { problemOf } from './durable-files.ts';
import { columnsOf, tableNames, tableSince } from './tables.ts';
import type { TableName } from './tables.ts';
import type { SqliteDatabase } from './sqlite.ts';
import type { CheckLine, CustodyEntry } from '../../shared/model/custody.ts';

/** Failures named one by one; beyond this many a line gives their number. */
const maxNamed = 100;

/** Recomputes every link of the custody chain, and looks for the printed head in it. */
export function checkChain(database: SqliteDatabase, wantedHead: string | undefined): readonly CheckLine[] {
  const failures: CheckLine[] = [];
  let expectedSeq = 1;
  let previous = zeroHash;
  // The zeros before the first entry are no head: every chain begins with them, so they would vouch for any.
  let headAt = -1;
  for (const entry of eachEntry(database)) {
    const wrong = wrongLink(entry, expectedSeq, previous);
    if (wrong !== null) failures.push({ check: 'custody', subject: `entry ${entry.seq}`, ok: false, detail: wrong });
    if (entry.hash === wantedHead) headAt = entry.seq;
    expectedSeq = entry.seq + 1;
    previous = entry.hash;
  }
  const count = expectedSeq - 1;
  if (count === 0) failures.push({ check: 'custody', subject: 'chain', ok: false, detail: 'the chain is empty' });
  const lines = named(failures, {
    check: 'custody',
    subject: 'chain',
    ok: true,
    detail: `${count} entries, head ${previous}`,
  });
  if (wantedHead === undefined) return lines;
  return [...lines, headLine(wantedHead, headAt, count)];
}

function headLine(wanted: string, at: number, count: number): CheckLine {
  if (wanted === zeroHash) {
    const detail = `${wanted} is what every chain begins after: it vouches for nothing`;
    return { check: 'custody', subject: 'head', ok: false, detail };
  }
  if (at < 0) {
    return {
      check: 'custody',
      subject: 'head',
      ok: false,
      detail: `${wanted} is not in the chain: entries were cut off or changed`,
    };
  }
  const since = count - at;
  return {
    check: 'custody',
    subject: 'head',
    ok: true,
    detail: since === 0 ? null : `entry ${at}; ${since} entries since`,
  };
}

function* eachEntry(database: SqliteDatabase): Generator<CustodyEntry> {
  yield* database
    .prepare(
      `SELECT seq, at, actor, action, subject, note, row_hash AS rowHash, previous_hash AS previousHash, hash
       FROM custody ORDER BY seq`,
    )
    .iterate() as Iterable<CustodyEntry>;
}

function wrongLink(entry: CustodyEntry, expectedSeq: number, previous: string): string | null {
  if (entry.seq !== expectedSeq) return `entries ${expectedSeq} to ${entry.seq - 1} are missing`;
  if (entry.previousHash !== previous) return 'does not follow from the entry before it';
  return hashLink(entry) === entry.hash ? null : 'was changed: its hash is another one';
}

/** Recomputes the hash of every row, and looks for rows without an entry and entries without a row. */
export function checkRows(database: SqliteDatabase): readonly CheckLine[] {
  return tableNames.flatMap((table) => {
    try {
      return checkTable(database, table);
    } catch (error) {
      const { problem } = problemOf(error, table);
      return [{ check: 'row', subject: table, ok: false, detail: `cannot be read: ${problem.detail ?? problem.code}` }];
    }
  });
}

function checkTable(database: SqliteDatabase, table: TableName): readonly CheckLine[] {
  const entries = entriesOf(database, table);
  const failures: CheckLine[] = [];
  let count = 0;
  // A case of an earlier format, opened for reading only, has no such table yet.
  const early = Number(database.pragma('user_version', { simple: true })) < (tableSince[table] ?? 0);
  for (const row of early ? [] : eachRow(database, table)) {
    count += 1;
    const entry = entries.get(row.number);
    entries.delete(row.number);
    const wrong =
      entry === undefined ? 'has no custody entry: it was inserted from outside' : wrongRow(table, row, entry);
    if (wrong !== null) failures.push({ check: 'row', subject: `${table}/${row.number}`, ok: false, detail: wrong });
  }
  for (const [number, entry] of entries) {
    const detail = `was deleted: custody entry ${entry.seq} recorded it`;
    failures.push({ check: 'row', subject: `${table}/${number}`, ok: false, detail });
  }
  return named(failures, { check: 'row', subject: table, ok: true, detail: `${count} rows` });
}

interface RowEntry {
  readonly seq: number;
  readonly rowFormat: number | null;
  readonly nonce: Uint8Array | null;
  readonly rowHash: string | null;
}

function entriesOf(database: SqliteDatabase, table: string): Map<string, RowEntry> {
  const rows = database
    .prepare(
      `SELECT substr(subject, ?) AS number, seq, row_format AS rowFormat, nonce, row_hash AS rowHash
       FROM custody WHERE subject >= ? AND subject < ?`,
    )
    // '0' follows '/', so the range is exactly what begins with «table/».
    .all(table.length + 2, `${table}/`, `${table}0`) as (RowEntry & { number: string })[];
  return new Map(rows.map((row) => [row.number, row]));
}

interface StoredRow {
  readonly number: string;
  readonly fields: ReadonlyMap<string, RawValue>;
}

/** Rows as the bytes that lie in the file: a text that decodes to the same string is still another one. */
function* eachRow(database: SqliteDatabase, table: string): Generator<StoredRow> {
  const columns = (database.pragma(`table_info(${table})`) as { name: string }[])
    .map((column) => column.name)
    .filter((name) => name !== 'row');
  const parts = columns.flatMap((name) => [`typeof("${name}")`, `CAST("${name}" AS BLOB)`]);
  const sql = `SELECT ${['CAST(row AS TEXT)', ...parts].join(', ')} FROM ${table} ORDER BY row`;
  const rows = database.prepare(sql).raw().iterate() as Iterable<readonly (string | Uint8Array | null)[]>;
  for (const row of rows) {
    const fields = columns.map((name, index): [string, RawValue] => {
      const bytes = row[2 + index * 2];
      return [
        name,
        { type: String(row[1 + index * 2]), bytes: bytes instanceof Uint8Array ? bytes : new Uint8Array(0) },
      ];
    });
    yield { number: String(row[0]), fields: new Map(fields) };
  }
}

function wrongRow(table: string, row: StoredRow, entry: RowEntry): string | null {
  const changed = `was changed: it does not match custody entry ${entry.seq}`;
  const columns = columnsOf(entry.rowFormat ?? 0, table);
  if (columns === null || entry.nonce === null || entry.rowHash === null) return changed;
  const fields: (readonly [string, RawValue])[] = [];
  for (const column of columns) {
    const value = row.fields.get(column);
    if (value === undefined) return changed;
    fields.push([column, value]);
  }
  const hash = hashRow(entry.rowFormat ?? 0, entry.nonce, canonicalRow(table, fields));
  return hash === entry.rowHash ? null : changed;
}

function named(failures: readonly CheckLine[], good: CheckLine): readonly CheckLine[] {
  if (failures.length === 0) return [good];
  if (failures.length <= maxNamed) return failures;
  const more = { ...good, ok: false, detail: `${failures.length - maxNamed} more failures` };
  return [...failures.slice(0, maxNamed), more];
}
