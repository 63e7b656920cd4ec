/** Filters are joined by «and». `host` matches a part of a name or address, `text` any text or number in the object. */
export interface IndexFilter {
  readonly label?: string | undefined;
  readonly run?: string | undefined;
  readonly exhibit?: string | undefined;
  readonly handset?: string | undefined;
  readonly kind?: string | undefined;
  readonly flow?: number | undefined;
  readonly host?: string | undefined;
  readonly channel?: string | undefined;
  readonly rule?: string | undefined;
  readonly identifier?: string | undefined;
  readonly text?: string | undefined;
}

/** Pages go by key, never by offset: `after` is the id (or key) of the last one seen. */
export interface Page {
  readonly after?: number | string | undefined;
  readonly limit?: number | undefined;
}

export interface Query {
  readonly table: 'record' | 'flow' | 'message' | 'finding';
  readonly key: 'id' | 'key';
  /** A column to be equal to, or a whole condition with `?` for the value. */
  readonly columns: Readonly<Partial<Record<keyof IndexFilter, string>>>;
}

const hasHost = `hosts LIKE ? ESCAPE '\\'`;

/** Which filters each table knows. A filter that a table does not know matches nothing of it. */
export const queries = {
  record: {
    table: 'record',
    key: 'id',
    columns: { label: 'label', run: 'run', exhibit: 'exhibit', handset: 'handset', kind: 'kind' },
  },
  flow: {
    table: 'flow',
    key: 'id',
    columns: {
      handset: 'exhibit IN (SELECT id FROM exhibit WHERE handset = ?)',
      label: 'label',
      run: 'run',
      exhibit: 'exhibit',
      channel: 'channel',
      kind: 'application',
      flow: 'id',
      host: hasHost,
    },
  },
  message: {
    table: 'message',
    key: 'id',
    columns: {
      label: 'label',
      run: 'run',
      exhibit: 'exhibit',
      kind: 'kind',
      flow: 'flow',
      channel: 'flow IN (SELECT id FROM flow WHERE channel = ?)',
      handset: 'exhibit IN (SELECT id FROM exhibit WHERE handset = ?)',
      host: `(host LIKE ? ESCAPE '\\' OR flow IN (SELECT id FROM flow WHERE ${hasHost}))`,
    },
  },
  finding: {
    table: 'finding',
    key: 'key',
    columns: {
      label: 'label',
      run: 'run',
      handset: 'handset',
      exhibit: 'exhibit',
      kind: 'identifier_kind',
      identifier: 'identifier',
      channel: 'channel',
      rule: 'rule',
      flow: 'flow',
      host: `recipient LIKE ? ESCAPE '\\'`,
    },
  },
} as const satisfies Record<string, Query>;
