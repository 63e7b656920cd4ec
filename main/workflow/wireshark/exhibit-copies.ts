import { chmodSync, constants, copyFileSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import type { Result } from '../../../shared/model/problem.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import { placeProblem } from '../workstation-folder.ts';

const prefix = 'handsight-wireshark-';

/** Folders of this process with a copy in them. */
const folders = new Set<string>();

/**
 * A copy of an exhibit for another program. Never the exhibit itself: Wireshark only reads it, but its «Save» puts a new file
 * in the old one's place, which no file mode forbids. Where the file system can, the copy shares the exhibit's blocks.
 * Problems: `disk-full`, `path-unwritable` of the temporary folder.
 */
export function copyForViewing(exhibit: Exhibit, source: string): Result<{ file: string; remove: () => void }> {
  removeAbandoned();
  let folder: string;
  try {
    const { bavail, bsize } = statfsSync(tmpdir());
    if (bavail * bsize < exhibit.bytes) return fail('disk-full', { path: tmpdir() });
    folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  } catch (error) {
    return placeProblem(error, tmpdir());
  }
  folders.add(folder);
  const remove = (): void => {
    folders.delete(folder);
    removeFolder(folder);
  };
  const file = join(folder, `${exhibit.id}-${plainName(exhibit.originalName)}`);
  try {
    copyFileSync(source, file, constants.COPYFILE_FICLONE);
    chmodSync(file, 0o400);
    return ok({ file, remove });
  } catch (error) {
    remove();
    return placeProblem(error, folder);
  }
}

/** The program ends: what it lent goes with it. A file that Windows holds open is left for the next start. */
export function removeCopies(): void {
  for (const folder of folders) removeFolder(folder);
  folders.clear();
}

/** Copies of processes that are no more. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith(prefix))) {
    const pid = Number(name.slice(prefix.length).split('-')[0]);
    if (Number.isInteger(pid) && pid > 0 && !isAlive(pid)) removeFolder(join(tmpdir(), name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Held open by the other program, or another person's: it is looked for again at the next opening.
  }
}

/** Only what every file system and command line takes. */
function plainName(text: string): string {
  const name = text.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '');
  return name === '' ? 'capture' : name.slice(-80);
}
