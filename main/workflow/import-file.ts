import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Problem, Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { CaptureFile } from '../dissection/capture-file.ts';
import { knowsLinkType } from '../dissection/link-layer.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import { unassigned } from '../evidence/case-types.ts';
import { readCaptureBytes } from './capture-bytes.ts';
import { readCase, writeCaseWhile } from './case-session.ts';
import { checkedText } from './checked-text.ts';
import type { Conduct } from './conduct.ts';
import { faultGap, wordGap, wordStoredFault } from './gaps.ts';
import { lookAtKeyLog, storeKeyLog } from './import-key-log.ts';
import { readProblem } from './read-problem.ts';
import { compressionOf } from './unpack-capture.ts';

export interface ImportWish {
  readonly handset: string | null;
  readonly label: string | null;
  readonly run: string | null;
  /** Key logs (NSS format) that open what these captures hold, or captures that are in the case already. */
  readonly keyLogs?: readonly string[];
  /** Captures in the case that the key logs belong to, beside those imported with them. */
  readonly keyLogsFor?: readonly string[];
}

export interface Imported {
  readonly exhibits: readonly Exhibit[];
  /** What is wrong with a file that is in custody all the same, one a line. */
  readonly gaps: readonly string[];
}

/**
 * Takes capture files into custody: copied and hashed first, judged afterwards. Nothing is stored unless every file can be
 * opened and looks like a capture (by its first bytes or its name). Key logs follow, each an exhibit of its own.
 * Problems: `path-missing`, `path-unreadable`, `name-too-long`, `path-is-directory`, `empty-file`, `not-a-capture`, `not-a-key-log`, `exhibit-unknown`, `handset-unknown`, `case-locked`, `disk-full` …
 */
export async function importFiles(
  directory: string,
  files: readonly string[],
  wish: ImportWish,
  conduct: Conduct,
): Promise<Result<Imported>> {
  const texts = checkedText({ label: wish.label, run: wish.run, as: conduct.actor });
  if (!texts.ok) return texts;
  let totalBytes = 0;
  const keyLogs = wish.keyLogs ?? [];
  const looks = [...files.map(lookAt), ...keyLogs.map(lookAtKeyLog)];
  for (const looked of looks) {
    if (!looked.ok) return looked;
    totalBytes += looked.value;
  }
  const handset = wish.handset ?? unassigned;
  const known = readCase(directory, (reader): Result<null> => {
    if (handset !== unassigned && !reader.handsets().some((one) => one.id === handset))
      return fail('handset-unknown', { handset });
    const captures = new Set(reader.exhibits().flatMap(({ id, kind }) => (kind === 'capture' ? [id] : [])));
    const missing = wish.keyLogsFor?.find((id) => !captures.has(id));
    return missing === undefined ? ok(null) : fail('exhibit-unknown', { exhibit: missing });
  });
  if (!known.ok) return known;
  return writeCaseWhile(directory, 'importing captures', conduct, async (writer) => {
    const exhibits: Exhibit[] = [];
    const gaps: string[] = [];
    let doneBytes = 0;
    for (const file of files) {
      if (conduct.signal.aborted) return fail('interrupted');
      const stored = await storeCapture(writer, file, { ...wish, handset }, conduct, { doneBytes, totalBytes });
      if (!stored.ok) return stored;
      const { exhibit, unreadLinkTypes } = stored.value;
      exhibits.push(exhibit);
      const { id, originalName, fault, bytes } = exhibit;
      if (fault !== null) gaps.push(`${id} ${originalName}: ${wordStoredFault(conduct.lang, fault)}`);
      for (const [linkType, count] of unreadLinkTypes) {
        const detail = `link type ${linkType}`;
        gaps.push(wordGap(conduct.lang, faultGap(exhibit, { code: 'unknown-link-type', detail, count })));
      }
      doneBytes += bytes;
    }
    const captures = [...(wish.keyLogsFor ?? []), ...exhibits.map(({ id }) => id)];
    for (const file of keyLogs) {
      const { label, run } = wish;
      const belongs = { handset, label: label ?? unassigned, run, captures };
      const stored = await storeKeyLog(writer, file, belongs, conduct, { doneBytes, totalBytes });
      if (!stored.ok) return stored;
      const { id, originalName, fault, bytes } = stored.value;
      exhibits.push(stored.value);
      if (fault !== null) gaps.push(`${id} ${originalName}: ${wordStoredFault(conduct.lang, fault)}`);
      doneBytes += bytes;
    }
    return ok({ exhibits, gaps });
  });
}

const magics = new Set(['a1b2c3d4', 'd4c3b2a1', 'a1b23c4d', '4d3cb2a1', 'a1b2cd34', '34cdb2a1', '0a0d0d0a']);
const captureName = /\.(pcap|pcapng|cap|dmp)(\d+|\.\d+)?(\.gz|\.zst)?$/i;

/** Size of a file that may be taken in. */
function lookAt(file: string): Result<number> {
  try {
    const facts = statSync(file);
    if (facts.isDirectory()) return fail('path-is-directory', { path: file });
    if (!facts.isFile()) return fail('not-a-capture', { path: file });
    if (facts.size === 0) return fail('empty-file', { path: file });
    return looksLikeCapture(file) ? ok(facts.size) : fail('not-a-capture', { path: file });
  } catch (error) {
    return readProblem(error, file);
  }
}

function looksLikeCapture(file: string): boolean {
  const handle = openSync(file, 'r');
  try {
    const head = Buffer.alloc(4);
    const begin = head.subarray(0, readSync(handle, head, 0, 4, 0));
    return captureName.test(file) || magics.has(begin.toString('hex')) || compressionOf(begin) !== null;
  } finally {
    closeSync(handle);
  }
}

interface Stored {
  readonly exhibit: Exhibit;
  /** Packets by link type that this version cannot read: the file is whole, and another version may read it. */
  readonly unreadLinkTypes: ReadonlyMap<number, number>;
}

interface Span {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** Time between two checkpoints of a long copy: what a crash can cost. */
const checkpointBytes = 256 * 1024 * 1024;

async function storeCapture(
  writer: CaseWriter,
  file: string,
  wish: ImportWish & { readonly handset: string },
  conduct: Conduct,
  span: Span,
): Promise<Result<Stored>> {
  const name = basename(file);
  const begun = writer.beginExhibit({
    originalName: name,
    kind: 'capture',
    label: wish.label ?? unassigned,
    handset: wish.handset,
    run: wish.run,
    acquisition: null,
    collector: null,
    origin: { type: 'import', fileName: name, compression: null },
  });
  if (!begun.ok) return begun;
  const exhibit = begun.value;
  let problem: Problem | null = null;
  let sinceCheckpoint = 0;
  const counted = new PacketCount();
  const read = await readCaptureBytes(file, {
    onFileBytes: (block) => {
      const written = exhibit.write(block);
      if (!written.ok) problem = written.problem;
      sinceCheckpoint += block.length;
      if (problem === null && sinceCheckpoint >= checkpointBytes) {
        sinceCheckpoint = 0;
        const point = exhibit.checkpoint();
        if (!point.ok) problem = point.problem;
      }
      return problem === null;
    },
    onBlock: (block) => counted.file.push(block),
    onProgress: (bytes) =>
      conduct.progress({
        task: 'import',
        step: name,
        done: span.doneBytes + bytes,
        total: span.totalBytes,
        unit: 'bytes',
        note: null,
      }),
    cancelled: () => conduct.signal.aborted,
  });
  if (problem !== null || conduct.signal.aborted) {
    exhibit.abandon(conduct.signal.aborted ? 'import cancelled' : 'import failed');
    return problem === null ? fail('interrupted') : { ok: false, problem };
  }
  counted.file.finish();
  const outer = read.compressionFault;
  // What is wrong with the compression is the cause of what is wrong inside.
  const fault = outer === null ? counted.fault : `${outer.code}: ${outer.detail}`;
  const stored = exhibit.finish({
    // Whatever its name says: with a fault before the first packet nothing of it could be read.
    outcome: fault !== null && counted.packets === 0 ? 'unparsable' : 'read',
    packets: counted.packets,
    fault,
    origin: { type: 'import', fileName: name, compression: read.compression },
  });
  return stored.ok ? ok({ exhibit: stored.value, unreadLinkTypes: counted.unreadLinkTypes }) : stored;
}

/** A hostile file may name thousands of link types: the first ones say enough. */
const maxLinkTypes = 16;

/** Counts packet records while a file is copied; the first fault of the file is kept. */
class PacketCount {
  packets = 0;
  fault: string | null = null;
  readonly file: CaptureFile;
  readonly unreadLinkTypes = new Map<number, number>();
  /** The link type seen last that can be read. */
  #readable = -1;

  constructor() {
    this.file = new CaptureFile({
      packet: (_bytes, _start, _end, _wireLength, linkType) => {
        this.packets += 1;
        if (linkType === this.#readable) return;
        if (knowsLinkType(linkType)) this.#readable = linkType;
        else if (this.unreadLinkTypes.size < maxLinkTypes || this.unreadLinkTypes.has(linkType))
          this.unreadLinkTypes.set(linkType, (this.unreadLinkTypes.get(linkType) ?? 0) + 1);
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
