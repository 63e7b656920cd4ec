import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BrowserWindow, session as electronSession } from 'electron';
import { fail, type Result } from '../../shared/model/problem.ts';
import { denyEverything } from './policies.ts';
import { printWindowOptions } from './window-options.ts';

// Chromium does not give page fonts to header and footer: ASCII only.
const footer =
  '<div style="width:100%;font-size:8px;color:#555;text-align:center;font-family:sans-serif">' +
  '<span class="pageNumber"></span> / <span class="totalPages"></span></div>';

/** Only `data:` and files in the folder of the printed page. */
function allowedWhilePrinting(html: string): (address: string) => boolean {
  const folder = dirname(resolve(html)) + sep;
  return (address) => {
    if (address.startsWith('data:')) return true;
    if (!address.startsWith('file://')) return false;
    try {
      return resolve(fileURLToPath(address)).startsWith(folder);
    } catch {
      return false;
    }
  };
}

/**
 * Prints a finished HTML file to a tagged PDF with outline, A4 unless the page says otherwise.
 * The result appears under its name only when it is whole. It is not PDF/A.
 */
export async function printPdf(html: string, pdf: string): Promise<Result<null>> {
  const partition = `print-${randomUUID()}`;
  denyEverything(electronSession.fromPartition(partition), allowedWhilePrinting(html));
  const window = new BrowserWindow(printWindowOptions(partition));
  const unfinished = `${pdf}.${process.pid}.part`;
  try {
    await window.loadURL(pathToFileURL(resolve(html)).href);
    const bytes = await window.webContents.printToPDF({
      pageSize: 'A4',
      printBackground: true,
      preferCSSPageSize: true,
      generateTaggedPDF: true,
      generateDocumentOutline: true,
      displayHeaderFooter: true,
      headerTemplate: '<span></span>',
      footerTemplate: footer,
    });
    await writeFile(unfinished, bytes, { flag: 'wx' });
    await rename(unfinished, pdf);
    return { ok: true, value: null };
  } catch (error) {
    await rm(unfinished, { force: true });
    const detail = error instanceof Error ? error.message : String(error);
    if (/ENOSPC/.test(detail)) return fail('disk-full', { path: pdf }, detail);
    if (/EACCES|EROFS|ENOENT|EPERM/.test(detail)) return fail('path-unwritable', { path: pdf }, detail);
    return fail('internal', {}, detail);
  } finally {
    window.destroy();
  }
}
