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
import { need } from './store-failure.ts';
import type { Belonging } from './store-output.ts';
import { storeBytes } from './store-output.ts';
import { entryBytes, listZip } from './unpack-zip.ts';

/** Names of refused entries are said up to here; the list of entries has them all. */
const maxNamed = 20;

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
  const { exhibit, statement } = whole;
  const named = { exhibit: exhibit.id, name: exhibit.originalName };
  const opened = need(writer.openExhibit(exhibit.id));
  try {
    const entries = listZip(opened.fd, exhibit.bytes);
    if (typeof entries === 'string')
      return ok({ exhibits: [], gaps: [gap('archive-unread', { ...named, why: entries })] });
    const listed = need(storeList(writer, exhibit, entries, belonging));
    const gaps = refusals(named, entries);
    const main = await mainEntry(opened.fd, entries);
    if (main === null) return ok({ exhibits: [listed], gaps: [...gaps, gap('archive-no-report', named)] });
    const scanner = new SectionScanner('bugreport');
    const head: Buffer[] = [];
    let done = 0;
    const onBlock = (block: Uint8Array): void => {
      scanner.push(block);
      if (done < 4096) head.push(Buffer.from(block.subarray(0, 4096)));
      done += block.length;
      conduct.progress({ task: 'import', step: main.name, done, total: main.bytes, unit: 'bytes', note: null });
    };
    const tool = await versionOf(opened.fd, entries);
    const said: ImportStatement = { ...statement, ...(tool === null ? {} : { tool }) };
    const origin = { type: 'import', fileName: exhibit.originalName, compression: null, statement: said } as const;
    const meta = { ...belonging, originalName: main.name, kind: 'file' as const, collector: null, origin };
    const text = await storeBytes(writer, entryBytes(opened.fd, main), meta, conduct, onBlock);
    if (!text.ok) return text;
    if (text.value.fault !== null) {
      const [code = '', detail = ''] = text.value.fault.split(': ');
      gaps.push(faultGap(text.value, { code, detail, count: 1 }));
    }
    const atHandset = dumpstateTime(Buffer.concat(head).toString('latin1'));
    const about = { exhibit: text.value, statement: { ...said, ...(atHandset === null ? {} : { atHandset }) } };
    const parts = await cutParts(writer, about, scanner.finish(), belonging, conduct);
    if (!parts.ok) return parts;
    return ok({ exhibits: [listed, text.value, ...parts.value.exhibits], gaps: [...gaps, ...parts.value.gaps] });
  } finally {
    opened.close();
  }
}

/** Every entry, one a line: an exhibit that our program makes. */
export function storeList(
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
export function refusals(
  named: { readonly exhibit: string; readonly name: string },
  entries: readonly ZipEntry[],
): Gap[] {
  const refused = entries.filter((one) => one.refused !== null && one.refused !== 'directory');
  const gaps = refused
    .slice(0, maxNamed)
    .map((one) => gap('archive-entry', { ...named, entry: one.name.slice(0, 200), why: one.refused ?? '' }));
  if (refused.length > maxNamed) gaps.push(gap('archive-entries', { ...named, count: refused.length - maxNamed }));
  return gaps;
}

/** The entry that `main_entry.txt` names; of an archive without one, the only text that is named like a bug report. */
async function mainEntry(fd: number, entries: readonly ZipEntry[]): Promise<ZipEntry | null> {
  const readable = entries.filter(({ refused }) => refused === null);
  const named = await shortText(fd, readable, 'main_entry.txt');
  const told = readable.find(({ name }) => name === named?.trim());
  if (told !== undefined) return told;
  const alike = readable.filter(({ name }) => /^bugreport-[^/]+\.txt$/.test(name));
  return alike.length === 1 ? (alike[0] ?? null) : null;
}

async function versionOf(fd: number, entries: readonly ZipEntry[]): Promise<string | null> {
  const version = await shortText(
    fd,
    entries.filter(({ refused }) => refused === null),
    'version.txt',
  );
  const line = /^[\w.-]{1,40}$/.exec(version?.trim() ?? '')?.[0];
  return line === undefined ? null : `dumpstate ${line}`;
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

/** `== dumpstate: 2020-01-08 15:32:00`: the handset's clock, in its zone, which is not told. */
function dumpstateTime(head: string): string | null {
  const [, day, time] = /^== dumpstate: (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\s*$/m.exec(head) ?? [];
  return day === undefined || time === undefined ? null : `${day}T${time}.000000`;
}
