import fs from 'node:fs';
import { problemOf } from '../durable-files.ts';
import { damageOfIndexFile } from '../index-damage.ts';
import { inputsDigest } from '../index-inputs.ts';
import { indexFile, readPointer } from '../index-pointer.ts';
import type { IndexPointer } from '../index-pointer.ts';
import { indexApplicationId, indexSchemaVersion } from '../index-tables.ts';
import { openSqlite } from '../sqlite.ts';
import { IndexReader } from './index-reader.ts';
import type { CaseReader } from './case-reader.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import type { Result } from '../../../shared/model/problem.ts';

export interface IndexState {
  /**
   * `stale`: the case has changed since; `other-version`: another schema, rebuild; `damaged`: the pointer, or the file is
   * not byte for byte what was published.
   */
  readonly state: 'missing' | 'damaged' | 'other-version' | 'stale' | 'current';
  readonly generation: number | null;
  readonly engineVersion: string | null;
  /** For `damaged`: which file, and what is wrong with it (English, for custody). */
  readonly damage: string | null;
}

/** @param engineVersion when given, an index of another engine is stale too */
export function indexState(reader: CaseReader, engineVersion?: string): IndexState {
  const pointer = readPointer(reader.directory);
  const none = { generation: null, engineVersion: null, damage: null };
  if (pointer === null) return { state: 'missing', ...none };
  if (pointer === 'damaged') return { state: 'damaged', ...none, damage: 'index.json was changed' };
  const known = { generation: pointer.generation, engineVersion: pointer.engineVersion, damage: null };
  if (pointer.schemaVersion !== indexSchemaVersion) return { state: 'other-version', ...known };
  const file = indexFile(reader.directory, pointer);
  if (!fs.existsSync(file)) return { state: 'missing', ...none };
  // Asked before staleness: damage is told also where the index would be rebuilt anyway.
  const damage = damageOfIndexFile(file, pointer);
  if (damage !== null) return { state: 'damaged', ...known, damage: `${pointer.file} ${damage}` };
  const inputs = inputsDigest(reader, engineVersion ?? pointer.engineVersion);
  return { state: inputs === pointer.inputs ? 'current' : 'stale', ...known };
}

/** Generation of the index that lies there, whatever its state; null when there is none. */
export function indexGeneration(directory: string): number | null {
  const pointer = readPointer(directory);
  if (pointer === null || pointer === 'damaged') return null;
  return fs.existsSync(indexFile(directory, pointer)) ? pointer.generation : null;
}

/** Opens what the pointer names. `index-missing` when there is none, it has another schema or is not as published: build it again. */
export function openCurrentIndex(directory: string): Result<IndexReader> {
  // Between reading the pointer and opening, a publisher may switch and remove: then the new pointer is right.
  for (let attempt = 0; ; attempt += 1) {
    const pointer = readPointer(directory);
    if (pointer === null || pointer === 'damaged' || pointer.schemaVersion !== indexSchemaVersion) {
      return fail('index-missing', { path: directory }, pointer === 'damaged' ? 'the pointer is damaged' : '');
    }
    const there = fs.existsSync(indexFile(directory, pointer));
    const opened = there ? openIndexFile(directory, pointer) : fail('index-missing', { path: directory });
    if (opened.ok || attempt >= 3 || indexGeneration(directory) === pointer.generation) return opened;
  }
}

function openIndexFile(directory: string, pointer: IndexPointer): Result<IndexReader> {
  const file = indexFile(directory, pointer);
  const damage = damageOfIndexFile(file, pointer);
  if (damage !== null) return fail('index-missing', { path: file }, damage);
  try {
    const database = openSqlite(file, { readonly: true });
    const application = database.pragma('application_id', { simple: true });
    if (application === indexApplicationId) return ok(new IndexReader(database, pointer));
    database.close();
    return fail('index-missing', { path: file }, 'not an index');
  } catch (error) {
    return problemOf(error, file);
  }
}
