// What the build is made of, as one hash: a build is current when the stamp in dist/ says the same hash.
// Plain JavaScript without packages: the bootstrap runs it before anything is installed (Node >= 18).
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const inputs = [
  'main',
  'renderer',
  'shared',
  'test/demo-world',
  'test/handset-simulator',
  'test/traffic-generator',
  'test/personas',
  'scripts/build.mjs',
  'scripts/network-data.mjs',
  'scripts/sources.mjs',
  'rolldown.config.mjs',
  'vite.config.mjs',
  'package.json',
  'package-lock.json',
];

function* filesUnder(path) {
  if (!existsSync(path)) return;
  if (statSync(path).isFile()) {
    yield path;
    return;
  }
  for (const name of readdirSync(path).sort()) yield* filesUnder(join(path, name));
}

/** SHA-256 over names and contents of everything the build reads. */
export function sourceHash(root) {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const file of filesUnder(join(root, input))) {
      hash.update(`${file.slice(root.length)}\0`);
      hash.update(createHash('sha256').update(readFileSync(file)).digest());
    }
  }
  return hash.digest('hex');
}

/** The file in dist/ in which a finished build writes its hash. */
export const stampName = '.build-stamp';

/** True when dist/ was built from what lies here now. */
export function isBuilt(root) {
  try {
    return readFileSync(join(root, 'dist', stampName), 'utf8').trim() === sourceHash(root);
  } catch {
    return false;
  }
}
