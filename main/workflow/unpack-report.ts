import type { Exhibit, ImportStatement } from '../../shared/model/exhibit.ts';
import type { Result } from '../../shared/model/problem.ts';
import { ok } from '../../shared/model/problem.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import { SectionScanner } from '../parsing/import/sections.ts';
import type { ZipEntry } from '../parsing/zip.ts';
import type { Conduct } from './conduct.ts';
import { cutParts } from './cut-parts.ts';
import type { Stored } from './cut-parts.ts';
import type { Gap } from './gaps.ts';
import { faultGap, gap } from './gaps.ts';
import type { Archive } from './read-archive.ts';
import { shortText, withArchive } from './read-archive.ts';
import type { Belonging } from './store-output.ts';
import { storeBytes } from './store-output.ts';
import { entryBytes } from './unpack-zip.ts';

/**
 * Takes the main text out of the ZIP that `adb bugreport` makes, and cuts it at its sections. Every entry of the archive is listed
 * in an exhibit; the others stay in the archive. Source: AOSP frameworks/native cmds/dumpstate (bugreport-format.md).
 */
export async function unpackReport(
  writer: CaseWriter,
  whole: { readonly exhibit: Exhibit; readonly statement: ImportStatement },
  belonging: Belonging,
  conduct: Conduct,
): Promise<Result<Stored>> {
  return await withArchive(writer, whole.exhibit, belonging, (archive) =>
    reportOf(writer, archive, whole, belonging, conduct),
  );
}

async function reportOf(
  writer: CaseWriter,
  { fd, entries, named }: Archive,
  { exhibit, statement }: { readonly exhibit: Exhibit; readonly statement: ImportStatement },
  belonging: Belonging,
  conduct: Conduct,
): Promise<Result<Stored>> {
  const gaps: Gap[] = [];
  const main = await mainEntry(fd, entries);
  if (main === null) return ok({ exhibits: [], gaps: [gap('archive-no-report', named)] });
  const scanner = new SectionScanner('bugreport');
  const head: Buffer[] = [];
  let done = 0;
  const onBlock = (block: Uint8Array): void => {
    scanner.push(block);
    if (done < 4096) head.push(Buffer.from(block.subarray(0, 4096)));
    done += block.length;
    conduct.progress({ task: 'import', step: main.name, done, total: main.bytes, unit: 'bytes', note: null });
  };
  const tool = await versionOf(fd, entries);
  const said: ImportStatement = { ...statement, ...(tool === null ? {} : { tool }) };
  const origin = { type: 'import', fileName: exhibit.originalName, compression: null, statement: said } as const;
  const meta = { ...belonging, originalName: main.name, kind: 'file' as const, collector: null, origin };
  const text = await storeBytes(writer, entryBytes(fd, main), meta, conduct, onBlock);
  if (!text.ok) return text;
  if (text.value.fault !== null) {
    const [code = '', detail = ''] = text.value.fault.split(': ');
    gaps.push(faultGap(text.value, { code, detail, count: 1 }));
  }
  const atHandset = dumpstateTime(Buffer.concat(head).toString('latin1'));
  const about = { exhibit: text.value, statement: { ...said, ...(atHandset === null ? {} : { atHandset }) } };
  const parts = await cutParts(writer, about, scanner.finish(), belonging, conduct);
  if (!parts.ok) return parts;
  return ok({ exhibits: [text.value, ...parts.value.exhibits], gaps: [...gaps, ...parts.value.gaps] });
}

/** The entry that `main_entry.txt` names; of an archive without one, the only text that is named like a bug report. */
async function mainEntry(fd: number, entries: readonly ZipEntry[]): Promise<ZipEntry | null> {
  const named = await shortText(fd, entries, 'main_entry.txt');
  const told = entries.find(({ name }) => name === named?.trim());
  if (told !== undefined) return told;
  const alike = entries.filter(({ name }) => /^bugreport-[^/]+\.txt$/.test(name));
  return alike.length === 1 ? (alike[0] ?? null) : null;
}

async function versionOf(fd: number, entries: readonly ZipEntry[]): Promise<string | null> {
  const version = await shortText(fd, entries, 'version.txt');
  const line = /^[\w.-]{1,40}$/.exec(version?.trim() ?? '')?.[0];
  return line === undefined ? null : `dumpstate ${line}`;
}

/** `== dumpstate: 2020-01-08 15:32:00`: the handset's clock, in its zone, which is not told. */
function dumpstateTime(head: string): string | null {
  const [, day, time] = /^== dumpstate: (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\s*$/m.exec(head) ?? [];
  return day === undefined || time === undefined ? null : `${day}T${time}.000000`;
}
