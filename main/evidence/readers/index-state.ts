import fs from 'node:fs';
import { problemOf } from '../durable-files.ts';
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
  /** `stale`: the case has changed since; `other-version`: another schema, rebuild; `damaged`: pointer or file. */
  readonly state: 'missing' | 'damaged' | 'other-version' | 'stale' | 'current';
  readonly generation: number | null;
  readonly engineVersion: string | null;
}

/** @param engineVersion when given, an index of another engine is stale too */
export function indexState(reader: CaseReader, engineVersion?: string): IndexState {
  const pointer = readPointer(reader.directory);
  if (pointer === null) return { state: 'missing', generation: null, engineVersion: null };
  if (pointer === 'damaged') return { state: 'damaged', generation: null, engineVersion: null };
  const known = { generation: pointer.generation, engineVersion: pointer.engineVersion };
  if (pointer.schemaVersion !== indexSchemaVersion) return { state: 'other-version', ...known };
  if (!fs.existsSync(indexFile(reader.directory, pointer))) {
    return { state: 'missing', generation: null, engineVersion: null };
  }
  const inputs = inputsDigest(reader, engineVersion ?? pointer.engineVersion);
  return { state: inputs === pointer.inputs ? 'current' : 'stale', ...known };
}

/** Opens what the pointer names. `index-missing` when there is none or it has another schema: build it again. */
export function openCurrentIndex(directory: string): Result<IndexReader> {
  // Between reading the pointer and opening, a publisher may switch and remove: then the new pointer is right.
  for (let attempt = 0; ; attempt += 1) {
    const pointer = readPointer(directory);
    if (pointer === null || pointer === 'damaged' || pointer.schemaVersion !== indexSchemaVersion) {
      return fail('index-missing', { path: directory }, pointer === 'damaged' ? 'the pointer is damaged' : '');
    }
    if (fs.existsSync(indexFile(directory, pointer))) {
      const opened = openIndexFile(directory, pointer);
      if (opened.ok || attempt >= 3) return opened;
    } else if (attempt >= 3) return fail('index-missing', { path: directory });
  }
}

function openIndexFile(directory: string, pointer: IndexPointer): Result<IndexReader> {
  const file = indexFile(directory, pointer);
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
