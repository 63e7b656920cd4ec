// SQLite for the development runtime's old Node (20): built once from the source in the same pinned package.
// The prebuilt binding needs Node-API 10 and would crash there. Runs on Node 24 with node_modules in place.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder, readLock, root, sha256OfFile } from './places.mjs';
import { lastLines } from './registry.mjs';
import { runQuietly } from './run.mjs';
import { say, sentenceFor, SetupFailure } from './say.mjs';
import { askForPackages } from './system-packages.mjs';

const defines = "'NAPI_VERSION=10'";
// Without a Node-API version of its own the binding also loads on the older runtime; it ran on Node 20, Node 24 and Electron 33.
const definesForOldNode = "'NAPI_EXPERIMENTAL','NODE_API_EXPERIMENTAL_NOGC_ENV_OPT_OUT'";

function isIntact(file) {
  const sum = `${file}.sha256`;
  return existsSync(file) && existsSync(sum) && readFileSync(sum, 'utf8') === sha256OfFile(file);
}

/** The path of the binding; builds it into the cache when it is not there (about 75 s). */
export async function ensureSqliteBinding(node) {
  const { version, integrity } = readLock().packages['node_modules/better-sqlite3'];
  const name = `sqlite-${version}-${integrity.replace(/[^\w]/g, '').slice(6, 18)}`;
  const file = join(cacheFolder, name, 'better_sqlite3.node');
  if (isIntact(file)) return file;
  await askForPackages(['compiler']);
  say('building the SQLite binding for the development runtime (once, about a minute and a half)');
  mkdirSync(cacheFolder, { recursive: true });
  const work = mkdtempSync(join(cacheFolder, 'sqlite-build-'));
  try {
    const built = await compile(node, work);
    rmSync(dirname(file), { recursive: true, force: true });
    mkdirSync(dirname(file), { recursive: true });
    cpSync(built, `${file}.new`);
    writeFileSync(`${file}.sha256`, sha256OfFile(built));
    renameSync(`${file}.new`, file);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return file;
}

async function compile(node, work) {
  const source = join(work, 'node_modules', 'better-sqlite3');
  cpSync(join(root, 'node_modules', 'better-sqlite3'), source, { recursive: true });
  rmSync(join(source, 'prebuilds'), { recursive: true, force: true });
  cpSync(join(root, 'node_modules', 'node-addon-api'), join(work, 'node_modules', 'node-addon-api'), {
    recursive: true,
  });
  const gyp = join(source, 'binding.gyp');
  const text = readFileSync(gyp, 'utf8');
  if (!text.includes(defines))
    throw new Error('binding.gyp of better-sqlite3 is not the one this recipe was written for');
  writeFileSync(gyp, text.replace(defines, definesForOldNode));
  const headers = dirname(dirname(node));
  const args = [
    join(root, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js'),
    'rebuild',
    '--release',
    '--force_build=1',
  ];
  if (existsSync(join(headers, 'include', 'node', 'node.h'))) args.push(`--nodedir=${headers}`);
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env.PATH ?? ''}` };
  const { code, output } = await runQuietly(node, args, { cwd: source, env, timeoutMs: 900_000 });
  if (code === 0) return join(source, 'build', 'Release', 'better_sqlite3.node');
  throw new SetupFailure(
    sentenceFor(output) ??
      `The SQLite binding could not be built; the compiler said: ${lastLines(output)}. Mend that and run the same command again.`,
  );
}
