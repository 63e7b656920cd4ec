import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Problem, Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { reportHtml } from '../report/html.ts';
import { reportJson } from '../report/json.ts';
import type { ReportInput } from '../report/report-input.ts';
import { writeCase } from './case-session.ts';
import type { Conduct, Lang } from './conduct.ts';
import type { PrintPdf } from './print-pdf.ts';
import { gatherReport } from './gather-report.ts';
import { resourceFile } from './resources.ts';

export interface ReportWish {
  readonly format: 'html' | 'pdf' | 'json';
  readonly lang: Lang;
  readonly outPath: string;
}

export interface Exported {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Why something else than what was asked for was written (HTML in place of PDF), or null. */
  readonly gap: Problem | null;
}

/**
 * Writes the report beside its name, makes it durable and renames it; custody notes its hash.
 * Problems: those of reading and analysing, `path-unwritable`, `path-is-directory`, `disk-full`. Without a printer the
 * answer is the HTML beside the wished name, with the gap.
 */
export async function exportReport(
  directory: string,
  wish: ReportWish,
  print: PrintPdf,
  conduct: Conduct,
): Promise<Result<Exported>> {
  const writable = checkTarget(wish.outPath);
  if (!writable.ok) return writable;
  const gathered = await gatherReport(directory, { ...conduct, lang: wish.lang });
  if (!gathered.ok) return gathered;
  const written = await writeReport(gathered.value, wish, print, conduct);
  if (!written.ok) return written;
  const { path, bytes, sha256 } = written.value;
  const name = path.slice(dirname(path).length + 1);
  const noted = writeCase(directory, 'noting a report', conduct, (writer) =>
    writer.note('report-exported', `${name} (${wish.lang}, ${bytes} bytes, SHA-256 ${sha256})`),
  );
  // A case that can only be read still gives its report; that custody could not note it is said.
  if (!noted.ok) return ok({ ...written.value, gap: written.value.gap ?? noted.problem });
  return written;
}

function checkTarget(path: string): Result<null> {
  const folder = statSync(dirname(path), { throwIfNoEntry: false });
  if (folder?.isDirectory() !== true) return fail('path-missing', { path: dirname(path) });
  if (existsSync(path) && statSync(path).isDirectory()) return fail('path-is-directory', { path });
  return ok(null);
}

async function writeReport(
  input: ReportInput,
  wish: ReportWish,
  print: PrintPdf,
  conduct: Conduct,
): Promise<Result<Exported>> {
  if (wish.format === 'json') return writeDurably(wish.outPath, reportJson(input), null);
  if (wish.format === 'html') {
    return writeDurably(wish.outPath, reportHtml(input, { lang: wish.lang, fontFaces: '' }), null);
  }
  const printed = await printReport(input, wish, print, conduct);
  if (printed.ok) return printed;
  const noPrinter = printed.problem.code === 'no-electron' || printed.problem.code === 'no-display';
  if (!noPrinter) return printed;
  const html = wish.outPath.replace(/\.pdf$/i, '') + '.html';
  return writeDurably(html, reportHtml(input, { lang: wish.lang, fontFaces: '' }), printed.problem);
}

/** The page and the PDF lie beside the wished name while they are made, so that identifiers never reach another folder. */
async function printReport(
  input: ReportInput,
  wish: ReportWish,
  print: PrintPdf,
  conduct: Conduct,
): Promise<Result<Exported>> {
  let work: string;
  try {
    work = mkdtempSync(join(dirname(wish.outPath), '.handsight-report-'));
  } catch (error) {
    return writeProblem(error, wish.outPath);
  }
  try {
    const page = join(work, 'report.html');
    const pdf = join(work, 'report.pdf');
    writeFileSync(page, reportHtml(input, { lang: wish.lang, fontFaces: fontFaces() }), { mode: 0o600 });
    const printed = await print(page, pdf, conduct.signal);
    if (!printed.ok) return printed;
    return writeDurably(wish.outPath, readFileSync(pdf), null);
  } catch (error) {
    return writeProblem(error, wish.outPath);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Fonts that come with the program, so that Chinese is the same on every machine. */
function fontFaces(): string {
  const faces: string[] = [];
  for (const subset of ['chinese-traditional', 'latin']) {
    for (const weight of [400, 700]) {
      const file = resourceFile('fonts', `noto-sans-tc-${subset}-${weight}-normal.woff2`);
      if (file === null) continue;
      const range = subset === 'latin' ? 'unicode-range: U+0000-00FF, U+2000-206F, U+2190-21FF;' : '';
      faces.push(
        `@font-face { font-family: 'Noto Sans TC'; font-weight: ${weight}; src: url('${pathToFileURL(file).href}') format('woff2'); ${range} }`,
      );
    }
  }
  return faces.join('\n');
}

function writeDurably(path: string, content: string | Uint8Array, gap: Problem | null): Result<Exported> {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  const beside = `${path}.new`;
  try {
    const file = openSync(beside, 'w', 0o600);
    try {
      writeFileSync(file, bytes);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    return writeProblem(error, path);
  }
  return ok({ path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), gap });
}

function writeProblem(error: unknown, path: string): ReturnType<typeof fail> {
  const code = (error as NodeJS.ErrnoException).code;
  const detail = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC') return fail('disk-full', { path }, detail);
  return fail('path-unwritable', { path }, detail);
}
