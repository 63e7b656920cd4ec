// Type-checks every room against its own tsconfig: `node scripts/typecheck.mjs [ROOM…]`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const rooms = process.argv.length > 2 ? process.argv.slice(2) : ['shared', 'main', 'preload', 'renderer', 'test'];
const firstFolder = { preload: 'main/preload' };
let failed = false;
for (const room of rooms) {
  if (!existsSync(firstFolder[room] ?? room)) continue;
  const { status } = spawnSync('tsc', ['-p', `tsconfig.${room}.json`, '--pretty', 'false'], { stdio: 'inherit' });
  if (status !== 0) failed = true;
}
process.exitCode = failed ? 1 : 0;
