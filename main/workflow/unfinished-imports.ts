import { basename } from 'node:path';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { CaseReader, UnfinishedImport } from '../evidence/readers/case-reader.ts';
import { readCase, writeCase } from './case-session.ts';
import type { Conduct } from './conduct.ts';

/** A copy that was cut off: no evidence. Importing the file again goes on with it. */
export interface UnfinishedCopy {
  readonly id: string;
  /** As it was when the copy began. */
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  readonly copiedBytes: number;
  readonly label: string;
  readonly handset: string;
  readonly run: string | null;
}

function toCopy({ id, meta, checkpoint, source }: UnfinishedImport): UnfinishedCopy {
  const { label, handset, run } = meta;
  const { path, bytes } = source;
  return { id, path, name: basename(path), bytes, copiedBytes: checkpoint.bytes, label, handset, run };
}

/** While another process writes, what it is copying now is among them. */
export function unfinishedCopies(reader: Pick<CaseReader, 'unfinishedImports'>): readonly UnfinishedCopy[] {
  return reader.unfinishedImports().map(toCopy);
}

export function listUnfinishedImports(directory: string): Result<readonly UnfinishedCopy[]> {
  return readCase(directory, (reader) => ok(unfinishedCopies(reader)));
}

/** Takes a cut-off copy away; custody keeps that there was one. Problem: `import-unknown`. */
export function discardUnfinishedImport(
  directory: string,
  id: string,
  conduct: Pick<Conduct, 'actor'>,
): Result<UnfinishedCopy> {
  return writeCase(directory, 'discarding an import that was cut off', conduct, (writer) => {
    const found = writer.unfinishedImports().find((one) => one.id === id);
    if (found === undefined) return fail('import-unknown', { import: id });
    const { bytes, sha256 } = found.checkpoint;
    const noted = writer.note('import-discarded', `${bytes} bytes of a copy that was cut off, SHA-256 ${sha256}`);
    if (!noted.ok) return noted;
    writer.discardImport(id);
    return ok(toCopy(found));
  });
}
