/** One numbered step of the format of case.sqlite. Steps only add: what was written stays as it was hashed. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** Triggers that keep the rows of a table as they were written. `verify` compares their text: it never changes. */
export function appendOnly(table: string): string {
  return ['UPDATE', 'DELETE']
    .map(
      (act) =>
        `CREATE TRIGGER ${table}_no_${act.toLowerCase()} BEFORE ${act} ON ${table} BEGIN SELECT RAISE(ABORT, 'append-only'); END;`,
    )
    .join('\n');
}
