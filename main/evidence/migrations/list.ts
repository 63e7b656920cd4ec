import { firstFormat } from './0001-first-format.ts';
import { complaintSymptom } from './0002-complaint-symptom.ts';
import { joinedCaptures } from './0003-joined-captures.ts';
import { handsetChanges } from './0004-handset-changes.ts';
import { intake } from './0005-intake.ts';
import { changeIdentity } from './0006-change-identity.ts';
import type { Migration } from './migration.ts';

/** All steps, in order: a new one is a new file and a line here. */
export const migrations: readonly Migration[] = [
  firstFormat,
  complaintSymptom,
  joinedCaptures,
  handsetChanges,
  intake,
  changeIdentity,
];

/** The format that this program writes. A case with a higher one is refused (`case-newer`). */
export const formatVersion = migrations.length;
