import type { CaseStore } from './case-store.ts';
import type { NewIntake } from './case-types.ts';
import { isInstant } from './instants.ts';
import { nextNumber } from './row-numbers.ts';
import type { SqliteDatabase } from './sqlite.ts';
import { tableSince } from './tables.ts';
import type { Intake } from '../../shared/model/intake.ts';
import { fail } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';

type Row = Readonly<Record<string, unknown>>;

/** Every intake in the order of recording, with its signature; none in a case of a format before. */
export function readIntakes(database: SqliteDatabase): readonly Intake[] {
  const format = Number(database.pragma('user_version', { simple: true }));
  if (format < (tableSince.intake ?? 0)) return [];
  const rows = database
    .prepare(
      `SELECT i.*, s.signed_by, s.signed_at FROM intake i LEFT JOIN intake_signature s ON s.intake = i.id ORDER BY i.row`,
    )
    .all() as Row[];
  return rows.map(toIntake);
}

function toIntake(row: Row): Intake {
  return {
    id: row['id'],
    handset: row['handset'],
    exhibitNumber: row['exhibit_number'],
    seal: row['seal'],
    receivedFrom: row['received_from'],
    receivedAt: row['received_at'],
    state: parsed(row['state']),
    authority: row['authority'],
    photographs: parsed(row['photographs']),
    confirmed: parsed(row['confirmed']),
    note: row['note'],
    recordedBy: row['recorded_by'],
    recordedAt: row['recorded_at'],
    signed: row['signed_by'] === null ? null : { by: row['signed_by'], at: row['signed_at'] },
  } as Intake;
}

const parsed = (text: unknown): unknown => JSON.parse(String(text));

/** Records an intake of a known handset. Problem: `instant-invalid`. */
export function writeIntake(store: CaseStore, intake: NewIntake): Result<Intake> {
  if (!isInstant(intake.receivedAt)) return fail('instant-invalid', { value: intake.receivedAt });
  return store.write(() => {
    const id = `IN${nextNumber(store.database, 'intake')}`;
    const recorded = { ...intake, id, recordedBy: store.actor, recordedAt: store.now(), signed: null };
    const row = {
      id,
      handset: recorded.handset,
      exhibit_number: recorded.exhibitNumber,
      seal: recorded.seal,
      received_from: recorded.receivedFrom,
      received_at: recorded.receivedAt,
      state: JSON.stringify(recorded.state),
      authority: recorded.authority,
      photographs: JSON.stringify(recorded.photographs),
      confirmed: JSON.stringify(recorded.confirmed),
      note: recorded.note,
      recorded_by: recorded.recordedBy,
      recorded_at: recorded.recordedAt,
    };
    // Who gave it and under what authority stays out of the chain: what is published must not name anybody.
    store.append('intake', row, 'intake-recorded', `${id} ${recorded.handset}`);
    return recorded;
  });
}

/**
 * A second person's signature under an intake; of a handset's intakes only the latest is signed. Problems: `intake-unknown`,
 * `intake-superseded`, `intake-signed`, `intake-own` (who recorded it cannot sign it).
 */
export function writeIntakeSignature(store: CaseStore, id: string): Result<Intake> {
  const all = readIntakes(store.database);
  const intake = all.find((one) => one.id === id);
  if (intake === undefined) return fail('intake-unknown', { id });
  const latest = all.filter((one) => one.handset === intake.handset).at(-1);
  if (latest !== undefined && latest.id !== id) return fail('intake-superseded', { id, latest: latest.id });
  if (intake.signed !== null) return fail('intake-signed', { id, by: intake.signed.by });
  if (sameName(intake.recordedBy, store.actor)) return fail('intake-own', { id, by: intake.recordedBy });
  return store.write(() => {
    const signed = { by: store.actor, at: store.now() };
    const row = { intake: id, signed_by: signed.by, signed_at: signed.at };
    store.append('intake_signature', row, 'intake-signed', id);
    return { ...intake, signed };
  });
}

/** The same person written with other capitals, spaces or width is the same person. */
function sameName(one: string, other: string): boolean {
  const plain = (name: string): string => name.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
  return plain(one) === plain(other);
}
