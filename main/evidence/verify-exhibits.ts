import fs from 'node:fs';
import path from 'node:path';
import { caseLayout } from './case-layout.ts';
import type { CaseReader } from './readers/case-reader.ts';
import { problemOf } from './durable-files.ts';
import { hashFileWhile } from './file-hash.ts';
import { incomingFiles, listIncoming, readFinal, readMeta, readSource } from './incoming.ts';
import { currentWriter } from './writer-lock.ts';
import type { CheckLine } from '../../shared/model/custody.ts';
import type { Exhibit } from '../../shared/model/exhibit.ts';

/**
 * Reads every exhibit again: size, SHA-256, mode; names what is missing and what does not belong.
 * An aborted signal ends it with the lines so far.
 */
export async function checkExhibits(
  reader: CaseReader,
  onProgress?: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<readonly CheckLine[]> {
  const exhibits = reader.exhibits();
  const total = exhibits.reduce((sum, exhibit) => sum + exhibit.bytes, 0);
  const known = new Map<string, string | null>();
  let done = 0;
  const lines: CheckLine[] = [];
  for (const exhibit of exhibits) {
    // The same content twice is one file: read once.
    if (!known.has(exhibit.sha256)) known.set(exhibit.sha256, await wrongContent(reader, exhibit, signal));
    if (signal?.aborted === true) return lines;
    done += exhibit.bytes;
    onProgress?.(done, total);
    const wrong = known.get(exhibit.sha256) ?? null;
    const detail = wrong ?? modeNote(reader.exhibitPath(exhibit));
    lines.push({ check: 'exhibit', subject: exhibit.id, ok: wrong === null, detail });
  }
  const { directory } = reader;
  return [
    ...lines,
    ...orUnreadable('exhibits', () => checkVaultNames(directory, known)),
    ...orUnreadable('exhibits/.incoming', () => checkIncoming(directory)),
  ];
}

/** Lines of a folder's names; a folder that refuses to be read is the line. */
function orUnreadable(subject: string, check: () => readonly CheckLine[]): readonly CheckLine[] {
  try {
    return check();
  } catch (error) {
    const { problem } = problemOf(error, subject);
    const detail = `cannot be read: ${problem.detail ?? problem.code}`;
    return [{ check: 'exhibit', subject, ok: false, detail }];
  }
}

async function wrongContent(
  reader: CaseReader,
  exhibit: Exhibit,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const file = reader.exhibitPath(exhibit);
  try {
    const kind = fs.lstatSync(file, { throwIfNoEntry: false });
    if (kind === undefined) return 'its bytes are missing';
    if (!kind.isFile()) return 'is not a file';
    if (kind.size !== exhibit.bytes) return `has ${kind.size} bytes instead of ${exhibit.bytes}`;
    const hashed = await hashFileWhile(file, () => signal?.aborted !== true);
    if (hashed === null) return null;
    const { sha256 } = hashed;
    return sha256 === exhibit.sha256 ? null : `was changed: SHA-256 is ${sha256} instead of ${exhibit.sha256}`;
  } catch (error) {
    const { problem } = problemOf(error, file);
    return `cannot be read: ${problem.detail ?? problem.code}`;
  }
}

/** A lost mode (a copy through FAT or an archive) says nothing against the content: it is noted. */
function modeNote(file: string): string | null {
  if (process.platform === 'win32') return null;
  const mode = fs.statSync(file).mode & 0o777;
  return mode === 0o400 ? null : `mode ${mode.toString(8)} instead of 400`;
}

function checkVaultNames(directory: string, known: ReadonlyMap<string, unknown>): readonly CheckLine[] {
  const arriving = new Set(listIncoming(directory).ids.map((id) => readFinal(directory, id)?.sha256));
  const ours = (file: string): boolean => known.has(file) || arriving.has(file);
  const vault = caseLayout.vault(directory);
  const lines: CheckLine[] = [];
  for (const name of listNames(vault)) {
    if (name === '.incoming') continue;
    lines.push(...orUnreadable(`exhibits/${name}`, () => checkVaultFolder(vault, name, ours)));
  }
  return lines;
}

function checkVaultFolder(vault: string, name: string, ours: (file: string) => boolean): readonly CheckLine[] {
  const folder = path.join(vault, name);
  const inside = fs.lstatSync(folder).isDirectory() ? listNames(folder) : null;
  const lines = inside === null || !/^[0-9a-f]{2}$/.test(name) ? [foreign(name)] : [];
  const strange = (inside ?? []).filter((file) => !file.startsWith(name) || !ours(file));
  return [...lines, ...strange.map((file) => foreign(`${name}/${file}`))];
}

function checkIncoming(directory: string): readonly CheckLine[] {
  const { ids, foreign: names } = listIncoming(directory);
  const lines = names.map((name) => foreign(`.incoming/${name}`));
  if (currentWriter(directory) !== null) return lines;
  const waiting = ids.filter((id) => fs.existsSync(incomingFiles(directory, id).data));
  for (const id of waiting) {
    const described = readMeta(directory, id) !== null || readFinal(directory, id) !== null;
    const detail = isPartOfFile(directory, id)
      ? 'is part of a file whose import was cut off, and no exhibit: importing that file again goes on with it'
      : described
        ? 'was arriving when the program ended: it is adopted when the case is next opened for writing'
        : 'lies there without a description; its storing was never acknowledged';
    lines.push({ check: 'exhibit', subject: `.incoming/${id}`, ok: true, detail });
  }
  return lines;
}

function isPartOfFile(directory: string, id: string): boolean {
  return readSource(directory, id) !== null && readFinal(directory, id) === null;
}

const foreign = (subject: string): CheckLine => ({
  check: 'exhibit',
  subject,
  ok: false,
  detail: 'lies among the exhibits but no exhibit has it',
});

function listNames(folder: string): readonly string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder).toSorted() : [];
}
