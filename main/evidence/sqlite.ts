import Database from 'better-sqlite3';

/** The only file that imports better-sqlite3 (wall). */
export type SqliteDatabase = Database.Database;
export type SqliteStatement = Database.Statement<unknown[]>;
export type SqliteValue = string | number | bigint | Uint8Array | null;

export interface SqliteOptions {
  readonly readonly?: boolean;
  /** How long to wait for another process's lock, ms. */
  readonly timeoutMs?: number;
}

/**
 * Opens a database file that must exist, or bytes of one as a read-only copy in memory.
 * HANDSIGHT_SQLITE_BINDING names a binding built for an older Node-API (Electron 33: the prebuilt one crashes there).
 */
export function openSqlite(source: string | Buffer, options: SqliteOptions = {}): SqliteDatabase {
  const binding = process.env['HANDSIGHT_SQLITE_BINDING'];
  const database = new Database(source, {
    readonly: options.readonly ?? false,
    fileMustExist: typeof source === 'string' && source !== '',
    timeout: options.timeoutMs ?? 5000,
    ...(binding === undefined || binding === '' ? {} : { nativeBinding: binding }),
  });
  // The schema of a case may come from anywhere: no functions with side effects out of it, and cells are checked.
  database.pragma('trusted_schema = OFF');
  database.pragma('cell_size_check = ON');
  return database;
}

/** Makes a new database file (it must not exist yet). */
export function createSqlite(file: string): SqliteDatabase {
  const binding = process.env['HANDSIGHT_SQLITE_BINDING'];
  return new Database(file, binding === undefined || binding === '' ? {} : { nativeBinding: binding });
}

/** A database without a lasting name: `''` is an unlinked temporary file, `':memory:'` lives in memory. */
export function createScratchSqlite(where: '' | ':memory:' = ':memory:'): SqliteDatabase {
  return createSqlite(where);
}
