import fs from 'node:fs';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { caseLayout } from './case-layout.ts';
import { replaceFile } from './durable-files.ts';
import type { Exhibit } from '../../shared/model/exhibit.ts';

/** What is known of an exhibit when its bytes begin to arrive. */
export type ExhibitMeta = Pick<
  Exhibit,
  'originalName' | 'kind' | 'label' | 'handset' | 'run' | 'acquisition' | 'collector' | 'origin'
>;

/** What is known only at its end. `origin` and `originalName` replace those given at the beginning. */
export type ExhibitFinal = Pick<Exhibit, 'outcome' | 'packets' | 'fault'> &
  Partial<Pick<Exhibit, 'origin' | 'originalName' | 'kind'>>;

/** A point up to which the bytes are on the disk. */
export interface Checkpoint {
  readonly bytes: number;
  readonly sha256: string;
}

/** The file that an arriving exhibit is a copy of: what was begun may be gone on with. */
export interface ImportSource {
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** Everything needed to write the row after a crash between the last byte and the row. */
export interface FinalNote {
  readonly meta: ExhibitMeta;
  readonly final: ExhibitFinal;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Files of one arriving exhibit in `exhibits/.incoming`:
 * `ID` the bytes; `ID.meta.json` what it is; `ID.checkpoints` one line «bytes SP sha256 LF» a checkpoint;
 * `ID.final.json` written when the last byte is on the disk;
 * `ID.source.json` the file it is a copy of: then a copy that was cut off is no exhibit, and waits to be gone on with.
 */
export function incomingFiles(directory: string, id: string) {
  const base = path.join(caseLayout.incoming(directory), id);
  return {
    data: base,
    source: `${base}.source.json`,
    meta: `${base}.meta.json`,
    checkpoints: `${base}.checkpoints`,
    final: `${base}.final.json`,
  };
}
const suffixes = [
  '.source.json',
  '.source.json.new',
  '.meta.json',
  '.checkpoints',
  '.final.json',
  '.meta.json.new',
  '.final.json.new',
] as const;
const idPattern = /^IN-[0-9a-f]{24}$/;

/** Time first, so that names sort by arrival; random, so that no two writers ever meet. */
export function newIncomingId(nowMs: number): string {
  return `IN-${nowMs.toString(16).padStart(12, '0').slice(-12)}${randomBytes(6).toString('hex')}`;
}

/** Ids that lie in the incoming folder, and names there that are nobody's. */
export function listIncoming(directory: string): {
  readonly ids: readonly string[];
  readonly foreign: readonly string[];
} {
  const folder = caseLayout.incoming(directory);
  const ids = new Set<string>();
  const foreign: string[] = [];
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder).toSorted() : []) {
    const suffix = suffixes.find((end) => name.endsWith(end)) ?? '';
    const id = name.slice(0, name.length - suffix.length);
    if (idPattern.test(id)) ids.add(id);
    else foreign.push(name);
  }
  return { ids: [...ids], foreign };
}

export function removeIncoming(directory: string, id: string): void {
  const base = incomingFiles(directory, id).data;
  fs.rmSync(base, { force: true });
  for (const suffix of suffixes) fs.rmSync(`${base}${suffix}`, { force: true });
}

export function writeMeta(directory: string, id: string, meta: ExhibitMeta): void {
  replaceFile(incomingFiles(directory, id).meta, Buffer.from(JSON.stringify(meta), 'utf8'));
}

export function writeFinal(directory: string, id: string, note: FinalNote): void {
  replaceFile(incomingFiles(directory, id).final, Buffer.from(JSON.stringify(note), 'utf8'));
}

export function writeSource(directory: string, id: string, source: ImportSource): void {
  replaceFile(incomingFiles(directory, id).source, Buffer.from(JSON.stringify(source), 'utf8'));
}

/** Null where the bytes are no copy of a file that is still there to be read again. */
export function readSource(directory: string, id: string): ImportSource | null {
  return readJson<ImportSource>(incomingFiles(directory, id).source);
}

/** Null when there is none or it is torn (then it was never acknowledged). */
export function readMeta(directory: string, id: string): ExhibitMeta | null {
  return readJson<ExhibitMeta>(incomingFiles(directory, id).meta);
}

export function readFinal(directory: string, id: string): FinalNote | null {
  return readJson<FinalNote>(incomingFiles(directory, id).final);
}

function readJson<T>(file: string): T | null {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as T;
  } catch {
    return null;
  }
}

/** The last whole checkpoint line; a torn last line is one that was never acknowledged. */
export function lastCheckpoint(directory: string, id: string): Checkpoint {
  const none = { bytes: 0, sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' };
  const file = incomingFiles(directory, id).checkpoints;
  if (!fs.existsSync(file)) return none;
  const lines = fs.readFileSync(file, 'latin1').split('\n').slice(0, -1);
  for (const line of lines.toReversed()) {
    const match = /^(\d{1,15}) ([0-9a-f]{64})$/.exec(line);
    if (match !== null) return { bytes: Number(match[1]), sha256: match[2] ?? '' };
  }
  return none;
}
