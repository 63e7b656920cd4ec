import { createHash } from 'node:crypto';
import type { Exhibit, ImportStatement } from '../../shared/model/exhibit.ts';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import { androidqfCommand, androidqfFacts, androidqfHashes } from '../parsing/import/androidqf.ts';
import { SectionScanner } from '../parsing/import/sections.ts';
import type { ZipEntry } from '../parsing/zip.ts';
import type { Conduct } from './conduct.ts';
import { commandGap, cutParts } from './cut-parts.ts';
import type { Stored } from './cut-parts.ts';
import type { Gap } from './gaps.ts';
import { faultGap, gap } from './gaps.ts';
import { instantOf } from './instants.ts';
import type { Archive } from './read-archive.ts';
import { shortText, withArchive } from './read-archive.ts';
import type { Belonging } from './store-output.ts';
import { storeEntry } from './store-output.ts';
import { unpackReport } from './unpack-report.ts';
import { entryBytes } from './unpack-zip.ts';

/** Text of the tool about itself that is read at once. */
const maxShortBytes = 16 * 1024 * 1024;

interface Collected extends Archive {
  readonly exhibit: Exhibit;
  readonly statement: ImportStatement;
  /** The folder of the archive in which the acquisition lies, with its `/`; empty at the top. */
  readonly prefix: string;
}

/**
 * Takes the outputs out of an archive of androidqf: properties, settings, dumps, logs and the bug report in it; every hash that the
 * tool wrote down is checked against the entry. What else is in it is listed and stays there.
 */
export async function unpackAndroidqf(
  writer: CaseWriter,
  whole: { readonly exhibit: Exhibit; readonly statement: ImportStatement },
  belonging: Belonging,
  conduct: Conduct,
): Promise<Result<Stored>> {
  return await withArchive(writer, whole.exhibit, belonging, (archive) =>
    outputsOf(writer, archive, whole, belonging, conduct),
  );
}

async function outputsOf(
  writer: CaseWriter,
  archive: Archive,
  { exhibit, statement }: { readonly exhibit: Exhibit; readonly statement: ImportStatement },
  belonging: Belonging,
  conduct: Conduct,
): Promise<Result<Stored>> {
  const { fd, entries, named } = archive;
  const exhibits: Exhibit[] = [];
  const gaps: Gap[] = [];
  const about = entries.map(({ name }) => name).find((name) => /^(?:[^/]+\/)?acquisition\.json$/.test(name));
  if (about === undefined) gaps.push(gap('archive-no-androidqf', named));
  const prefix = about?.slice(0, -'acquisition.json'.length) ?? '';
  const facts = androidqfFacts((await shortText(fd, entries, about ?? '', maxShortBytes)) ?? '');
  const takenAt = statement.takenAt ?? (facts.started === null ? null : instantOf(facts.started));
  const tool = facts.version === null ? {} : { tool: `androidqf ${facts.version}` };
  const collected: Collected = { ...archive, exhibit, statement: { ...statement, takenAt, ...tool }, prefix };
  const checked = await checkHashes(collected, conduct);
  if (!checked.ok) return checked;
  gaps.push(...checked.value);
  for (const entry of entries) {
    if (!entry.name.startsWith(prefix)) continue;
    const command = androidqfCommand(entry.name.slice(prefix.length));
    if (command === null) continue;
    const stored = await storeOne(writer, collected, entry, command, belonging, conduct);
    if (!stored.ok) return stored;
    exhibits.push(...stored.value.exhibits);
    gaps.push(...stored.value.gaps);
  }
  return ok({ exhibits, gaps });
}

async function storeOne(
  writer: CaseWriter,
  { exhibit, statement, fd }: Collected,
  entry: ZipEntry,
  command: string,
  belonging: Belonging,
  conduct: Conduct,
): Promise<Result<Stored>> {
  const scanner = command === 'dumpsys' ? new SectionScanner('dumpsys') : null;
  let done = 0;
  const onBlock = (block: Uint8Array): void => {
    scanner?.push(block);
    done += block.length;
    conduct.progress({ task: 'import', step: entry.name, done, total: entry.bytes, unit: 'bytes', note: null });
  };
  const isOutput = scanner === null && command !== 'bugreport';
  const from = { exhibit, statement, entry, command: isOutput ? command : null };
  const stored = await storeEntry(writer, entryBytes(fd, entry), from, belonging, conduct, onBlock);
  if (!stored.ok) return stored;
  const one = stored.value;
  const gaps: Gap[] = [];
  if (one.fault?.startsWith('zip-') === true) {
    const [code = '', ...detail] = one.fault.split(': ');
    gaps.push(faultGap(one, { code, detail: detail.join(': '), count: 1 }));
  } else if (isOutput && one.outcome !== 'read' && one.outcome !== 'empty') gaps.push(commandGap(one));
  if (isOutput) return ok({ exhibits: [one], gaps });
  const about = { exhibit: one, statement };
  const parts =
    scanner === null
      ? await unpackReport(writer, about, belonging, conduct)
      : await cutParts(writer, about, scanner.finish(), belonging, conduct);
  if (!parts.ok) return parts;
  return ok({ exhibits: [one, ...parts.value.exhibits], gaps: [...gaps, ...parts.value.gaps] });
}

/** Every row of `hashes.csv` against the entry it names: another hash and a missing entry are gaps; an archive without the list, too. */
async function checkHashes({ fd, entries, named, prefix }: Collected, conduct: Conduct): Promise<Result<Gap[]>> {
  const csv = await shortText(fd, entries, `${prefix}hashes.csv`, maxShortBytes);
  if (csv === null) return ok([gap('archive-no-hashes', named)]);
  const { rows, unread } = androidqfHashes(csv);
  const gaps: Gap[] = unread > 0 ? [gap('archive-hash-lines', { ...named, count: unread })] : [];
  const byName = new Map(entries.map((entry) => [entry.name.slice(prefix.length), entry]));
  for (const [position, { name, sha256 }] of rows.entries()) {
    const step = `hashes.csv: ${name.slice(-100)}`;
    conduct.progress({ task: 'import', step, done: position, total: rows.length, unit: 'steps', note: null });
    const entry = byName.get(name) ?? entryOfPath(byName, name);
    if (entry === undefined) {
      gaps.push(gap('archive-hash-missing', { ...named, entry: endOf(name) }));
      continue;
    }
    const hash = createHash('sha256');
    const source = entryBytes(fd, entry);
    for await (const block of source.blocks()) {
      if (conduct.signal.aborted) return fail('interrupted');
      hash.update(block);
    }
    if (source.fault?.() !== null || hash.digest('hex') !== sha256)
      gaps.push(gap('archive-hash-other', { ...named, entry: endOf(name) }));
  }
  return ok(gaps);
}

/** Older versions wrote whole paths: the longest end of one that is the name of an entry. */
function entryOfPath(byName: ReadonlyMap<string, ZipEntry>, path: string): ZipEntry | undefined {
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    const found = byName.get(path.slice(at + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The end of a path that is very long, behind a mark: it tells more than the beginning. */
function endOf(path: string): string {
  return path.length > 200 ? `…${path.slice(-199)}` : path;
}
