import { appendOnly } from './migration.ts';
import type { Migration } from './migration.ts';

/**
 * How a handset came in, before it was plugged in: `state` is JSON text (lock, power, airplane, sim, battery), `photographs`
 * and `confirmed` are JSON lists. A second person's signature is a row of its own.
 */
export const intake: Migration = {
  version: 5,
  name: 'intake',
  sql: `CREATE TABLE intake (
          row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, handset TEXT NOT NULL, exhibit_number TEXT NOT NULL, seal TEXT,
          received_from TEXT NOT NULL, received_at TEXT NOT NULL, state TEXT NOT NULL, authority TEXT NOT NULL,
          photographs TEXT NOT NULL, confirmed TEXT NOT NULL, note TEXT, recorded_by TEXT NOT NULL, recorded_at TEXT NOT NULL
        ) STRICT;
        ${appendOnly('intake')}
        CREATE TABLE intake_signature (
          row INTEGER PRIMARY KEY, intake TEXT NOT NULL UNIQUE, signed_by TEXT NOT NULL, signed_at TEXT NOT NULL
        ) STRICT;
        ${appendOnly('intake_signature')}`,
};
