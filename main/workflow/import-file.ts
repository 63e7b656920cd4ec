import { closeSync, openSync, readSync, realpathSync, statSync, statfsSync } from 'node:fs';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { unassigned } from '../evidence/case-types.ts';
import { readCase, writeCaseWhile } from './case-session.ts';
import { checkedText } from './checked-text.ts';
import { partsOf, withPart } from './capture-parts.ts';
import type { Conduct } from './conduct.ts';
import { furtherLinkTypes, sourceOf, storeCapture, unfinishedCopyOf } from './copy-capture.ts';
import type { StoredCapture } from './copy-capture.ts';
import { faultGap, wordGap, wordStoredFault } from './gaps.ts';
import { lookAtKeyLog, storeKeyLog } from './import-key-log.ts';
import { joinByTime } from './join-captures.ts';
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
  /** The files are one recording (a ring buffer, a capture split by size or time): to be read as one, in time order. */
  readonly asOne?: boolean;
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
  const twice = wish.asOne === true ? namedTwice(files) : null;
  if (twice !== null) return fail('file-twice', { path: twice });
  const handset = wish.handset ?? unassigned;
  const known = readCase(directory, (reader): Result<null> => {
    if (handset !== unassigned && !reader.handsets().some((one) => one.id === handset))
      return fail('handset-unknown', { handset });
    const captures = new Set(reader.exhibits().flatMap(({ id, kind }) => (kind === 'capture' ? [id] : [])));
    const missing = wish.keyLogsFor?.find((id) => !captures.has(id));
    if (missing !== undefined) return fail('exhibit-unknown', { exhibit: missing });
    const there = files.map((file) => unfinishedCopyOf(reader, sourceOf(file))?.checkpoint.bytes ?? 0);
    return roomFor(directory, totalBytes - there.reduce((sum, bytes) => sum + bytes, 0));
  });
  if (!known.ok) return known;
  return writeCaseWhile(directory, 'importing captures', conduct, async (writer) => {
    const stored: StoredCapture[] = [];
    const gaps: string[] = [];
    let doneBytes = 0;
    const startedMs = performance.now();
    for (const file of files) {
      if (conduct.signal.aborted) return fail('interrupted');
      const copied = await storeCapture(writer, file, { ...wish, handset }, conduct, {
        doneBytes,
        totalBytes,
        startedMs,
      });
      if (!copied.ok) return copied;
      const { exhibit, unreadLinkTypes } = copied.value;
      stored.push(copied.value);
      const { id, originalName, fault, bytes } = exhibit;
      if (fault !== null) gaps.push(`${id} ${originalName}: ${wordStoredFault(conduct.lang, fault)}`);
      for (const [linkType, count] of unreadLinkTypes) {
        const detail = linkType === furtherLinkTypes ? 'further link types' : `link type ${linkType}`;
        gaps.push(wordGap(conduct.lang, faultGap(exhibit, { code: 'unknown-link-type', detail, count })));
      }
      doneBytes += bytes;
    }
    const captures = stored.map((one) => one.exhibit);
    const others: Exhibit[] = [];
    const belongsTo = [...(wish.keyLogsFor ?? []), ...captures.map(({ id }) => id)];
    for (const file of keyLogs) {
      const { label, run } = wish;
      const belongs = { handset, label: label ?? unassigned, run, captures: belongsTo };
      const log = await storeKeyLog(writer, file, belongs, conduct, { doneBytes, totalBytes });
      if (!log.ok) return log;
      const { id, originalName, fault, bytes } = log.value;
      others.push(log.value);
      if (fault !== null) gaps.push(`${id} ${originalName}: ${wordStoredFault(conduct.lang, fault)}`);
      doneBytes += bytes;
    }
    if (wish.asOne !== true) return ok({ exhibits: [...captures, ...others], gaps });
    const joined = joinByTime(writer, stored, conduct);
    if (!joined.ok) return joined;
    const parts = partsOf(joined.value.capture === null ? [] : [joined.value.capture]);
    const told = joined.value.gaps.map((one) => wordGap(conduct.lang, one));
    return ok({ exhibits: [...captures.map((one) => withPart(one, parts)), ...others], gaps: [...gaps, ...told] });
  });
}

/** Asked before anything is copied; what other programs write meanwhile is noticed by the copy itself. */
function roomFor(directory: string, bytes: number): Result<null> {
  const { bavail, bsize } = statfsSync(directory);
  const free = bavail * bsize;
  return bytes <= free ? ok(null) : fail('disk-full', { path: directory }, `${bytes} bytes to copy, ${free} free`);
}

/** The path that leads to a file another path leads to as well. */
function namedTwice(files: readonly string[]): string | null {
  const seen = new Set<string>();
  return files.find((file) => seen.size === seen.add(realpathSync(file)).size) ?? null;
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
