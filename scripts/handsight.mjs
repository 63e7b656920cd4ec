// `npm run -s handsight -- COMMAND …`: sets the project up where needed, then is the command line itself: standard output,
// exit code and signals are the command's own. Plain JavaScript without packages (Node >= 18). npm starts Node with as many helping
// threads of V8 as processors are left beside the main one: four on two took the processor from those that read and search.
import { pathToFileURL } from 'node:url';
import { bootstrap, builtFile, environmentFor } from './bootstrap.mjs';
import { runInPlace } from './run.mjs';
import { say, SetupFailure, withClearFailures } from './say.mjs';
import { askForPackages } from './system-packages.mjs';

const args = process.argv.slice(2);
const usesAdb = ['demo', 'devices', 'acquire', 'capture'].includes(args[0] ?? '') && !args.includes('--help');
const printsPdf = args[0] === 'report' && /(^|[\s=])pdf($|\s)/.test(args.join(' '));

/** A PDF is printed by Electron; without one the command line says so itself and writes HTML (exit 4). */
async function prepare() {
  if (!printsPdf) return bootstrap();
  try {
    return await bootstrap({ withElectron: true });
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    const ready = await bootstrap();
    say(error.message);
    return ready;
  }
}

/**
 * From a terminal Ctrl-C reaches us twice: from the terminal and forwarded by npm. The command takes the first for itself and
 * must not be killed in its tidying up by the second; one that comes later than that is meant.
 */
function absorbDoubledInterrupt() {
  let firstAt = null;
  process.on('SIGINT', () => {
    const handledByCommand = process.listenerCount('SIGINT') > 1;
    if (firstAt === null && handledByCommand) firstAt = performance.now();
    else if (!handledByCommand && (firstAt === null || performance.now() - firstAt > 1000)) process.exit(130);
  });
}

await withClearFailures(async () => {
  const { node, electron } = await prepare();
  if (usesAdb) await askForPackages(['adb'], { optional: true });
  if (printsPdf && electron) await askForPackages(['electron-libraries', 'xvfb'], { optional: true, electron });
  const cli = builtFile('main', 'cli.js');
  const env = environmentFor(electron, { insideElectron: false });
  // npm starts scripts in the checkout; paths on the command line count from where the person stands.
  const cwd = process.env.INIT_CWD || process.cwd();
  // Said once, by the working directory: programs that this command starts elsewhere must not count from here.
  delete env.INIT_CWD;
  delete process.env.INIT_CWD;
  if (node !== process.execPath) {
    process.exitCode = await runInPlace(node, [...process.execArgv, cli, ...args], { env, cwd });
    return;
  }
  Object.assign(process.env, env);
  process.chdir(cwd);
  process.argv[1] = cli;
  absorbDoubledInterrupt();
  await import(pathToFileURL(cli).href);
});
