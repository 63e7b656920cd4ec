import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';

export interface LaunchOptions {
  /** Folder with the application's package.json. */
  readonly application: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Kept when given; otherwise a new one that goes away with the program. */
  readonly userData?: string;
  readonly args?: readonly string[];
}

export interface Launched {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Everything the page wrote to its console as an error or warning, CSP violations among them. */
  readonly complaints: readonly string[];
  readonly close: () => Promise<void>;
}

/** The Electron to drive: `HANDSIGHT_ELECTRON`, or what the package `electron` has. */
export function electronExecutable(): string | undefined {
  const path = process.env['HANDSIGHT_ELECTRON'];
  return path === undefined || path === '' ? undefined : path;
}

/**
 * Holds the program's `ready` until Playwright has attached itself. Playwright passes it by itself only to the Electron that it
 * finds by itself; without it a window that opens while Playwright attaches is now and then never seen.
 */
const loader = join(
  fileURLToPath(new URL('../../../../node_modules', import.meta.url)),
  'playwright-core',
  'lib',
  'server',
  'electron',
  'loader.js',
);

const isRoot = (): boolean => process.getuid?.() === 0;

/** Starts the program with its own settings folder and waits for its page. */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const userData = options.userData ?? mkdtempSync(join(tmpdir(), 'handsight-window-'));
  const executablePath = electronExecutable();
  const app = await _electron.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      ...(executablePath === undefined ? [] : ['-r', loader]),
      options.application,
      `--user-data-dir=${userData}`,
      ...(isRoot() ? ['--no-sandbox'] : []),
      ...(options.args ?? []),
    ],
    env: {
      ...(process.env as Record<string, string>),
      HANDSIGHT_CASES_FOLDER: join(userData, 'cases'),
      ...options.env,
    },
    timeout: 60_000,
  });
  const page = await app.firstWindow();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.waitForSelector('h1');
  const process_ = app.process();
  let closed = false;
  return {
    app,
    page,
    complaints,
    async close() {
      if (closed) return;
      closed = true;
      // A program that asks before it closes would wait for an answer: give it a moment, then end exactly this process.
      const timer = setTimeout(() => process_.kill('SIGKILL'), 8000);
      await app.close().catch(() => undefined);
      clearTimeout(timer);
      if (options.userData === undefined) rmSync(userData, { recursive: true, force: true });
    },
  };
}

/** Answers the next open dialogs with these paths, as if the person had chosen them. */
export async function answerOpenDialog(app: ElectronApplication, paths: readonly string[]): Promise<void> {
  await app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: filePaths.length === 0, filePaths: [...filePaths] });
  }, paths);
}

/** Answers the next save dialogs with this path; null closes them. */
export async function answerSaveDialog(app: ElectronApplication, path: string | null): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: filePath === null, filePath: filePath ?? '' });
  }, path);
}
