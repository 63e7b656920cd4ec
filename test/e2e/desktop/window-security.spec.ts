import { execFileSync, spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { buildWindowWithFakeHost } from './harness/build-window.ts';
import { electronExecutable, launch, type Launched } from './harness/launch.ts';

// The shell and the page in the real Electron, with a host of fixtures behind them: what the page cannot do.
let application: string;
let server: Server;
let port: number;
let hits = 0;

test.beforeAll(async () => {
  application = mkdtempSync(join(tmpdir(), 'handsight-fixture-'));
  await buildWindowWithFakeHost(application);
  server = createServer((_request, response) => {
    hits += 1;
    response.end('reached');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

test.afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(application, { recursive: true, force: true });
});

async function withWindow(env: Record<string, string>, use: (launched: Launched) => Promise<void>): Promise<void> {
  const launched = await launch({ application, env });
  try {
    await use(launched);
  } finally {
    await launched.close();
  }
}

test('the page has no Node, no Electron and one small bridge', async () => {
  await withWindow({}, async ({ page }) => {
    const seen = await page.evaluate(() => ({
      names: ['require', 'process', 'module', 'global', 'Buffer', '__dirname', 'electron', 'ipcRenderer'].filter(
        (name) => name in globalThis,
      ),
      bridge: Object.entries(Reflect.get(globalThis, 'handsight') as object).map(([name, value]) => [
        name,
        typeof value,
      ]),
      address: location.href,
    }));
    expect(seen).toEqual({
      names: [],
      bridge: [
        ['call', 'function'],
        ['listen', 'function'],
      ],
      address: 'app://handsight/index.html',
    });
  });
});

test('the policy comes with every answer and stops inline code, code from text and markup sinks', async () => {
  await withWindow({}, async ({ page, complaints }) => {
    expect(complaints).toEqual([]);
    const result = await page.evaluate(async () => {
      const violations: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
      const attempt = (work: () => unknown): string => {
        try {
          work();
          return 'done';
        } catch (error) {
          return error instanceof Error ? error.name : 'thrown';
        }
      };
      // From a timer: what a debugger runs by itself is let through by Chromium.
      const attempts = new Promise<{ inline: string; evaluated: string; markup: string }>((resolve) => {
        setTimeout(() => {
          const script = document.createElement('script');
          const inline = attempt(() => {
            script.textContent = 'globalThis.ran = true';
            document.body.append(script);
          });
          const evaluated = attempt(() => (Reflect.construct(Function, ['return 1']) as () => unknown)());
          const markup = attempt(() => {
            document.body.insertAdjacentHTML('beforeend', '<b>x</b>');
          });
          const style = document.createElement('style');
          style.textContent = 'body { display: none }';
          document.head.append(style);
          resolve({ inline, evaluated, markup });
        }, 0);
      });
      const { inline, evaluated, markup } = await attempts;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return {
        inline,
        evaluated,
        markup,
        ran: Reflect.get(globalThis, 'ran') === true,
        display: getComputedStyle(document.body).display,
        violations,
      };
    });
    expect(result.ran).toBe(false);
    expect(result.evaluated).toBe('EvalError');
    expect(result.markup).toBe('TypeError');
    expect(result.display).not.toBe('none');
    expect(result.violations.length).toBeGreaterThan(0);
  });
});

test('nothing reaches the network, from the page or from its session', async () => {
  await withWindow({}, async ({ app, page }) => {
    const address = `http://127.0.0.1:${port}/`;
    const fromPage = await page.evaluate(async (url) => {
      const image = new Promise<string>((resolve) => {
        const element = new Image();
        element.onload = () => resolve('loaded');
        element.onerror = () => resolve('refused');
        element.src = `${url}image.png`;
      });
      const fetched = await fetch(url).then(
        () => 'loaded',
        () => 'refused',
      );
      const beacon = navigator.sendBeacon(`${url}beacon`, 'x');
      const socket = new Promise<string>((resolve) => {
        try {
          const made = new WebSocket(url.replace('http', 'ws'));
          made.onopen = () => resolve('loaded');
          made.onerror = () => resolve('refused');
        } catch {
          resolve('refused');
        }
      });
      return { image: await image, fetched, beacon, socket: await socket };
    }, address);
    expect(fromPage).toMatchObject({ image: 'refused', fetched: 'refused', socket: 'refused' });
    const fromSession = await app.evaluate(
      ({ session }, url) =>
        session.defaultSession.fetch(url).then(
          () => 'loaded',
          () => 'refused',
        ),
      address,
    );
    expect(fromSession).toBe('refused');
    expect(hits).toBe(0);
    // The server itself answers: otherwise this test could not fail.
    expect(await (await fetch(address)).text()).toBe('reached');
    hits = 0;
  });
});

test('the page stays where it is: no navigation, no window, no embedded page, no permission', async () => {
  await withWindow({}, async ({ app, page }) => {
    await page.evaluate((url) => {
      location.href = url;
    }, `http://127.0.0.1:${port}/away`);
    await page.evaluate(() => {
      location.assign('file:///etc/passwd');
    });
    await page.waitForTimeout(500);
    expect(page.url()).toBe('app://handsight/index.html');
    const made = await page.evaluate(async () => {
      const opened = window.open('https://example.org/') === null ? 'denied' : 'opened';
      const frame = document.createElement('iframe');
      frame.src = 'https://example.org/';
      document.body.append(frame);
      const view = document.createElement('webview');
      document.body.append(view);
      const state = async (name: string): Promise<string> =>
        (await navigator.permissions.query({ name: name as PermissionName })).state;
      const media = await navigator.mediaDevices.getUserMedia({ audio: true }).then(
        () => 'given',
        () => 'denied',
      );
      const clipboard = await navigator.clipboard.readText().then(
        () => 'given',
        () => 'denied',
      );
      return { opened, geolocation: await state('geolocation'), media, clipboard, webview: 'src' in view };
    });
    expect(made).toEqual({
      opened: 'denied',
      geolocation: 'denied',
      media: 'denied',
      clipboard: 'denied',
      webview: false,
    });
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    expect(hits).toBe(0);
  });
});

test('the window’s real options are those of the test', async () => {
  await withWindow({}, async ({ app }) => {
    const real = await app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      const contents = window?.webContents as unknown as { getLastWebPreferences: () => Record<string, unknown> };
      const preferences = contents.getLastWebPreferences();
      return Object.fromEntries(
        [
          'sandbox',
          'contextIsolation',
          'nodeIntegration',
          'nodeIntegrationInWorker',
          'webviewTag',
          'webSecurity',
          'javascript',
          'devTools',
        ].map((name) => [name, preferences[name]]),
      );
    });
    expect(real).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      webSecurity: true,
    });
  });
});

test('what a hostile handset says is shown as text, with what hides in it', async () => {
  await withWindow({ FAKE_HOST_SCENARIO: 'hostile' }, async ({ page, complaints }) => {
    const card = page.locator('.handset-card').first();
    await expect(card).toContainText('<img src=x onerror="alert(1)">');
    await expect(card).toContainText('U+202E');
    await expect(card).toContainText('U+0007');
    await expect(card).toContainText('U+200B');
    expect(await page.locator('.handset-card img').count()).toBe(0);
    expect(await page.evaluate(() => document.body.innerText.includes('\u202e'))).toBe(false);
    expect(complaints).toEqual([]);
  });
});

test('prints a page to a tagged PDF without running its script or loading anything', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'handsight-print-'));
  const html = join(folder, 'report.html');
  const pdf = join(folder, 'out put.pdf');
  const executable = electronExecutable() ?? ((await import('electron')).default as unknown as string);
  writeFileSync(
    html,
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Evidence report</title></head><body>
     <h1>Report 證據</h1><p id="p">untouched</p><script>document.getElementById('p').textContent = 'script ran'</script>
     <img src="http://127.0.0.1:${port}/tracker.png" alt=""></body></html>`,
  );
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const args = [application, ...asRoot, `--user-data-dir=${join(folder, 'data')}`, '--print-pdf', html, pdf];
  const run = spawnSync(executable, args, { encoding: 'utf8', timeout: 60_000 });
  expect(run.status, run.stderr).toBe(0);
  expect(JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '')).toEqual({ ok: true, value: null });
  expect(existsSync(pdf)).toBe(true);
  const text = execFileSync('pdftotext', [pdf, '-'], { encoding: 'utf8' });
  expect(text).toContain('untouched');
  expect(text).toContain('證據');
  expect(text).toMatch(/1 ?\/ ?1/);
  expect(execFileSync('pdfinfo', [pdf], { encoding: 'utf8' })).toMatch(/Title:\s+Evidence report[\s\S]*Tagged:\s+yes/);
  expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-');
  expect(hits).toBe(0);
  const wrong = spawnSync(
    executable,
    [
      application,
      ...asRoot,
      `--user-data-dir=${join(folder, 'data')}`,
      '--print-pdf',
      html,
      join(folder, 'no', 'such', 'out.pdf'),
    ],
    { encoding: 'utf8', timeout: 60_000 },
  );
  expect(wrong.status).toBe(1);
  expect(wrong.stdout).toContain('path-unwritable');
  rmSync(folder, { recursive: true, force: true });
});

test('tests itself and says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'handsight-self-'));
  const executable = electronExecutable() ?? ((await import('electron')).default as unknown as string);
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const run = spawnSync(executable, [application, ...asRoot, `--user-data-dir=${folder}`, '--self-test'], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(run.status, run.stderr).toBe(0);
  expect(JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
    ok: true,
    version: '0.1.0',
    page: 'app://handsight/index.html',
    problem: null,
  });
  rmSync(folder, { recursive: true, force: true });
});
