import type { Migration } from './migration.ts';

/** By what the handset of a change is known again under another adb serial: JSON text; NULL where it told nothing. */
export const changeIdentity: Migration = {
  version: 6,
  name: 'change-identity',
  sql: 'ALTER TABLE handset_change ADD COLUMN identity TEXT;',
};
