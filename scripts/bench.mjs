// `npm run bench`: runs every test/bench/*.bench.ts by Node itself, one after the other.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { root } from './places.mjs';
import { runInPlace } from './run.mjs';
import { SetupFailure, withClearFailures } from './say.mjs';

await withClearFailures(async () => {
  const { node } = await bootstrap();
  const folder = join(root, 'test', 'bench');
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.bench.ts')) : [];
  if (files.length === 0) throw new SetupFailure('There is no benchmark: test/bench holds no *.bench.ts file.');
  let failed = 0;
  for (const name of files.sort()) {
    const code = await runInPlace(node, [join(folder, name), ...process.argv.slice(2)], { cwd: root });
    if (code !== 0) failed += 1;
  }
  process.exitCode = failed > 0 ? 1 : 0;
});
