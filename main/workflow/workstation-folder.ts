import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Problem, Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { problemOf } from '../evidence/durable-files.ts';

/**
 * Where this workstation keeps its adb key and the addresses it was told to attach: no case data, ever. Made when asked for.
 * Problems: `path-unwritable`, `disk-full`, `path-missing`, `name-too-long`.
 */
export function workstationFolder(): Result<string> {
  const folder = workstationPath();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return ok(folder);
  } catch (error) {
    return placeProblem(error, folder);
  }
}

function workstationPath(): string {
  const base =
    process.platform === 'win32'
      ? (process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'))
      : (process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'));
  return join(base, 'handsight');
}

const attachedName = 'attached.json';

/** Addresses given to `devices connect`, attached again whenever our own server starts. */
export function readAttachedAddresses(): readonly string[] {
  try {
    const read: unknown = JSON.parse(readFileSync(join(workstationPath(), attachedName), 'utf8'));
    return Array.isArray(read) ? read.filter((one): one is string => typeof one === 'string').slice(0, 64) : [];
  } catch {
    return [];
  }
}

/** Problems: as of the folder. */
export function writeAttachedAddresses(addresses: readonly string[]): Result<null> {
  const folder = workstationFolder();
  if (!folder.ok) return folder;
  const file = join(folder.value, attachedName);
  try {
    writeFileSync(`${file}.new`, JSON.stringify(addresses), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return ok(null);
  } catch (error) {
    return placeProblem(error, file);
  }
}

/** Why a place of this workstation (its own folder, the temporary one) refuses. No case lies there: none «can only be read». */
export function placeProblem(error: unknown, place: string): { readonly ok: false; readonly problem: Problem } {
  const told = problemOf(error, place);
  return told.problem.code === 'case-read-only' ? fail('path-unwritable', { path: place }, told.problem.detail) : told;
}
