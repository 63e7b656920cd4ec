import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';

/** PDF is a port: the window prints in a hidden window, the command line starts Electron hidden. */
export type PrintPdf = (html: string, pdf: string, signal: AbortSignal) => Promise<Result<null>>;

const printTimeoutMs = 10 * 60_000;

/**
 * Prints a finished HTML file to PDF with Electron in a hidden window, under Xvfb where there is no display.
 * Problems: `no-electron`, `no-display`, `TIMEOUT`, `ABORTED`, `internal` (Electron's last words in detail).
 */
export const printPdfWithElectron: PrintPdf = async (html, pdf, signal) => {
  const electron = process.env['HANDSIGHT_ELECTRON'];
  if (electron === undefined || electron === '') return fail('no-electron');
  const display = await findDisplay();
  if (!display.ok) return display;
  // Chromium keeps a profile; it must not outlive the print.
  const profile = mkdtempSync(join(tmpdir(), 'handsight-print-'));
  try {
    const asRoot = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const args = [...asRoot, `--user-data-dir=${profile}`, appRoot(), '--print-pdf', html, pdf];
    const env = { ...process.env, ...display.value.env };
    delete env['ELECTRON_RUN_AS_NODE'];
    const ended = await runToEnd(electron, args, env, signal);
    if (!ended.ok) return ended;
    if (ended.value.code !== 0 || statSync(pdf, { throwIfNoEntry: false }) === undefined) {
      return fail('internal', undefined, ended.value.lastWords);
    }
    return ok(null);
  } finally {
    display.value.stop();
    rmSync(profile, { recursive: true, force: true });
  }
};

/** Folder of the package.json that Electron starts: above `dist/main` when built, above `main/workflow` from source. */
function appRoot(): string {
  return dirname(dirname(dirname(fileURLToPath(import.meta.url))));
}

interface Display {
  readonly env: Readonly<Record<string, string>>;
  readonly stop: () => void;
}

async function findDisplay(): Promise<Result<Display>> {
  const present = process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'];
  if (process.platform !== 'linux' || (present !== undefined && present !== '')) {
    return ok({ env: {}, stop: () => undefined });
  }
  const xvfb = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string | null>((resolve) => {
    const timer = setTimeout(() => resolve(null), 15_000);
    const give = (value: string | null): void => {
      clearTimeout(timer);
      resolve(value);
    };
    xvfb.once('error', () => give(null));
    xvfb.once('exit', () => give(null));
    xvfb.stdio[3]?.once('data', (bytes: Buffer) => give(bytes.toString('latin1').trim()));
  });
  if (number === null) {
    xvfb.kill();
    return fail('no-display');
  }
  return ok({ env: { DISPLAY: `:${number}` }, stop: () => void xvfb.kill() });
}

interface Ended {
  readonly code: number | null;
  readonly lastWords: string;
}

async function runToEnd(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Result<Ended>> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let lastWords = '';
    let stopped: 'ABORTED' | 'TIMEOUT' | null = null;
    const stop = (why: 'ABORTED' | 'TIMEOUT') => (): void => {
      stopped = why;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(stop('TIMEOUT'), printTimeoutMs);
    const abort = stop('ABORTED');
    signal.addEventListener('abort', abort, { once: true });
    const done = (result: Result<Ended>): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      resolve(result);
    };
    child.stderr.on('data', (chunk: Buffer) => {
      lastWords = (lastWords + chunk.toString('utf8')).slice(-2000);
    });
    child.once('error', (error) => done(fail('no-electron', undefined, error.message)));
    child.once('close', (code) => done(stopped === null ? ok({ code, lastWords }) : fail(stopped)));
  });
}
