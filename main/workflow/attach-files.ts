import { closeSync, openSync, statfsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { unassigned } from '../evidence/case-types.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import { readCase, writeCaseWhile } from './case-session.ts';
import { checkedText } from './checked-text.ts';
import type { Conduct } from './conduct.ts';
import { sizeOfFile } from './look-at-output.ts';
import { readProblem } from './read-problem.ts';
import { storeBytes, stretchOf } from './store-output.ts';

export interface AttachWish {
  readonly handset: string;
  readonly label: string | null;
  readonly run: string | null;
  /** What the files show, as the person says. */
  readonly note: string | null;
}

/**
 * Takes files into custody that nothing is read from: a photo of the label, of `*#06#` or of the seal, a document. Copied, hashed
 * on the way and fsynced; none is stored unless all of them can be opened. Problems: those of reading a file, `empty-file`,
 * `not-a-file`, `handset-unknown`, `disk-full`, `interrupted` (what was stored stays), those of opening the case.
 */
export async function attachFiles(
  directory: string,
  paths: readonly string[],
  wish: AttachWish,
  conduct: Conduct,
): Promise<Result<readonly Exhibit[]>> {
  const { label, run, note } = wish;
  const texts = checkedText({ label, run, note, as: conduct.actor });
  if (!texts.ok) return texts;
  let total = 0;
  for (const path of paths) {
    const size = sizeOfFile(path);
    if (!size.ok) return size;
    total += size.value;
  }
  const known = readCase(directory, (reader): Result<null> => {
    if (!reader.handsets().some((one) => one.id === wish.handset))
      return fail('handset-unknown', { handset: wish.handset });
    const { bavail, bsize } = statfsSync(directory);
    return total <= bavail * bsize ? ok(null) : fail('disk-full', { path: directory });
  });
  if (!known.ok) return known;
  return writeCaseWhile(directory, 'importing', conduct, async (writer) => {
    const exhibits: Exhibit[] = [];
    let done = 0;
    for (const path of paths) {
      const onBlock = (block: Uint8Array): void => {
        done += block.length;
        conduct.progress({ task: 'import', step: basename(path), done, total, unit: 'bytes', note: null });
      };
      const stored = await attachOne(writer, path, wish, conduct, onBlock);
      if (!stored.ok) return stored;
      exhibits.push(stored.value);
    }
    return ok(exhibits);
  });
}

async function attachOne(
  writer: CaseWriter,
  path: string,
  { handset, label, run, note }: AttachWish,
  conduct: Conduct,
  onBlock: (block: Uint8Array) => void,
): Promise<Result<Exhibit>> {
  const fileName = basename(path);
  const meta = {
    originalName: fileName,
    kind: 'file' as const,
    handset,
    label: label ?? unassigned,
    run,
    acquisition: null,
    collector: null,
    origin: { type: 'import', fileName, compression: null, ...(note === null ? {} : { note }) } as const,
  };
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    return readProblem(error, path);
  }
  try {
    return await storeBytes(writer, stretchOf(fd, 0, null), meta, conduct, onBlock);
  } finally {
    closeSync(fd);
  }
}

/**
 * Where a typed value was read, with the photo or document it stands in: `label (E005)`. Problem: `exhibit-unknown` where there is
 * no such file of this handset in the case.
 */
export function sourceWithPhoto(
  directory: string,
  handset: string,
  source: string,
  photo: string | null,
): Result<string> {
  if (photo === null) return ok(source);
  return readCase(directory, (reader) => {
    const exhibit = reader.exhibit(photo);
    if (!exhibit.ok) return exhibit;
    const { kind, handset: owner } = exhibit.value;
    const fits = (kind === 'file' || kind === 'screenshot') && owner === handset;
    return fits ? ok(`${source} (${photo})`) : fail('exhibit-unknown', { exhibit: photo });
  });
}
