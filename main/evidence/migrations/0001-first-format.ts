import type { Migration } from './migration.ts';

const appendOnly = (table: string): string => `
CREATE TRIGGER ${table}_no_update BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER ${table}_no_delete BEFORE DELETE ON ${table} BEGIN SELECT RAISE(ABORT, 'append-only'); END;`;

const table = (name: string, columns: string): string =>
  `CREATE TABLE ${name} (row INTEGER PRIMARY KEY, ${columns}) STRICT;${appendOnly(name)}`;

/** The first format of case.sqlite. Instants are RFC 3339 text, lists and objects JSON text, booleans 0 or 1. */
export const firstFormat: Migration = {
  version: 1,
  name: 'first-format',
  sql: [
    `CREATE TABLE custody (
       seq INTEGER PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT UNIQUE,
       note TEXT, row_format INTEGER, nonce BLOB, row_hash TEXT, previous_hash TEXT NOT NULL, hash TEXT NOT NULL
     ) STRICT;${appendOnly('custody')}`,
    table(
      'migration',
      'version INTEGER NOT NULL UNIQUE, name TEXT NOT NULL, applied_at TEXT NOT NULL, program TEXT NOT NULL',
    ),
    table(
      'case_info',
      `case_id TEXT NOT NULL, number TEXT NOT NULL, title TEXT NOT NULL, examiner TEXT NOT NULL, created_at TEXT NOT NULL,
       synthetic INTEGER NOT NULL`,
    ),
    table('handset', 'id TEXT NOT NULL, label TEXT NOT NULL, serial TEXT, role TEXT NOT NULL, added_at TEXT NOT NULL'),
    table(
      'identifier',
      `id TEXT NOT NULL, handset TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, original TEXT NOT NULL,
       source TEXT NOT NULL, added_at TEXT NOT NULL, warnings TEXT NOT NULL, UNIQUE (handset, kind, value, source)`,
    ),
    table(
      'event',
      `id TEXT NOT NULL UNIQUE, run TEXT, label TEXT, handset TEXT, kind TEXT NOT NULL, at TEXT NOT NULL, at_handset TEXT,
       text TEXT NOT NULL, source TEXT NOT NULL`,
    ),
    table(
      'complaint',
      `id TEXT NOT NULL, handset TEXT, text TEXT NOT NULL, received_at TEXT NOT NULL, received_from TEXT NOT NULL,
       package TEXT, label_before TEXT, label_after TEXT`,
    ),
    table(
      'claim',
      `id TEXT NOT NULL, text TEXT NOT NULL, stated_at TEXT, source TEXT, predicates TEXT NOT NULL, added_at TEXT NOT NULL`,
    ),
    table(
      'protocol',
      'id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, version INTEGER NOT NULL, steps TEXT NOT NULL, added_at TEXT NOT NULL',
    ),
    table(
      'run',
      'id TEXT NOT NULL UNIQUE, protocol TEXT, handset TEXT NOT NULL, label TEXT NOT NULL, started_at TEXT NOT NULL, note TEXT',
    ),
    table(
      'acquisition',
      `id TEXT NOT NULL UNIQUE, handset TEXT NOT NULL, label TEXT NOT NULL, run TEXT, profile TEXT NOT NULL,
       serial TEXT NOT NULL, started_at TEXT NOT NULL`,
    ),
    table('acquisition_end', 'acquisition TEXT NOT NULL UNIQUE, ended_at TEXT, outcome TEXT NOT NULL, detail TEXT'),
    table(
      'exhibit',
      `id TEXT NOT NULL UNIQUE, original_name TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, kind TEXT NOT NULL,
       label TEXT NOT NULL, handset TEXT NOT NULL, run TEXT, outcome TEXT NOT NULL, packets INTEGER, fault TEXT,
       acquisition TEXT, collector TEXT, added_at TEXT NOT NULL, origin TEXT NOT NULL, incoming TEXT NOT NULL UNIQUE`,
    ),
    'CREATE INDEX exhibit_by_sha256 ON exhibit (sha256);',
    table(
      'decision',
      'finding_key TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL, decided_by TEXT NOT NULL, decided_at TEXT NOT NULL',
    ),
    table('finding_number', 'finding_key TEXT NOT NULL UNIQUE, number INTEGER NOT NULL UNIQUE'),
  ].join('\n'),
};
