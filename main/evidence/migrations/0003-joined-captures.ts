import type { Migration } from './migration.ts';

/** Exhibits that are the files of one recording, in time order: `exhibits` is JSON text, a list of exhibit ids. */
export const joinedCaptures: Migration = {
  version: 3,
  name: 'joined-captures',
  sql: `CREATE TABLE joined_capture (
          row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, exhibits TEXT NOT NULL, added_at TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER joined_capture_no_update BEFORE UPDATE ON joined_capture BEGIN SELECT RAISE(ABORT, 'append-only'); END;
        CREATE TRIGGER joined_capture_no_delete BEFORE DELETE ON joined_capture BEGIN SELECT RAISE(ABORT, 'append-only'); END;`,
};
