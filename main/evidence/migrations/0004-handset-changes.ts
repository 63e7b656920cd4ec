import { appendOnly } from './migration.ts';
import type { Migration } from './migration.ts';

/**
 * What is done to a handset beyond reading, written before it is made: `undo` is JSON text, the typed steps that take it
 * back. Its ends follow as rows of their own (`undone`, `left` with why); the last one counts.
 */
export const handsetChanges: Migration = {
  version: 4,
  name: 'handset-changes',
  sql: `CREATE TABLE handset_change (
          row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, handset TEXT NOT NULL, serial TEXT NOT NULL, act TEXT NOT NULL,
          command TEXT NOT NULL, reason TEXT NOT NULL, undo TEXT NOT NULL, begun_at TEXT NOT NULL
        ) STRICT;
        ${appendOnly('handset_change')}
        CREATE TABLE handset_change_end (
          row INTEGER PRIMARY KEY, change_id TEXT NOT NULL, ended_at TEXT NOT NULL, outcome TEXT NOT NULL, why TEXT
        ) STRICT;
        ${appendOnly('handset_change_end')}`,
};
