import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where files that come with the program lie (country data, fonts, demonstration): beside `dist/main`, in `dist/` of the
 * checkout when run from source, or in the installed program's resources. Null: this installation has none.
 */
export function resourceFile(...parts: readonly string[]): string | null {
  const here = dirname(fileURLToPath(import.meta.url));
  const named = process.env['HANDSIGHT_RESOURCES'];
  const folders = [
    ...(named === undefined ? [] : [named]),
    join(here, '..'),
    join(here, '..', '..', 'dist'),
    // In a packaged program `here` is inside app.asar; what a worker opens by path lies beside it.
    join(here, '..').replace(/app\.asar([\\/])/, 'app.asar.unpacked$1'),
  ];
  return folders.map((folder) => join(folder, ...parts)).find((file) => existsSync(file)) ?? null;
}
