/**
 * The index: everything that can be recomputed from case.sqlite and the exhibits. Another schema version means rebuild,
 * never migrate. Columns are what queries filter and sort by; `body` is the whole object as JSON.
 */
export const indexSchemaVersion = 2;
export const indexApplicationId = 0x48536978;

export const indexTables = [
  { name: 'meta', key: 'key', columns: ['key', 'value'] },
  { name: 'exhibit', key: 'id', columns: ['id', 'label', 'handset', 'run', 'kind'] },
  { name: 'record', key: 'id', columns: ['id', 'exhibit', 'label', 'handset', 'run', 'kind', 'body'] },
  {
    name: 'flow',
    key: 'id',
    columns: [
      'id',
      'exhibit',
      'label',
      'run',
      'transport',
      'recipient',
      'hosts',
      'application',
      'channel',
      'packets',
      'bytes_to_server',
      'bytes_to_client',
      'body',
    ],
  },
  { name: 'message', key: 'id', columns: ['id', 'flow', 'exhibit', 'label', 'run', 'kind', 'host', 'body'] },
  {
    name: 'finding',
    key: 'key',
    columns: [
      'key',
      'rule',
      'severity',
      'confidence',
      'label',
      'run',
      'handset',
      'exhibit',
      'identifier',
      'identifier_kind',
      'representation',
      'channel',
      'recipient',
      'flow',
      'body',
    ],
  },
  { name: 'fault', key: 'id', columns: ['id', 'exhibit', 'code', 'offset_bytes', 'frame', 'count', 'detail'] },
  { name: 'visibility', key: 'label, run', columns: ['label', 'run', 'body'] },
  /** Columns of flows, messages and findings for filtering and sorting, in parts (`columns/`). */
  { name: 'column_part', key: 'name, part', columns: ['name', 'part', 'body'] },
] as const;
export type IndexTable = (typeof indexTables)[number]['name'];

export const indexTablesSql = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE exhibit (id TEXT PRIMARY KEY, label TEXT NOT NULL, handset TEXT NOT NULL, run TEXT, kind TEXT NOT NULL) STRICT;
CREATE TABLE record (
  id INTEGER PRIMARY KEY, exhibit TEXT NOT NULL, label TEXT NOT NULL, handset TEXT NOT NULL, run TEXT, kind TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE TABLE flow (
  id INTEGER PRIMARY KEY, exhibit TEXT NOT NULL, label TEXT NOT NULL, run TEXT, transport TEXT NOT NULL,
  recipient TEXT NOT NULL, hosts TEXT NOT NULL, application TEXT NOT NULL, channel TEXT NOT NULL, packets INTEGER NOT NULL,
  bytes_to_server INTEGER NOT NULL, bytes_to_client INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE TABLE message (
  id INTEGER PRIMARY KEY, flow INTEGER NOT NULL, exhibit TEXT NOT NULL, label TEXT NOT NULL, run TEXT, kind TEXT NOT NULL,
  host TEXT, body TEXT NOT NULL
) STRICT;
CREATE TABLE finding (
  key TEXT PRIMARY KEY, rule TEXT NOT NULL, severity TEXT NOT NULL, confidence TEXT NOT NULL, label TEXT NOT NULL, run TEXT,
  handset TEXT NOT NULL, exhibit TEXT, identifier TEXT, identifier_kind TEXT, representation TEXT, channel TEXT, recipient TEXT,
  flow INTEGER, body TEXT NOT NULL
) STRICT;
CREATE TABLE fault (
  id INTEGER PRIMARY KEY, exhibit TEXT, code TEXT NOT NULL, offset_bytes INTEGER, frame INTEGER, count INTEGER NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE TABLE visibility (label TEXT NOT NULL, run TEXT, body TEXT NOT NULL) STRICT;
CREATE TABLE column_part (name TEXT NOT NULL, part INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
`;

/**
 * Made after the load: nearly twice as fast as keeping them up to date. Flows and messages have none: their columns answer
 * faster, and an index over millions of rows costs seconds.
 */
export const indexIndexesSql = `
CREATE INDEX record_by_label ON record (label, kind);
CREATE INDEX record_by_exhibit ON record (exhibit);
CREATE UNIQUE INDEX column_part_by_name ON column_part (name, part);
CREATE INDEX finding_by_label ON finding (label);
`;
