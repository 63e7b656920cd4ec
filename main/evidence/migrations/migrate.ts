import { appendRow } from '../custody.ts';
import { hook } from '../hooks.ts';
import type { SqliteDatabase } from '../sqlite.ts';
import type { Migration } from './migration.ts';

/**
 * Brings a database to the last of `steps`, each step in one transaction with its row and custody entry.
 * A database without tables is at version 0. Throws SQLite's error; then it is as before the failing step.
 */
export function migrate(
  database: SqliteDatabase,
  steps: readonly Migration[],
  facts: { readonly at: string; readonly actor: string; readonly program: string },
): void {
  for (const step of steps) {
    if (step.version <= Number(database.pragma('user_version', { simple: true }))) continue;
    hook('case.migrate');
    database
      .transaction(() => {
        database.exec(step.sql);
        database.pragma(`user_version = ${step.version}`);
        appendRow(
          database,
          'migration',
          { version: step.version, name: step.name, applied_at: facts.at, program: facts.program },
          { at: facts.at, actor: facts.actor, action: 'format-migrated', note: `${step.version} ${step.name}` },
        );
      })
      .exclusive();
  }
}
