import fs from 'node:fs';
import path from 'node:path';
import { fsyncDirectory, problemOf } from './durable-files.ts';
import { hashFile } from './file-hash.ts';
import { hook } from './hooks.ts';
import { IndexBuilder } from './index-builder.ts';
import { inputsDigest } from './index-inputs.ts';
import { listIndexFiles, readPointer, writePointer } from './index-pointer.ts';
import type { IndexDigests } from './index-digest.ts';
import type { IndexPointer } from './index-pointer.ts';
import { indexSchemaVersion } from './index-tables.ts';
import type { CaseReader } from './readers/case-reader.ts';
import { IndexReader } from './readers/index-reader.ts';
import { createScratchSqlite, createSqlite } from './sqlite.ts';
import type { SqliteDatabase } from './sqlite.ts';
import { ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';

/** A new generation that lies beside the current one until it is published. */
export class IndexGeneration extends IndexBuilder {
  readonly #directory: string;
  readonly #generation: number;
  readonly #facts: { readonly engineVersion: string; readonly inputs: string };

  constructor(
    database: SqliteDatabase,
    reader: CaseReader,
    generation: number,
    facts: { readonly engineVersion: string; readonly inputs: string },
  ) {
    super(database, reader.exhibits());
    this.#directory = reader.directory;
    this.#generation = generation;
    this.#facts = facts;
  }

  /** Makes it durable, switches the pointer to it and removes older generations. Readers see it when they reopen. */
  publish(): Result<IndexPointer> {
    const building = buildingFile(this.#directory, this.#generation);
    const name = `index-${this.#generation}.sqlite`;
    try {
      const digests = this.complete();
      this.close();
      hook('index.fsync');
      const fd = fs.openSync(building, 'r+');
      try {
        fs.fsyncSync(fd);
      } finally {
        fs.closeSync(fd);
      }
      const { bytes, sha256 } = hashFile(building);
      hook('index.rename');
      fs.renameSync(building, path.join(this.#directory, name));
      fsyncDirectory(this.#directory, 'file.directory-fsync');
      const pointer: IndexPointer = {
        generation: this.#generation,
        file: name,
        bytes,
        sha256,
        schemaVersion: indexSchemaVersion,
        ...this.#facts,
        digests,
      };
      hook('index.pointer');
      writePointer(this.#directory, pointer);
      hook('index.remove-old');
      removeIndexFiles(this.#directory, name);
      return ok(pointer);
    } catch (error) {
      this.discard();
      return problemOf(error, this.#directory);
    }
  }

  /** Gives the generation up; the current index stays. */
  discard(): void {
    this.close();
    fs.rmSync(buildingFile(this.#directory, this.#generation), { force: true });
  }
}

const buildingFile = (directory: string, generation: number): string =>
  path.join(directory, `index-${generation}.sqlite.building`);

/** Begins the next generation; what an earlier, killed build left is removed. */
export function beginIndexBuild(reader: CaseReader, engineVersion: string): Result<IndexGeneration> {
  const { directory } = reader;
  let file = directory;
  try {
    hook('index.begin');
    const pointer = readPointer(directory);
    const current = pointer === null || pointer === 'damaged' ? null : pointer.file;
    const generation = Math.max(0, ...listIndexFiles(directory).map((known) => known.generation)) + 1;
    removeIndexFiles(directory, current);
    file = buildingFile(directory, generation);
    const inputs = inputsDigest(reader, engineVersion);
    return ok(new IndexGeneration(createSqlite(file), reader, generation, { engineVersion, inputs }));
  } catch (error) {
    return problemOf(error, file);
  }
}

function removeIndexFiles(directory: string, except: string | null): void {
  for (const { name } of listIndexFiles(directory)) {
    if (name === except) continue;
    try {
      fs.rmSync(path.join(directory, name), { force: true });
    } catch (error) {
      // Windows keeps a file that a reader has open: the next build removes it.
      problemOf(error, name);
    }
  }
}

export interface ScratchIndex extends IndexBuilder {
  /** Ends the load, returns the digests and throws the database away. */
  digests(): IndexDigests;
  /** Ends the load and gives the database to a reader; closing that one throws it away. Its generation is 0. */
  intoReader(engineVersion: string): IndexReader;
}

/**
 * An index that is never published: to compare a rebuild with what lies in the case (`verify` writes nothing into the
 * folder), and to ask a case that cannot be written. It lives in an unlinked file of the temporary folder (TMPDIR), so a
 * killed process leaves nothing behind.
 */
export function beginScratchIndex(reader: CaseReader): ScratchIndex {
  const database = createScratchSqlite('');
  const builder = new IndexBuilder(database, reader.exhibits());
  return Object.assign(builder, {
    intoReader: (engineVersion: string): IndexReader => {
      const digests = builder.complete();
      database.pragma('query_only = ON');
      const inputs = inputsDigest(reader, engineVersion);
      const nowhere = { generation: 0, file: '', bytes: 0, sha256: '' };
      return new IndexReader(database, {
        ...nowhere,
        schemaVersion: indexSchemaVersion,
        engineVersion,
        inputs,
        digests,
      });
    },
    digests: (): IndexDigests => {
      try {
        return builder.complete();
      } finally {
        builder.close();
      }
    },
  });
}
