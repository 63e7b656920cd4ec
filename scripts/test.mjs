// `npm test` and `npm run test:full`: sets the project up, then checks and tests everything and ends with one plain line:
// «N passed, N failed, N skipped». Plain JavaScript without packages (Node >= 18).
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, environmentFor } from './bootstrap.mjs';
import { startDisplay } from './display.mjs';
import { root } from './places.mjs';
import { runInPlace } from './run.mjs';
import { say, SetupFailure, withClearFailures } from './say.mjs';
import { askForPackages } from './system-packages.mjs';

const full = process.argv.includes('--full');
const results = join(root, '.cache', 'test-counts');
/** What the tier aims at on a machine that is otherwise idle; said when it is missed. */
const aimMinutes = full ? 90 : 15;
/** After so long something hangs, on a slow and busy machine too. */
const hangMinutes = full ? 180 : 60;

/** Integration and end-to-end tests may not skip where everything they need can be installed: on Debian as root. */
function mayNotSkip() {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

const realData = process.env.HANDSIGHT_REAL_DATA || join(root, '..', 'shared', 'data');

/**
 * Why a test had to be skipped although nothing may be: what no package can install. The real recordings are not part of the
 * repository, and a container may not let even root mount. Null: there is no such reason.
 */
function unavoidable({ file, name, reason }) {
  const path = join(root, file);
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  if (!existsSync(realData) && isFile && readFileSync(path, 'utf8').includes('HANDSIGHT_REAL_DATA')) {
    return 'needs the recordings of HANDSIGHT_REAL_DATA (default ../shared/data), which are not here';
  }
  return /right to mount/.test(`${name} ${reason}`) ? 'this system lets nobody mount' : null;
}

class Tally {
  passed = 0;
  failures = [];
  skipped = [];

  check(name, code) {
    if (code === 0) this.passed += 1;
    else this.failures.push(name);
  }

  /** Adds a runner's count; a runner that died without one is a failure. */
  add(name, countFile, code) {
    let count;
    try {
      count = JSON.parse(readFileSync(countFile, 'utf8'));
    } catch {
      this.failures.push(`${name} ended without a result (exit code ${code})`);
      return;
    }
    this.passed += count.passed;
    for (const test of count.failed) this.failures.push(`${test.file}: ${test.name}`);
    if (count.errors > 0) this.failures.push(`${name}: ${count.errors} errors outside any test (above)`);
    if (code !== 0 && count.failed.length === 0 && count.errors === 0) this.failures.push(`${name}: exit code ${code}`);
    if (count.passed + count.failed.length === 0) this.failures.push(`${name}: not one test was run`);
    for (const skip of count.skipped) this.skip(skip);
  }

  skip(test) {
    const because = unavoidable(test) ?? (test.reason || 'no reason given');
    const line = `${test.file}: ${test.name}: ${because}`;
    const forbidden = mayNotSkip() && /^test\/(integration|e2e)\//.test(test.file) && unavoidable(test) === null;
    if (forbidden) this.failures.push(`${line}: skipping is not allowed here`);
    else this.skipped.push(line);
  }

  print() {
    for (const line of this.skipped) process.stdout.write(`skipped: ${line}\n`);
    for (const line of this.failures) process.stdout.write(`failed: ${line}\n`);
    process.stdout.write(`${this.passed} passed, ${this.failures.length} failed, ${this.skipped.length} skipped\n`);
    return this.failures.length === 0 && this.passed > 0 ? 0 : 1;
  }
}

function bin(...path) {
  return join(root, 'node_modules', ...path);
}

async function staticChecks(run, tally) {
  const checks = [
    { name: 'types', args: [join(root, 'scripts', 'typecheck.mjs')] },
    { name: 'lint', args: [bin('oxlint', 'bin', 'oxlint'), '--type-aware', '--deny-warnings'] },
    { name: 'format', args: [bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'] },
    { name: 'lock file', args: [join(root, 'scripts', 'lock-check.mjs')] },
  ];
  for (const { name, args } of checks) {
    process.stdout.write(`\n== ${name}\n`);
    tally.check(name, await run(args));
  }
}

async function unitTests(run, tally) {
  process.stdout.write('\n== unit, property, architecture, integration, security\n');
  const countFile = join(results, 'vitest.json');
  const args = [bin('vitest', 'vitest.mjs'), 'run', '--reporter=default', '--reporter=./scripts/vitest-reporter.mjs'];
  tally.add('vitest', countFile, await run(args, { HANDSIGHT_VITEST_COUNT: countFile }));
}

function specsIn(folder) {
  const path = join(root, 'test', 'e2e', folder);
  if (!existsSync(path)) return 0;
  return readdirSync(path, { recursive: true }).filter((name) => String(name).endsWith('.spec.ts')).length;
}

async function desktopTests(run, tally, electron) {
  process.stdout.write('\n== end to end\n');
  if (!process.env.DISPLAY) {
    const reason = 'no display: Xvfb is not installed or did not start';
    tally.skip({ file: 'test/e2e/', name: `${specsIn('desktop')} files`, reason });
    return;
  }
  const countFile = join(results, 'playwright.json');
  const args = [bin('@playwright', 'test', 'cli.js'), 'test', '--project=desktop'];
  const { HANDSIGHT_SQLITE_BINDING } = environmentFor(electron, { insideElectron: true });
  const env = { HANDSIGHT_PLAYWRIGHT_COUNT: countFile, ...(HANDSIGHT_SQLITE_BINDING && { HANDSIGHT_SQLITE_BINDING }) };
  tally.add('playwright', countFile, await run(args, env));
}

async function packagedTests(run, tally) {
  process.stdout.write('\n== the package\n');
  const countFile = join(results, 'packaged.json');
  tally.add(
    'package',
    countFile,
    await run([join(root, 'scripts', 'package.mjs'), 'test'], { HANDSIGHT_PLAYWRIGHT_COUNT: countFile }),
  );
}

async function prepare() {
  const { node, electron } = await bootstrap({ withElectron: true });
  const wanted = ['adb', 'xvfb', 'electron-libraries', 'tshark', 'tcpdump', 'pdf-tools', 'cjk-fonts'];
  await askForPackages(wanted, { optional: true, electron });
  return { node, electron };
}

await withClearFailures(async () => {
  const startedAt = Date.now();
  const { node, electron } = await prepare();
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const display = await startDisplay();
  if (display) process.env.DISPLAY = display.display;
  const base = {
    ...environmentFor(electron, { insideElectron: false }),
    HANDSIGHT_TIER: full ? 'full' : 'quick',
    ...(mayNotSkip() ? { HANDSIGHT_NO_SKIP: '1' } : {}),
    PATH: `${bin('.bin')}:${process.env.PATH ?? ''}`,
  };
  // Set by npm for the person's own paths; a command that a test starts elsewhere must count from there.
  delete base.INIT_CWD;
  // A test that hangs must not hang the whole run: after this long it is ended, and counts as failed.
  const run = (args, env = {}) => {
    const left = hangMinutes * 60_000 - (Date.now() - startedAt);
    if (left <= 0)
      throw new SetupFailure(`The tests took more than ${hangMinutes} minutes: look above for the one that hangs.`);
    let timer;
    const onChild = (child) => {
      timer = setTimeout(() => child.kill('SIGTERM'), left);
    };
    return runInPlace(node, args, {
      cwd: root,
      env: { ...base, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
      onChild,
    }).finally(() => clearTimeout(timer));
  };
  const tally = new Tally();
  await staticChecks(run, tally);
  await unitTests(run, tally);
  await desktopTests(run, tally, electron);
  if (full) await packagedTests(run, tally);
  display?.stop();
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  say(
    `took ${seconds} s${seconds > aimMinutes * 60 ? `, more than the ${aimMinutes} minutes that this tier aims at` : ''}`,
  );
  process.exitCode = tally.print();
});
