import { realpathSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Problem, Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { CaptureFile } from '../dissection/capture-file.ts';
import { knowsLinkType } from '../dissection/link-layer.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import { unassigned } from '../evidence/case-types.ts';
import type { ExhibitWriter } from '../evidence/exhibit-writer.ts';
import type { ImportSource } from '../evidence/incoming.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import { readCaptureBytes } from './capture-bytes.ts';
import type { CaptureBytesRead } from './capture-bytes.ts';
import type { Conduct } from './conduct.ts';
import { ImportPace } from './import-pace.ts';
import type { Share } from './import-pace.ts';
import { readProblem } from './read-problem.ts';
import { wordsFor } from './words.ts';

/** A capture in custody, with what was learnt of it on the way. */
export interface StoredCapture {
  readonly exhibit: Exhibit;
  /** Packets by link type that this version cannot read: the file is whole, and another version may read it. */
  readonly unreadLinkTypes: ReadonlyMap<number, number>;
  /** Times of its earliest and latest packet, microseconds since the epoch; null where no packet has one. */
  readonly span: { readonly firstUs: number; readonly lastUs: number } | null;
}

/** Whom the files belong to. */
export interface Ownership {
  readonly handset: string;
  readonly label: string | null;
  readonly run: string | null;
}

/**
 * Copies a capture file into the case, hashes it on the way, and counts what is in it. A copy of the same file that was cut off
 * is gone on with: what lies there is compared with the file first. Cut off again (by the signal, by a source that is gone), it
 * waits; nothing of it is evidence until it is whole. Problems: `path-unreadable`, `disk-full` (nothing stays), `interrupted` …
 */
export async function storeCapture(
  writer: CaseWriter,
  file: string,
  wish: Ownership,
  conduct: Conduct,
  share: Share,
): Promise<Result<StoredCapture>> {
  const source = sourceOf(file);
  const left = unfinishedCopyOf(writer, source);
  if (left !== null) {
    const words = wordsFor(conduct.lang);
    const name = basename(file);
    conduct.notice?.(words('import.goes-on', { name, bytes: left.checkpoint.bytes }));
    const gone = await copyCapture(writer, source, wish, conduct, share, left.id);
    if (gone.ok || gone.problem.code !== 'source-changed') return gone;
    conduct.notice?.(words('import.source-changed', { name }));
  }
  return copyCapture(writer, source, wish, conduct, share);
}

/** Which file it is that is copied. Throws where it cannot be looked at. */
export function sourceOf(file: string): ImportSource {
  const path = realpathSync(file);
  const { size, mtimeMs } = statSync(path);
  return { path, bytes: size, modifiedMs: mtimeMs };
}

/** Another disk may carry the file now: then name, size and time of change say that it is the same. Its bytes are compared anyway. */
export function unfinishedCopyOf(reader: Pick<CaseReader, 'unfinishedImports'>, source: ImportSource) {
  const sameName = (path: string): boolean => basename(path) === basename(source.path);
  const known = reader.unfinishedImports().filter((one) => {
    const { path, bytes, modifiedMs } = one.source;
    return path === source.path || (sameName(path) && bytes === source.bytes && modifiedMs === source.modifiedMs);
  });
  return known.toSorted((a, b) => b.checkpoint.bytes - a.checkpoint.bytes)[0] ?? null;
}

async function copyCapture(
  writer: CaseWriter,
  source: ImportSource,
  wish: Ownership,
  conduct: Conduct,
  share: Share,
  resumes?: string,
): Promise<Result<StoredCapture>> {
  const name = basename(source.path);
  const origin = { type: 'import', fileName: name, compression: null } as const;
  const { handset, run } = wish;
  const label = wish.label ?? unassigned;
  const owned = { originalName: name, kind: 'capture', label, handset, run } as const;
  const begun = writer.beginExhibit({ ...owned, acquisition: null, collector: null, origin }, source, resumes);
  if (!begun.ok) return begun;
  const exhibit = begun.value;
  const counted = new PacketCount();
  const pace = new ImportPace(conduct, name, share);
  let problem: Problem | null = null;
  let read: CaptureBytesRead;
  try {
    read = await readCaptureBytes(source.path, {
      onFileBytes: (block) => {
        problem = written(exhibit, block);
        return problem === null;
      },
      onBlock: (block) => counted.file.push(block),
      onProgress: (bytes) => pace.tell(bytes, counted.packets),
      cancelled: () => conduct.signal.aborted,
    });
  } catch (error) {
    // The source's disk is gone: what was copied waits for it.
    putAside(exhibit);
    return readProblem(error, source.path);
  }
  if (problem !== null) return given(exhibit, problem);
  if (conduct.signal.aborted) {
    const kept = putAside(exhibit);
    if (kept > 0) conduct.notice?.(wordsFor(conduct.lang)('import.waits', { name, bytes: kept }));
    return fail('interrupted');
  }
  counted.file.finish();
  const outer = read.compressionFault;
  // What is wrong with the compression is the cause of what is wrong inside.
  const inner = outer === null ? counted.fault : `${outer.code}: ${outer.detail}`;
  const stored = exhibit.finish({
    // Whatever its name says: with a fault before the first packet nothing of it could be read.
    outcome: inner !== null && counted.packets === 0 ? 'unparsable' : 'read',
    packets: counted.packets,
    fault: inner ?? changeOf(source, read.fileBytes),
    origin: { ...origin, compression: read.compression },
  });
  if (!stored.ok) return given(exhibit, stored.problem);
  return ok({ exhibit: stored.value, unreadLinkTypes: counted.unreadLinkTypes, span: counted.span });
}

/** Time between two checkpoints of a long copy: what a crash can cost. */
const checkpointBytes = 256 * 1024 * 1024;

function written(exhibit: ExhibitWriter, block: Uint8Array): Problem | null {
  const before = exhibit.bytes;
  const done = exhibit.write(block);
  if (!done.ok) return done.problem;
  const isDue = Math.floor(exhibit.bytes / checkpointBytes) > Math.floor(before / checkpointBytes);
  const point = isDue && exhibit.bytes > exhibit.resumedBytes ? exhibit.checkpoint() : null;
  return point === null || point.ok ? null : point.problem;
}

/** A copy that cannot be gone on with is taken away: a full disk gets its room back, and the case is as it was. */
function given(exhibit: ExhibitWriter, problem: Problem): Result<never> {
  exhibit.drop();
  return { ok: false, problem };
}

/** Leaves what was copied to be gone on with; returns how much. Where nothing was, nothing stays. */
function putAside(exhibit: ExhibitWriter): number {
  const bytes = Math.max(exhibit.bytes, exhibit.resumedBytes);
  if (bytes > 0 && exhibit.suspend().ok) return bytes;
  if (exhibit.isOpen) exhibit.drop();
  return 0;
}

/** A file that grew, shrank or was replaced while it was read: the exhibit is what was read, and says so. */
function changeOf(source: ImportSource, fileBytes: number): string | null {
  const now = statSync(source.path, { throwIfNoEntry: false });
  if (now?.size === source.bytes && now.mtimeMs === source.modifiedMs && fileBytes === source.bytes) return null;
  const size = now === undefined ? 'is gone' : `has ${now.size} bytes`;
  return `changed-while-read: it had ${source.bytes} bytes at the beginning and ${size} at the end; ${fileBytes} were read`;
}

/** A hostile file may name thousands of link types: after the first ones they are counted together. */
const maxLinkTypes = 16;
/** Stands for them. */
export const furtherLinkTypes = -1;

/** Counts packet records while a file is copied; the first fault of the file is kept. */
class PacketCount {
  packets = 0;
  fault: string | null = null;
  readonly file: CaptureFile;
  readonly unreadLinkTypes = new Map<number, number>();
  #firstUs = Number.POSITIVE_INFINITY;
  #lastUs = Number.NEGATIVE_INFINITY;
  /** The link type seen last that can be read. */
  #readable = -1;

  get span(): StoredCapture['span'] {
    return this.#firstUs <= this.#lastUs ? { firstUs: this.#firstUs, lastUs: this.#lastUs } : null;
  }

  constructor() {
    this.file = new CaptureFile({
      packet: (_bytes, _start, _end, _wireLength, linkType, us) => {
        this.packets += 1;
        if (us < this.#firstUs) this.#firstUs = us;
        if (us > this.#lastUs) this.#lastUs = us;
        if (linkType === this.#readable) return;
        if (knowsLinkType(linkType)) this.#readable = linkType;
        else {
          const isTold = this.unreadLinkTypes.size < maxLinkTypes || this.unreadLinkTypes.has(linkType);
          const told = isTold ? linkType : furtherLinkTypes;
          this.unreadLinkTypes.set(told, (this.unreadLinkTypes.get(told) ?? 0) + 1);
        }
      },
      numberedRecord: () => {
        this.packets += 1;
      },
      fileFault: (code, detail, offsetBytes) => {
        this.fault ??= `${code} at byte ${offsetBytes}: ${detail}`;
      },
    });
  }
}
