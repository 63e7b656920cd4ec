import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Problem, Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { reportHtml } from '../report/html.ts';
import { reportJson } from '../report/json.ts';
import { pdfMark } from '../report/report-mark.ts';
import { unmaskedPlaces } from '../report/self-check.ts';
import type { ReportInput } from '../report/report-input.ts';
import { writeCase } from './case-session.ts';
import type { Conduct, Lang } from './conduct.ts';
import type { PrintPdf } from './print-pdf.ts';
import { gatherReport } from './gather-report.ts';
import { writeBesideOthers, writeDurably, writeProblem } from './report-file.ts';
import type { WrittenFile } from './report-file.ts';
import { reportTarget } from './report-target.ts';
import { resourceFile } from './resources.ts';

export interface ReportWish {
  readonly format: 'html' | 'pdf' | 'json';
  readonly lang: Lang;
  readonly outPath: string;
  /** Replaces a file that is no report of ours, where it lies outside every case: the person was asked, or insists. */
  readonly force?: boolean;
}

export interface Exported {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /**
   * What is not as it was asked for, and why: HTML in place of PDF (`no-electron`, `no-display`), an export that the
   * custody log does not hold (`report-not-noted`). Empty when everything is.
   */
  readonly gaps: readonly Problem[];
}

/**
 * Writes the report beside its name, makes it durable and renames it; custody notes its hash. A report in which a listed
 * identifier is left unmasked is not written, and the case stays as it is.
 * Problems: those of `reportTarget`, of reading and analysing, `disk-full`, `report-unmasked`.
 * Without a printer the answer is the HTML beside the wished name, with the gap.
 */
export async function exportReport(
  directory: string,
  wish: ReportWish,
  print: PrintPdf,
  conduct: Conduct,
): Promise<Result<Exported>> {
  const target = reportTarget(wish.outPath, wish.force === true);
  if (!target.ok) return target;
  const gathered = await gatherReport(directory, { ...conduct, lang: wish.lang });
  if (!gathered.ok) return gathered;
  const written = await writeReport(gathered.value, { ...wish, outPath: target.value.path }, print, conduct);
  if (!written.ok) return written;
  const { bytes, sha256, gaps } = written.value;
  // A person finds it under the name that was asked for, through whatever links.
  const path = written.value.path === target.value.path ? wish.outPath : written.value.path;
  const name = basename(path);
  const noted = writeCase(directory, 'noting a report', conduct, (writer) =>
    writer.note('report-exported', `${name} (${wish.lang}, ${bytes} bytes, SHA-256 ${sha256}, identifiers left: 0)`),
  );
  const more = noted.ok ? [] : [notNoted(noted.problem, name, sha256)];
  return ok({ path, bytes, sha256, gaps: [...gaps, ...more] });
}

/** Why custody holds no entry of an export, as the sentence names it. */
const reasonsNotNoted: Partial<Record<Problem['code'], string>> = {
  'path-unwritable': 'readonly',
  'case-read-only': 'readonly',
  'case-locked': 'locked',
  'disk-full': 'full',
};

/** A case that can only be read still gives its report; the person is told to keep the hash, because custody does not. */
function notNoted(problem: Problem, name: string, sha256: string): Problem {
  const because = reasonsNotNoted[problem.code] ?? 'other';
  return fail('report-not-noted', { name, sha256, because }).problem;
}

/** Looks at the place once more: gathering and printing take a while, in which somebody may have laid a file there. */
function writeThere(wish: ReportWish, content: string | Uint8Array): Result<WrittenFile> {
  const target = reportTarget(wish.outPath, wish.force === true);
  return target.ok ? writeDurably(target.value.path, content, target.value.replaces) : target;
}

/** The detector's word on what is about to be written: nothing leaves the case with a listed identifier in it. */
function checkMasking(text: string, input: ReportInput): Result<null> {
  const left = unmaskedPlaces(text, input);
  if (left.length === 0) return ok(null);
  const ids = [...new Set(left.map(({ id }) => id))].slice(0, 20).join(', ');
  return fail('report-unmasked', { count: left.length, ids });
}

async function writeReport(
  input: ReportInput,
  wish: ReportWish,
  print: PrintPdf,
  conduct: Conduct,
): Promise<Result<Exported>> {
  const { lang, format, outPath } = wish;
  const text = format === 'json' ? reportJson(input, lang) : reportHtml(input, { lang, fontFaces: '' });
  const masked = checkMasking(text, input);
  if (!masked.ok) return masked;
  const done = (written: Result<WrittenFile>, gaps: readonly Problem[] = []): Result<Exported> =>
    written.ok ? ok({ ...written.value, gaps }) : written;
  if (format !== 'pdf') return done(writeThere(wish, text));
  const printed = await printReport(input, wish, print, conduct);
  if (printed.ok) return done(printed);
  const noPrinter = printed.problem.code === 'no-electron' || printed.problem.code === 'no-display';
  // Nobody asked for this name: a file that has it already stays.
  return noPrinter
    ? done(writeBesideOthers(outPath.replace(/\.pdf$/i, ''), '.html', text), [printed.problem])
    : printed;
}

/** The page and the PDF lie beside the wished name while they are made, so that identifiers never reach another folder. */
async function printReport(
  input: ReportInput,
  wish: ReportWish,
  print: PrintPdf,
  conduct: Conduct,
): Promise<Result<WrittenFile>> {
  let work: string;
  try {
    work = mkdtempSync(join(dirname(wish.outPath), '.handsight-report-'));
  } catch (error) {
    return writeProblem(error, wish.outPath);
  }
  try {
    const page = join(work, 'report.html');
    const pdf = join(work, 'report.pdf');
    const text = reportHtml(input, { lang: wish.lang, fontFaces: fontFaces(work, wish.lang) });
    writeFileSync(page, text, { mode: 0o600 });
    const printed = await print(page, pdf, conduct.signal);
    if (!printed.ok) return printed;
    return writeThere(wish, Buffer.concat([readFileSync(pdf), pdfMark]));
  } catch (error) {
    return writeProblem(error, wish.outPath);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Subsets of the font that comes with the program, with the characters each is asked for. The large one lacks full-width
 * punctuation and the arrow, which are in small ones; without them the system's font would be embedded glyph by glyph.
 */
const fontSubsets: readonly (readonly [string, string | null])[] = [
  ['chinese-traditional', null],
  [
    'latin',
    'U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, U+2212',
  ],
  ['104', 'U+FF1C-FF1D'],
  ['112', 'U+2192, U+FF0D'],
  ['113', 'U+FF0E-FF0F, U+FF5C'],
  ['115', 'U+FF1B, U+FF5E'],
  ['118', 'U+FF01, U+FF08-FF09, U+FF1F'],
  ['119', 'U+FF0C, U+FF1A'],
];

/** Chinese is the same on every machine. The files lie beside the page: the printing window reads nothing else. */
function fontFaces(work: string, lang: Lang): string {
  const faces: string[] = [];
  for (const [subset, range] of fontSubsets) {
    for (const weight of [400, 700]) {
      const file = resourceFile('fonts', `noto-sans-tc-${subset}-${weight}-normal.woff2`);
      if (file === null) continue;
      copyFileSync(file, join(work, basename(file)));
      faces.push(
        `@font-face { font-family: 'Noto Sans TC'; font-weight: ${weight}; src: url('${basename(file)}') format('woff2');${range === null ? '' : ` unicode-range: ${range};`} }`,
      );
    }
  }
  // In this font quotation marks and dots are as wide as a Chinese character: English takes them from elsewhere.
  if (lang === 'en') {
    for (const weight of [400, 700]) {
      const bold = weight === 700 ? ' Bold' : '';
      const sources = ['DejaVu Sans', 'Liberation Sans', 'Arial', 'Helvetica Neue'].map(
        (name) => `local('${name}${bold}')`,
      );
      faces.push(
        `@font-face { font-family: 'Noto Sans TC'; font-weight: ${weight}; src: ${sources.join(', ')}; unicode-range: U+00B7, U+2018-201D, U+2022; }`,
      );
    }
  }
  return faces.join('\n');
}
