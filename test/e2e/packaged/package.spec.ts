import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, errors, expect, test, type ElectronApplication } from '@playwright/test';
import words from '../../../shared/locale/en.json' with { type: 'json' };

// Drives the finished package that `npm run package:test` made: what only a package can get wrong (code in an archive,
// native code beside it, files that were left out, a page that found its way out of the sandbox).
const program = process.env['HANDSIGHT_PACKAGED'] ?? '';
const folder = mkdtempSync(join(tmpdir(), 'handsight-package-'));
const home = join(folder, 'home');
const cases = join(folder, 'cases');
let app: ElectronApplication;

/**
 * Playwright holds a program that is not packed until it is attached to it; a package lets nobody hold it. A page that it meets in
 * the midst of going to its first address it waits for without end, while the program runs (one start in ten): then it is started
 * anew, as if for the first time. What ends, or cannot be reached six times, fails.
 */
async function launched(
  options: NonNullable<Parameters<typeof _electron.launch>[0]>,
  args: readonly string[],
): Promise<ElectronApplication> {
  for (let tries = 1; ; tries += 1) {
    const profile = `--user-data-dir=${join(folder, `profile-${tries}`)}`;
    try {
      return await _electron.launch({ ...options, args: [profile, ...args], timeout: 20_000 });
    } catch (error) {
      if (!(error instanceof errors.TimeoutError) || tries === 6) throw error;
    }
  }
}

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  expect(existsSync(program), 'HANDSIGHT_PACKAGED names the packed program').toBe(true);
  for (const path of [home, cases]) mkdirSync(path);
  const args = ['--lang=en'];
  if (process.platform === 'linux' && process.getuid?.() === 0) args.push('--no-sandbox');
  // What the checkout offers must not help the package.
  const checkoutOnly = new Set(['HANDSIGHT_SQLITE_BINDING', 'HANDSIGHT_RESOURCES', 'HANDSIGHT_ELECTRON']);
  const kept = Object.entries(process.env).filter((entry): entry is [string, string] => !checkoutOnly.has(entry[0]));
  const env = { ...Object.fromEntries(kept), HOME: home, HANDSIGHT_CASES_FOLDER: cases, LANG: 'en_US.UTF-8' };
  app = await launched({ executablePath: program, cwd: folder, env }, args);
});

test.afterAll(async () => {
  // A page may hold the closing up; the process is ours to end.
  const child = app.process();
  await Promise.race([app.close(), new Promise((resolve) => setTimeout(resolve, 10_000))]);
  if (child.exitCode === null) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

test('the packed program opens its first screen, without Node in the page', async () => {
  const window = await app.firstWindow();
  await expect(window.getByRole('heading', { level: 1 })).toHaveText(words['ui.start.title']);
  expect(await app.evaluate(({ app: electronApp }) => electronApp.isPackaged)).toBe(true);
  const seen = await window.evaluate(() =>
    ['process', 'require', 'module', 'Buffer'].filter((name) => name in globalThis),
  );
  expect(seen).toEqual([]);
  expect(new URL(window.url()).protocol).not.toBe('file:');
});

test('the packed program runs the demonstration and shows its findings', async () => {
  const window = await app.firstWindow();
  await window.getByRole('button', { name: words['ui.demo.start'] }).click();
  await expect(window.getByRole('heading', { level: 1 })).toHaveText(words['ui.nav.findings'], { timeout: 150_000 });
  // The most serious one stands first, whatever its number.
  await expect(window.getByText(/^F\d{4}$/).first()).toBeVisible();
  expect(readdirSync(cases).filter((name) => name.endsWith('.handsight'))).toHaveLength(1);
});
