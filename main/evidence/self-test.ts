import { createScratchSqlite } from './sqlite.ts';

/** Tries what a case needs of SQLite on a database in memory (STRICT tables, triggers); returns its version. Throws when it fails. */
export function sqliteSelfTest(): string {
  const database = createScratchSqlite();
  try {
    database.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
      CREATE TRIGGER t_no_update BEFORE UPDATE ON t BEGIN SELECT raise(ABORT, 'append-only'); END;
      INSERT INTO t (text) VALUES ('自我測試');`);
    const stored: unknown = database.prepare('SELECT text FROM t').pluck().get();
    if (stored !== '自我測試') throw new Error('SQLite gave back another text than was stored');
    return String(database.prepare('SELECT sqlite_version()').pluck().get());
  } finally {
    database.close();
  }
}
