import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Result } from '../../shared/model/problem.ts';
import { ok } from '../../shared/model/problem.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import type { ZipEntry } from '../parsing/zip.ts';
import type { Stored } from './cut-parts.ts';
import { excerpt } from './excerpt.ts';
import type { Gap } from './gaps.ts';
import { gap } from './gaps.ts';
import { need } from './store-failure.ts';
import type { Belonging } from './store-output.ts';
import { entryBytes, listZip } from './unpack-zip.ts';

/** Names of refused entries are said up to here; the list of entries has them all. */
const maxNamed = 20;

/** A ZIP in the case while it is read. */
export interface Archive {
  readonly fd: number;
  /** Those that are read; what is not, and why, is said already. */
  readonly entries: readonly ZipEntry[];
  /** The archive, as gaps name it. */
  readonly named: { readonly exhibit: string; readonly name: string };
}

/**
 * Opens an archive of the case, lists every entry in an exhibit of its own, says which are not read, and hands the others on. What
 * cannot be listed is a gap and gives no exhibit. Throws StoreFailure.
 */
export async function withArchive(
  writer: CaseWriter,
  exhibit: Exhibit,
  belonging: Belonging,
  read: (archive: Archive) => Promise<Result<Stored>>,
): Promise<Result<Stored>> {
  const named = { exhibit: exhibit.id, name: exhibit.originalName };
  const opened = need(writer.openExhibit(exhibit.id));
  try {
    const all = listZip(opened.fd, exhibit.bytes);
    if (typeof all === 'string') return ok({ exhibits: [], gaps: [gap('archive-unread', { ...named, why: all })] });
    const listed = need(storeList(writer, exhibit, all, belonging));
    const entries = all.filter(({ refused }) => refused === null);
    const done = await read({ fd: opened.fd, entries, named });
    if (!done.ok) return done;
    const { exhibits, gaps } = done.value;
    return ok({ exhibits: [listed, ...exhibits], gaps: [...refusals(named, all), ...gaps] });
  } finally {
    opened.close();
  }
}

/** Every entry, one a line: an exhibit that our program makes. */
function storeList(
  writer: CaseWriter,
  exhibit: Exhibit,
  entries: readonly ZipEntry[],
  belonging: Belonging,
): Result<Exhibit> {
  const lines = entries.map(({ name, bytes, compressedBytes, refused }) =>
    JSON.stringify({ name, bytes, compressedBytes, refused }),
  );
  return writer.storeExhibit(
    Buffer.from(`${lines.join('\n')}\n`, 'utf8'),
    {
      ...belonging,
      originalName: 'archive-entries.jsonl',
      kind: 'file',
      collector: 'journal',
      origin: { type: 'workstation', note: `every entry of ${exhibit.id}, as its directory lists it` },
    },
    { outcome: 'read', packets: null, fault: null },
  );
}

/** What of an archive is not read, and why. */
function refusals(named: { readonly exhibit: string; readonly name: string }, entries: readonly ZipEntry[]): Gap[] {
  const refused = entries.filter((one) => one.refused !== null && one.refused !== 'directory');
  const gaps = refused
    .slice(0, maxNamed)
    .map((one) => gap('archive-entry', { ...named, entry: excerpt(one.name, 200), why: one.refused ?? '' }));
  if (refused.length > maxNamed) gaps.push(gap('archive-entries', { ...named, count: refused.length - maxNamed }));
  return gaps;
}

/** The text of a small entry; null where there is none, or it is damaged or longer. */
export async function shortText(
  fd: number,
  entries: readonly ZipEntry[],
  name: string,
  maxBytes = 4096,
): Promise<string | null> {
  const entry = entries.find((one) => one.name === name);
  if (entry === undefined || entry.bytes > maxBytes) return null;
  const pieces: Uint8Array[] = [];
  const source = entryBytes(fd, entry);
  for await (const block of source.blocks()) pieces.push(block);
  return source.fault?.() === null ? Buffer.concat(pieces).toString('utf8') : null;
}
