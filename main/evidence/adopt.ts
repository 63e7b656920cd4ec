import fs from 'node:fs';
import { appendNote } from './custody.ts';
import type { CaseStore } from './case-store.ts';
import { insertExhibit } from './exhibit-rows.ts';
import { hashFile } from './file-hash.ts';
import { hook } from './hooks.ts';
import { caseLayout } from './case-layout.ts';
import {
  incomingFiles,
  lastCheckpoint,
  listIncoming,
  readFinal,
  readMeta,
  readSource,
  removeIncoming,
  writeFinal,
} from './incoming.ts';
import type { ExhibitMeta, FinalNote } from './incoming.ts';
import { holds, promote } from './vault.ts';
import { problemOf } from './durable-files.ts';
import { ok } from '../../shared/model/problem.ts';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Result } from '../../shared/model/problem.ts';

/**
 * Takes in what a dead writer left: arriving exhibits as far as their last checkpoint (outcome `interrupted`, with a
 * fault that says so), complete ones whose row was missing, and acquisitions without an end.
 * Idempotent: killed in the middle, the next opening goes on.
 */
export function adoptLeftovers(store: CaseStore): Result<readonly Exhibit[]> {
  const adopted: Exhibit[] = [];
  try {
    for (const id of listIncoming(store.directory).ids) {
      if (isUnfinishedCopy(store, id)) {
        // Nothing of it was ever made durable: there is nothing to go on with.
        if (lastCheckpoint(store.directory, id).bytes === 0) removeIncoming(store.directory, id);
        continue;
      }
      hook('adopt.begin');
      const result = adoptOne(store, id);
      if (!result.ok) return result;
      if (result.value !== null) adopted.push(result.value);
      hook('adopt.done');
      removeIncoming(store.directory, id);
    }
  } catch (error) {
    return problemOf(error, caseLayout.incoming(store.directory));
  }
  const ended = endAcquisitions(store);
  return ended.ok ? ok(adopted) : ended;
}

/** Part of a file that was being copied in: nothing half-imported is evidence. It waits until the import is gone on with. */
function isUnfinishedCopy(store: CaseStore, id: string): boolean {
  if (readSource(store.directory, id) === null || readMeta(store.directory, id) === null) return false;
  const { data, final } = incomingFiles(store.directory, id);
  return fs.existsSync(data) && !fs.existsSync(final);
}

function adoptOne(store: CaseStore, id: string): Result<Exhibit | null> {
  const known = store.database.prepare('SELECT 1 FROM exhibit WHERE incoming = ?').get(id);
  // The row is there: only the tidying up was missing.
  if (known !== undefined) return ok(null);
  const final = readFinal(store.directory, id);
  if (final !== null && contentIsThere(store, id, final)) return completeOne(store, id, final);
  const meta = readMeta(store.directory, id) ?? final?.meta ?? null;
  const { data } = incomingFiles(store.directory, id);
  if (meta === null) return discard(store, data);
  return adoptToCheckpoint(store, id, meta, data);
}

function contentIsThere(store: CaseStore, id: string, final: FinalNote): boolean {
  const { data } = incomingFiles(store.directory, id);
  return holds(data, final.sha256) || holds(caseLayout.exhibit(store.directory, final.sha256), final.sha256);
}

function completeOne(store: CaseStore, id: string, note: FinalNote): Result<Exhibit> {
  promoteDurably(store, id, note.sha256);
  const content = { ...note.meta, ...note.final, sha256: note.sha256, bytes: note.bytes };
  return insertExhibit(store, id, content, {
    action: 'exhibit-adopted',
    note: note.final.fault ?? 'complete; the program ended before its row was written',
  });
}

function adoptToCheckpoint(store: CaseStore, id: string, meta: ExhibitMeta, data: string): Result<Exhibit> {
  const point = lastCheckpoint(store.directory, id);
  if (!fs.existsSync(data)) fs.writeFileSync(data, '', { mode: 0o600 });
  const kept = hashFile(data, point.bytes);
  const dropped = fs.statSync(data).size - kept.bytes;
  const doubt = kept.sha256 === point.sha256 ? '' : '; its content is not what the checkpoint hashed';
  const fault = `interrupted: the program ended while it arrived; kept to the last checkpoint at ${kept.bytes} bytes, ${dropped} later bytes dropped${doubt}`;
  const final = { outcome: 'interrupted' as const, packets: null, fault };
  // Written before anything is cut, so that a second crash does not forget how much was dropped.
  writeFinal(store.directory, id, { meta, final, ...kept });
  hook('adopt.truncate');
  fs.chmodSync(data, 0o600);
  fs.truncateSync(data, kept.bytes);
  const fd = fs.openSync(data, 'r+');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
  promoteDurably(store, id, kept.sha256);
  return insertExhibit(store, id, { ...meta, ...final, ...kept }, { action: 'exhibit-adopted', note: fault });
}

function promoteDurably(store: CaseStore, id: string, sha256: string): void {
  const { data } = incomingFiles(store.directory, id);
  if (fs.existsSync(data)) promote(store.directory, data, sha256);
}

/** Bytes that nothing describes: their storing was never acknowledged. Custody says that they were there. */
function discard(store: CaseStore, data: string): Result<null> {
  const { bytes, sha256 } = fs.existsSync(data) ? hashFile(data) : { bytes: 0, sha256: null };
  if (bytes === 0) return ok(null);
  const noted = store.write(() => {
    const note = `${bytes} bytes without a description, SHA-256 ${sha256}`;
    appendNote(store.database, { at: store.now(), actor: store.actor, action: 'incoming-discarded', note });
  });
  return noted.ok ? ok(null) : noted;
}

function endAcquisitions(store: CaseStore): Result<void> {
  const open = store.database
    .prepare('SELECT id FROM acquisition WHERE id NOT IN (SELECT acquisition FROM acquisition_end) ORDER BY row')
    .pluck()
    .all() as string[];
  if (open.length === 0) return ok(undefined);
  return store.write(() => {
    for (const acquisition of open) {
      const row = {
        acquisition,
        ended_at: null,
        outcome: 'interrupted',
        detail: 'the program ended before it was over',
      };
      store.append('acquisition_end', row, 'acquisition-ended', `${acquisition} interrupted`);
    }
  });
}
