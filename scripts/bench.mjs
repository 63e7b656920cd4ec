// `npm run bench`: runs the benchmarks of test/bench by Node itself, one after the other.
// `npm run bench -- NAME …` runs one alone, with what follows as its arguments; `npm run bench -- 200 1` is short for
// `analyse 200 1`. Those that take long or much disk are run by name only.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, environmentFor } from './bootstrap.mjs';
import { startDisplay } from './display.mjs';
import { root } from './places.mjs';
import { runInPlace } from './run.mjs';
import { say, SetupFailure, withClearFailures } from './say.mjs';

const suffix = '.bench.ts';
const byNameOnly = ['scale', 'shapes'];
const folder = join(root, 'test', 'bench');

/** The names to run, and what each is given. */
function chosen(args) {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(suffix)) : [];
  const known = names.map((name) => name.slice(0, -suffix.length)).sort();
  if (known.length === 0) throw new SetupFailure(`There is no benchmark: test/bench holds no *${suffix} file.`);
  const [first, ...rest] = args;
  if (first === undefined) return { names: known.filter((name) => !byNameOnly.includes(name)), args: [] };
  if (/^\d+$/.test(first)) return { names: ['analyse'], args };
  if (known.includes(first)) return { names: [first], args: rest };
  throw new SetupFailure(`There is no benchmark «${first}»: ${known.join(', ')}.`);
}

/** With an Electron where there is one: without it the benchmarks say that this part is missing. */
async function prepare() {
  try {
    return await bootstrap({ withElectron: true });
  } catch (error) {
    say(`no Electron for the benchmarks: ${error instanceof Error ? error.message : String(error)}`);
    return bootstrap();
  }
}

await withClearFailures(async () => {
  const { names, args } = chosen(process.argv.slice(2));
  const { node, electron } = await prepare();
  const env = environmentFor(electron, { insideElectron: false });
  const inside = environmentFor(electron, { insideElectron: true }).HANDSIGHT_SQLITE_BINDING;
  // Only programs that Electron runs may load that binding; the command line that is measured runs on Node.
  if (inside) env.HANDSIGHT_BENCH_ELECTRON_BINDING = inside;
  delete env.HANDSIGHT_SQLITE_BINDING;
  const display = env.DISPLAY ? null : await startDisplay();
  if (display) env.DISPLAY = display.display;
  let failed = 0;
  for (const name of names) {
    const code = await runInPlace(node, [join(folder, `${name}${suffix}`), ...args], { cwd: root, env });
    if (code !== 0) failed += 1;
  }
  display?.stop();
  process.exitCode = failed > 0 ? 1 : 0;
});
