import { fileURLToPath } from 'node:url';
import { app } from 'electron';
import { registerScheme } from './shell/app-protocol.ts';
import { createApplication } from './shell/application.ts';
import { quietChromium } from './shell/policies.ts';
import { printPdf } from './shell/print-pdf.ts';
import { selfTest } from './shell/self-test.ts';
import { startMode, type StartMode } from './shell/start-mode.ts';

// A case holds identifiers: what we make is for its owner's eyes, whatever the session's default is.
process.umask(0o077);

// This file's build lies in `main/` of the build folder, beside `renderer/` and `preload/`.
const build = fileURLToPath(new URL('..', import.meta.url));
const mode = startMode(process.argv.slice(1));

/** One line on standard output, written whole before the program ends. */
async function printAndExit(answer: unknown, code: number): Promise<void> {
  await new Promise((resolve) => {
    process.stdout.write(`${JSON.stringify(answer)}\n`, resolve);
  });
  app.exit(code);
}

async function openWindow(): Promise<void> {
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  const { main, closing } = createApplication(build);
  app.on('second-instance', () => closing.show());
  app.on('activate', () => closing.show());
  main.window.once('ready-to-show', () => main.window.show());
  await main.load();
}

async function run(how: StartMode): Promise<void> {
  switch (how.kind) {
    case 'window':
      return openWindow();
    case 'self-test': {
      const application = createApplication(build);
      const answer = await selfTest(application, app.getVersion());
      await application.host.stop(5000);
      return printAndExit(answer, answer.ok ? 0 : 1);
    }
    case 'print-pdf': {
      const result = await printPdf(how.html, how.pdf);
      return printAndExit(result, result.ok ? 0 : 1);
    }
    case 'wrong-usage':
      process.stderr.write(`${how.message}\n`);
      app.exit(2);
  }
}

registerScheme();
quietChromium();
if (mode.kind !== 'window') app.disableHardwareAcceleration();
// Without a window there is nothing that would keep the program from ending when the printing window closes.
app.on('window-all-closed', () => {});
// Never awaited here: an ES module that waits for `ready` at its top level would never get it.
void app
  .whenReady()
  .then(() => run(mode))
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    app.exit(1);
  });
