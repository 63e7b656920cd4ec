import type { Migration } from './migration.ts';

/** What a complaint says goes wrong, as it was chosen from a list; NULL where nothing was chosen. */
export const complaintSymptom: Migration = {
  version: 2,
  name: 'complaint-symptom',
  sql: 'ALTER TABLE complaint ADD COLUMN symptom TEXT;',
};
