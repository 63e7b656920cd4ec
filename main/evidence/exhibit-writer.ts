import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { caseLayout } from './case-layout.ts';
import { problemOf, writeAll } from './durable-files.ts';
import { appendNote } from './custody.ts';
import { insertExhibit } from './exhibit-rows.ts';
import { hook } from './hooks.ts';
import {
  incomingFiles,
  lastCheckpoint,
  newIncomingId,
  removeIncoming,
  writeFinal,
  writeMeta,
  writeSource,
} from './incoming.ts';
import type { Checkpoint, ExhibitFinal, ExhibitMeta, ImportSource } from './incoming.ts';
import type { CaseStore } from './case-store.ts';
import { demote, promote } from './vault.ts';
import type { Promotion } from './vault.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Result } from '../../shared/model/problem.ts';

/**
 * Receives the bytes of one exhibit. What a checkpoint or `finish` returned for survives a killed process; an exhibit
 * that was neither finished nor abandoned is adopted, as far as its last checkpoint, when the case is next opened for
 * writing.
 */
export class ExhibitWriter {
  /** Name among the incoming ones; results from what has arrived so far are provisional under it. */
  readonly id: string;
  readonly #store: CaseStore;
  readonly #meta: ExhibitMeta;
  readonly #hash = createHash('sha256');
  #fd: number;
  #log: number | null = null;
  #bytes = 0;
  #checkpoint: Checkpoint | null = null;
  #state: 'open' | 'closed' = 'open';

  /** Of a copy that is gone on with: bytes that lie there already, and are compared instead of written. */
  #there: Checkpoint | null = null;

  constructor(store: CaseStore, meta: ExhibitMeta, described: boolean, source: ImportSource | null, resumes?: string) {
    this.#store = store;
    this.#meta = meta;
    this.id = resumes ?? newIncomingId(Date.now());
    if (resumes !== undefined) {
      this.#fd = this.#goOn(source);
      return;
    }
    const { directory } = store;
    try {
      // A copy through git or an archive may have lost the empty folder.
      fs.mkdirSync(caseLayout.incoming(directory), { recursive: true });
      if (described) writeMeta(directory, this.id, meta);
      if (source !== null) writeSource(directory, this.id, source);
      hook('vault.incoming-open');
      this.#fd = fs.openSync(incomingFiles(directory, this.id).data, 'wx', 0o600);
    } catch (error) {
      removeIncoming(directory, this.id);
      throw error;
    }
  }

  /** Opens what a cut-off copy left, as far as its last checkpoint. On an error everything stays as it was. */
  #goOn(source: ImportSource | null): number {
    const { directory } = this.#store;
    this.#there = lastCheckpoint(directory, this.id);
    this.#checkpoint = this.#there;
    const fd = fs.openSync(incomingFiles(directory, this.id).data, 'r+');
    try {
      fs.ftruncateSync(fd, this.#there.bytes);
      writeMeta(directory, this.id, this.#meta);
      if (source !== null) writeSource(directory, this.id, source);
      return fd;
    } catch (error) {
      fs.closeSync(fd);
      throw error;
    }
  }

  /** Of a copy that is gone on with: how much is there already. */
  get resumedBytes(): number {
    return this.#there?.bytes ?? 0;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Where the bytes lie while they arrive. Read no further than the last checkpoint. */
  get path(): string {
    return incomingFiles(this.#store.directory, this.id).data;
  }

  /** Appends a chunk. After `disk-full` what was written before it is still there: finish or abandon. */
  write(chunk: Uint8Array): Result<void> {
    this.#assertOpen();
    const known = this.resumedBytes - this.#bytes;
    if (known <= 0) return this.#append(chunk);
    const same = this.#compare(chunk.subarray(0, known));
    return !same.ok || chunk.length <= known ? same : this.#append(chunk.subarray(known));
  }

  /** The bytes that lie there must be the ones that come, and those that the checkpoint hashed. */
  #compare(chunk: Uint8Array): Result<void> {
    const there = Buffer.allocUnsafe(chunk.length);
    try {
      const read = fs.readSync(this.#fd, there, 0, chunk.length, this.#bytes);
      if (read !== chunk.length || !there.equals(chunk)) return fail('source-changed', { bytes: this.resumedBytes });
    } catch (error) {
      return problemOf(error, this.path);
    }
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.resumedBytes || this.#hash.copy().digest('hex') === this.#there?.sha256)
      return ok(undefined);
    return fail('source-changed', { bytes: this.resumedBytes });
  }

  #append(chunk: Uint8Array): Result<void> {
    try {
      writeAll(this.#fd, chunk, this.#bytes, ['vault.write', 'vault.write-half']);
    } catch (error) {
      fs.ftruncateSync(this.#fd, this.#bytes);
      return problemOf(error, this.path);
    }
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    return ok(undefined);
  }

  /** Makes everything written so far durable, with its hash. Returns where that is. */
  checkpoint(): Result<Checkpoint> {
    this.#assertOpen();
    try {
      hook('vault.fsync');
      fs.fsyncSync(this.#fd);
      const point = { bytes: this.#bytes, sha256: this.#hash.copy().digest('hex') };
      this.#log ??= fs.openSync(incomingFiles(this.#store.directory, this.id).checkpoints, 'a', 0o600);
      const line = Buffer.from(`${point.bytes} ${point.sha256}\n`, 'latin1');
      writeAll(this.#log, line, null, ['vault.checkpoint-write', 'vault.checkpoint-half']);
      hook('vault.checkpoint-fsync');
      fs.fsyncSync(this.#log);
      this.#checkpoint = point;
      return ok(point);
    } catch (error) {
      return problemOf(error, this.path);
    }
  }

  /**
   * Ends the exhibit: bytes durable, in their place by hash, then the row with its custody entry.
   * On a problem nothing names it; the writer stays open for another try or for `abandon`.
   */
  finish(final: ExhibitFinal): Result<Exhibit> {
    this.#assertOpen();
    const { directory } = this.#store;
    const sha256 = this.#hash.copy().digest('hex');
    const { data } = incomingFiles(directory, this.id);
    let promotion: Promotion | null = null;
    let stored: Result<Exhibit>;
    try {
      hook('vault.fsync');
      fs.fsyncSync(this.#fd);
      writeFinal(directory, this.id, { meta: this.#meta, final, bytes: this.#bytes, sha256 });
      promotion = promote(directory, data, sha256);
      hook('vault.row');
      stored = insertExhibit(this.#store, this.id, { ...this.#meta, ...final, sha256, bytes: this.#bytes });
    } catch (error) {
      stored = problemOf(error, data);
    }
    if (!stored.ok) {
      this.#takeBack(promotion, data);
      return stored;
    }
    this.#close();
    hook('vault.cleanup');
    removeIncoming(directory, this.id);
    return stored;
  }

  /** Stops in the middle of a copy: what came so far is made durable and waits; it is no exhibit. */
  suspend(): Result<void> {
    const kept = this.#bytes > this.resumedBytes ? this.checkpoint() : ok(null);
    this.#close();
    return kept.ok ? ok(undefined) : kept;
  }

  /** Takes away a copy that came to nothing. Nothing of it was evidence: the file it is a copy of is where it was. */
  drop(): void {
    this.#assertOpen();
    this.#close();
    removeIncoming(this.#store.directory, this.id);
  }

  /** Gives the exhibit up. Once a checkpoint was acknowledged custody keeps what was dropped and why. */
  abandon(reason: string): Result<void> {
    this.#assertOpen();
    const dropped = this.#checkpoint;
    if (dropped !== null) {
      const note = `${reason}: ${dropped.bytes} bytes, SHA-256 ${dropped.sha256}`;
      const noted = this.#store.write(() => {
        const { now, actor, database } = this.#store;
        appendNote(database, { at: now(), actor, action: 'exhibit-abandoned', note });
      });
      if (!noted.ok) return noted;
    }
    hook('vault.abandon');
    this.#close();
    removeIncoming(this.#store.directory, this.id);
    return ok(undefined);
  }

  /** Leaves the files as they are, as a dying process would: for a store that is being closed. */
  detach(): void {
    if (this.#state === 'open') this.#close();
  }

  #takeBack(promotion: Promotion | null, data: string): void {
    fs.rmSync(incomingFiles(this.#store.directory, this.id).final, { force: true });
    if (promotion !== null) demote(promotion, data);
  }

  #close(): void {
    this.#state = 'closed';
    fs.closeSync(this.#fd);
    if (this.#log !== null) fs.closeSync(this.#log);
  }

  #assertOpen(): void {
    if (this.#state === 'closed') throw new Error(`exhibit ${this.id} is finished or abandoned already`);
  }
}

/** Opens a writer, or says why the folder cannot take it. */
export function beginExhibitWriter(
  store: CaseStore,
  meta: ExhibitMeta,
  described = true,
  source: ImportSource | null = null,
  resumes?: string,
): Result<ExhibitWriter> {
  try {
    return ok(new ExhibitWriter(store, meta, described, source, resumes));
  } catch (error) {
    return problemOf(error, caseLayout.incoming(store.directory));
  }
}
