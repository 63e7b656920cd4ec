import { existsSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Acquisition } from '../../shared/model/acquisition.ts';
import type { Exhibit, ImportStatement } from '../../shared/model/exhibit.ts';
import type { Result } from '../../shared/model/problem.ts';
import { escapeHidden } from '../../shared/model/hidden-characters.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import { SectionScanner } from '../parsing/import/sections.ts';
import { readCase, writeCaseWhile } from './case-session.ts';
import { checkedText } from './checked-text.ts';
import type { Conduct } from './conduct.ts';
import { excerpt } from './excerpt.ts';
import type { Gap } from './gaps.ts';
import { gap, wordGap } from './gaps.ts';
import { identifiersOfExhibits } from './handset-identifiers.ts';
import type { LookedAt } from './look-at-output.ts';
import { lookAtOutput } from './look-at-output.ts';
import { asRecognised, statedOutput } from './stated-output.ts';
import { packFolder } from './pack-folder.ts';
import type { PackedFolder } from './pack-folder.ts';
import { StoreFailure, need } from './store-failure.ts';
import { commandGap, cutParts } from './cut-parts.ts';
import type { Stored } from './cut-parts.ts';
import type { Belonging } from './store-output.ts';
import { storeWholeFile } from './store-output.ts';
import { unpackAndroidqf } from './unpack-androidqf.ts';
import { unpackReport } from './unpack-report.ts';

export interface OutputWish {
  readonly handset: string;
  readonly label: string;
  readonly run: string | null;
  /** The command whose output the file is, as a person says; `recognised`: as it looks like; null: not said. */
  readonly what: string | null;
  /** When it was collected, RFC 3339 UTC; null: not known. */
  readonly takenAt: string | null;
}

export interface ImportedOutputs {
  readonly acquisition: Acquisition;
  readonly exhibits: readonly Exhibit[];
  /** What is missing or doubtful, one a line. */
  readonly gaps: readonly string[];
}

/** Files of many outputs: the dump of all services, and a bug report. */
type Gathered = 'dumpsys' | 'bugreport' | 'androidqf';

function gatheredOf(what: string): Gathered | null {
  return what === 'dumpsys' || what === 'bugreport' || what === 'androidqf' ? what : null;
}

/**
 * Takes a text in that a handset printed elsewhere, as an acquisition of its own: the file as it is, hashed on the way, then its
 * parts as outputs of the commands they stand for. A folder of androidqf is packed into one archive first. Problems (nothing stored): those of looking at the file, of the statement
 * (`output-unsaid`, `output-unrecognised`, `value-invalid`), `handset-unknown`, `disk-full`, those of opening the case and of packing.
 */
export async function importOutput(
  directory: string,
  path: string,
  wish: OutputWish,
  conduct: Conduct,
): Promise<Result<ImportedOutputs>> {
  if (!isFolder(path)) return importOne(directory, path, null, wish, conduct);
  const stated = statedFolder(path, wish.what?.trim() ?? null);
  if (!stated.ok) return stated;
  const scratch = mkdtempSync(join(tmpdir(), 'handsight-folder-'));
  try {
    const archive = join(scratch, `${basename(resolve(path))}.zip`);
    const packed = await packFolder(path, archive, conduct);
    const taken = { ...wish, what: 'androidqf' };
    return packed.ok ? await importOne(directory, archive, packed.value, taken, conduct) : packed;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A folder is androidqf's or none that is taken in: it looks like one by the file that the tool writes of each acquisition. */
function statedFolder(path: string, what: string | null): Result<null> {
  if (what === 'androidqf') return ok(null);
  const isOther = what !== null && what !== asRecognised;
  if (isOther || !existsSync(join(path, 'acquisition.json'))) return fail('path-is-directory', { path });
  const name = basename(resolve(path));
  return what === asRecognised ? ok(null) : fail('output-unsaid', { name, command: 'androidqf', by: 'content' });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

async function importOne(
  directory: string,
  path: string,
  packed: PackedFolder | null,
  wish: OutputWish,
  conduct: Conduct,
): Promise<Result<ImportedOutputs>> {
  const texts = checkedText({ label: wish.label, run: wish.run, as: conduct.actor });
  if (!texts.ok) return texts;
  const look = lookAtOutput(path);
  if (!look.ok) return look;
  const statement = statedOutput(look.value, wish.what, wish.takenAt);
  if (!statement.ok) return statement;
  const known = readCase(directory, (reader): Result<null> => {
    if (!reader.handsets().some((one) => one.id === wish.handset))
      return fail('handset-unknown', { handset: wish.handset });
    const { bavail, bsize } = statfsSync(directory);
    // Its parts are copies of most of it.
    const needed = look.value.bytes * (gatheredOf(statement.value.what) === null ? 1 : 2);
    return needed <= bavail * bsize ? ok(null) : fail('disk-full', { path: directory });
  });
  if (!known.ok) return known;
  return writeCaseWhile(directory, 'importing', conduct, (writer) =>
    importInto(writer, { path, look: look.value, statement: statement.value, packed }, wish, conduct),
  );
}

interface Source {
  readonly path: string;
  readonly look: LookedAt;
  readonly statement: ImportStatement;
  /** The folder that the file was packed from, by us and just now. */
  readonly packed: PackedFolder | null;
}

async function importInto(
  writer: CaseWriter,
  source: Source,
  { handset, label, run }: OutputWish,
  conduct: Conduct,
): Promise<Result<ImportedOutputs>> {
  const begun = writer.beginAcquisition({ handset, label, run, profile: 'imported', serial: '' });
  if (!begun.ok) return begun;
  const { id } = begun.value;
  const belonging = { acquisition: id, handset, label, run };
  const close = (outcome: 'complete' | 'complete-with-gaps' | 'interrupted', detail: string | null): Acquisition =>
    need(writer.endAcquisition(id, { outcome, detail }));
  try {
    const stored = await storeAll(writer, source, belonging, conduct);
    if (!stored.ok) {
      close('interrupted', stored.problem.code);
      return stored;
    }
    const { exhibits } = stored.value;
    const gaps = [...stored.value.gaps, ...identifiersOfExhibits(writer, { handset }, exhibits)];
    const detail = gaps.length === 0 ? null : gaps.map((one) => wordGap('en', one)).join('\n');
    const acquisition = close(gaps.length === 0 ? 'complete' : 'complete-with-gaps', detail);
    return ok({ acquisition, exhibits, gaps: gaps.map((one) => wordGap(conduct.lang, one)) });
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    writer.endAcquisition(id, { outcome: 'interrupted', detail: error.problem.code });
    return { ok: false, problem: error.problem };
  }
}

async function storeAll(
  writer: CaseWriter,
  source: Source,
  belonging: Belonging,
  conduct: Conduct,
): Promise<Result<Stored>> {
  const { path, look, statement, packed } = source;
  const { what, recognised } = statement;
  const gathered = gatheredOf(what);
  const scanner = gathered === null || gathered === 'androidqf' || look.isZip ? null : new SectionScanner(gathered);
  let done = 0;
  const onBlock = (block: Uint8Array): void => {
    scanner?.push(block);
    done += block.length;
    conduct.progress({ task: 'import', step: look.name, done, total: look.bytes, unit: 'bytes', note: null });
  };
  const file = { path, fileName: look.name, statement };
  const whole = await storeWholeFile(writer, file, gathered === null ? what : null, belonging, conduct, onBlock);
  if (!whole.ok) return whole;
  const exhibit = whole.value;
  // Who said so and when is the entry's own; the name of the file stays out of the chain, it may name a person.
  const from = packed === null ? '' : `; packed from a folder of ${packed.files} files`;
  need(writer.note('output-stated', `${exhibit.id}: «${what}»; looks like «${recognised ?? 'nothing known'}»${from}`));
  const gaps: Gap[] = [];
  const named = { exhibit: exhibit.id, name: look.name };
  if (packed !== null && packed.firstLeftOut !== null) {
    const first = escapeHidden(excerpt(packed.firstLeftOut, 200));
    gaps.push(gap('folder-left-out', { ...named, count: packed.leftOut, first }));
  }
  if (recognised !== null && recognised !== what) gaps.push(gap('output-other', { ...named, what, recognised }));
  if (done !== look.bytes) gaps.push(gap('output-changed', { ...named, before: look.bytes, bytes: done }));
  if (gathered === null) {
    if (exhibit.outcome !== 'read') gaps.push(commandGap(exhibit));
    return ok({ exhibits: [exhibit], gaps });
  }
  const about = { exhibit, statement };
  const parts =
    gathered === 'androidqf'
      ? await unpackAndroidqf(writer, about, belonging, conduct)
      : scanner === null
        ? await unpackReport(writer, about, belonging, conduct)
        : await cutParts(writer, about, scanner.finish(), belonging, conduct);
  return parts.ok ? ok({ exhibits: [exhibit, ...parts.value.exhibits], gaps: [...gaps, ...parts.value.gaps] }) : parts;
}
