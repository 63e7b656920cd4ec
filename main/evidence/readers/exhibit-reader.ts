import fs from 'node:fs';
import { readProblemOf } from '../durable-files.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import type { Result } from '../../../shared/model/problem.ts';

export interface OpenExhibit {
  readonly fd: number;
  readonly bytes: number;
  close(): void;
}

/** Opens the file of an exhibit for positioned reads (`fs.readSync`). */
export function openExhibitFile(file: string, exhibit: Exhibit): Result<OpenExhibit> {
  let fd: number;
  try {
    fd = fs.openSync(file, 'r');
  } catch (error) {
    const problem = readProblemOf(error, file);
    return problem.problem.code === 'path-missing'
      ? fail('case-damaged', { path: file }, `${exhibit.id}: its bytes are missing`)
      : problem;
  }
  const { size } = fs.fstatSync(fd);
  if (size !== exhibit.bytes) {
    fs.closeSync(fd);
    return fail('case-damaged', { path: file }, `${exhibit.id}: ${size} bytes instead of ${exhibit.bytes}`);
  }
  return ok({ fd, bytes: size, close: () => fs.closeSync(fd) });
}

export function readExhibitFile(file: string, exhibit: Exhibit, maxBytes: number): Result<Buffer> {
  if (exhibit.bytes > maxBytes) return fail('LIMIT', { bytes: exhibit.bytes, maxBytes }, exhibit.id);
  const opened = openExhibitFile(file, exhibit);
  if (!opened.ok) return opened;
  try {
    return ok(fs.readFileSync(opened.value.fd));
  } catch (error) {
    return readProblemOf(error, file);
  } finally {
    opened.value.close();
  }
}
