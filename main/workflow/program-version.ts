import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Version of the program, as package.json says it. */
export function programVersion(): string {
  return packageOf(dirname(fileURLToPath(import.meta.url)));
}

function packageOf(start: string): string {
  for (let at = start; ; at = dirname(at)) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
      if (isHandsight(parsed)) return parsed.version;
    } catch {
      // No package.json here: look one folder up.
    }
    if (dirname(at) === at) return 'unknown';
  }
}

function isHandsight(value: unknown): value is { readonly name: string; readonly version: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    value.name === 'handsight' &&
    'version' in value &&
    typeof value.version === 'string'
  );
}

let cachedHash: string | null = null;

/**
 * SHA-256 over the program's own built files (name, length, bytes; in name order): printed in reports,
 * so that a reader can tell which program judged. From a source checkout it covers the folder that runs.
 */
export function programHash(): string {
  if (cachedHash !== null) return cachedHash;
  const folder = dirname(fileURLToPath(import.meta.url));
  const hash = createHash('sha256');
  const names = readdirSync(folder)
    .filter((name) => /\.(js|ts)$/.test(name))
    .sort();
  for (const name of names) {
    const bytes = readFileSync(join(folder, name));
    hash.update(`${name}\0${bytes.length}\0`);
    hash.update(bytes);
  }
  cachedHash = hash.digest('hex');
  return cachedHash;
}
