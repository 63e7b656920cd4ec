// The packing itself, on Node 24 with everything set up: see package.mjs. Arguments: `test` or `dist`.
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { root } from './places.mjs';
import { runInPlace, runQuietly } from './run.mjs';
import { say, SetupFailure, withClearFailures } from './say.mjs';

const require = createRequire(import.meta.url);
const kind = process.argv[2];
const binding = process.env.HANDSIGHT_SQLITE_BINDING;
const output = join(root, 'release', kind);

/** The development runtime without its launcher, where it is that one; the official Electron as it is. */
function electronToPack() {
  const folder = process.env.HANDSIGHT_ELECTRON_FOLDER;
  if (!process.env.HANDSIGHT_DEV_RUNTIME)
    return { folder, version: readFileSync(join(folder, 'version'), 'utf8').trim() };
  const copy = join(root, '.cache', 'electron-to-pack');
  rmSync(copy, { recursive: true, force: true });
  const launcher = join(folder, 'resources', 'app');
  cpSync(folder, copy, { recursive: true, filter: (path) => path !== launcher && basename(path) !== '.complete' });
  return { folder: copy, version: /electron-([\d.]+)-/.exec(folder)[1] };
}

/** What this run lays over electron-builder.yml; electron-builder joins the two, lists included. */
function overlay() {
  const { folder, version } = electronToPack();
  const config = {
    directories: { output },
    electronDist: folder,
    electronVersion: version.replace(/^v/, ''),
    files: [],
  };
  if (kind === 'test') config.electronFuses = { enableNodeCliInspectArguments: true };
  if (binding) {
    // better-sqlite3 looks for a binding that was compiled on purpose before it takes a prebuilt one.
    const to = 'node_modules/better-sqlite3/build/Release';
    config.files.push({ from: dirname(binding), to, filter: [basename(binding)] });
  }
  return config;
}

/** The fuses that electron-builder.yml asks for, with the overlay's. */
function wantedFuses(config) {
  const text = readFileSync(join(root, 'electron-builder.yml'), 'utf8');
  const section = /^electronFuses:\n((?: {2}\w+: (?:true|false)\n)+)/m.exec(text)?.[1] ?? '';
  const asked = [...section.matchAll(/(\w+): (true|false)/g)].map(([, name, value]) => [name, value === 'true']);
  if (asked.length < 8) throw new Error('electron-builder.yml does not name its eight fuses');
  return { ...Object.fromEntries(asked), ...config.electronFuses };
}

/** The finished program below release/KIND. */
function findProgram() {
  const candidates = [
    'linux-unpacked/handsight',
    'mac/Handsight.app',
    'mac-arm64/Handsight.app',
    'win-unpacked/Handsight.exe',
  ];
  const found = candidates.map((path) => join(output, path)).find((path) => existsSync(path));
  if (!found) throw new SetupFailure(`No program was packed: ${output} holds ${readdirSync(output).join(', ')}.`);
  return found;
}

/** The fuses as the finished program holds them, compared one by one with what the configuration asks. */
async function readFusesBack(program, wanted) {
  const { getCurrentFuseWire, FuseState, FuseV1Options } = await import('@electron/fuses');
  const wire = await getCurrentFuseWire(program);
  for (const [name, value] of Object.entries(wanted)) {
    const option = FuseV1Options[name[0].toUpperCase() + name.slice(1)];
    const state = wire[option];
    if (state !== (value ? FuseState.ENABLE : FuseState.DISABLE)) {
      throw new SetupFailure(
        `The fuse ${name} of ${program} is not ${value ? 'on' : 'off'}: do not hand this package out.`,
      );
    }
  }
  say(
    `fuses read back: ${Object.entries(wanted)
      .map(([name, value]) => `${name}=${value ? 'on' : 'off'}`)
      .join(' ')}`,
  );
}

const asRoot = process.platform === 'linux' && process.getuid() === 0 ? ['--no-sandbox'] : [];

/** Starts the program once with its self-test: page, host and database answer, and it ends by itself. */
async function selfTest(program) {
  const profile = mkdtempSync(join(tmpdir(), 'handsight-self-test-'));
  const env = { ...process.env };
  delete env.HANDSIGHT_SQLITE_BINDING;
  const executable = program.endsWith('.app') ? join(program, 'Contents', 'MacOS', 'Handsight') : program;
  const args = [...asRoot, `--user-data-dir=${profile}`, '--self-test'];
  const { code, output: said } = await runQuietly(executable, args, { env, timeoutMs: 60_000 });
  rmSync(profile, { recursive: true, force: true });
  const answer = said.split('\n').find((line) => line.startsWith('{')) ?? said.trim().split('\n').at(-1);
  if (code !== 0) throw new SetupFailure(`The package's self-test failed (exit code ${code}): ${answer}`);
  say(`self-test: ${answer}`);
  return executable;
}

await withClearFailures(async () => {
  rmSync(output, { recursive: true, force: true });
  const config = overlay();
  const { build } = require('electron-builder');
  const targets = kind === 'test' ? { dir: true } : {};
  await build({ config, projectDir: root, publish: 'never', ...targets });
  const program = findProgram();
  await readFusesBack(program, wantedFuses(config));
  const executable = await selfTest(program);
  if (kind === 'dist') return;
  const env = { ...process.env, HANDSIGHT_PACKAGED: executable };
  delete env.HANDSIGHT_SQLITE_BINDING;
  env.HANDSIGHT_PLAYWRIGHT_COUNT ??= join(root, '.cache', 'packaged-count.json');
  const args = [join(root, 'node_modules', '@playwright', 'test', 'cli.js'), 'test', '--project=packaged'];
  process.exitCode = await runInPlace(process.execPath, args, { cwd: root, env });
});
