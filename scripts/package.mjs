// `npm run package:test` packs the workstation so that Playwright can drive the package, and drives it; it may hold the
// development runtime. `npm run dist` packs what is handed out: official Electron only, hardened fuses.
// Both read the fuses back from the finished program and start it once with its self-test.
// Plain JavaScript without packages (Node >= 18); the work itself is in package-work.mjs on Node 24.
import { join } from 'node:path';
import { bootstrap, environmentFor } from './bootstrap.mjs';
import { startDisplay } from './display.mjs';
import { root } from './places.mjs';
import { runInPlace } from './run.mjs';
import { SetupFailure, withClearFailures } from './say.mjs';
import { askForPackages } from './system-packages.mjs';

const kind = process.argv[2];

await withClearFailures(async () => {
  if (kind !== 'test' && kind !== 'dist')
    throw new SetupFailure('Say which package: `npm run package:test` or `npm run dist`.');
  const { node, electron } = await bootstrap({ withElectron: true });
  if (kind === 'dist' && electron.kind !== 'official') {
    throw new SetupFailure(
      'This package would hold the development runtime, which is not for handing out: run `npm run dist` where https://github.com/electron/electron/releases can be reached, or `npm run package:test` for a package to test.',
    );
  }
  await askForPackages(['xvfb', 'electron-libraries'], { electron });
  const display = process.env.DISPLAY ? null : await startDisplay();
  const env = environmentFor(electron, { insideElectron: true });
  if (display) env.DISPLAY = display.display;
  env.HANDSIGHT_ELECTRON_FOLDER = electron.folder;
  process.exitCode = await runInPlace(node, [join(root, 'scripts', 'package-work.mjs'), kind], { cwd: root, env });
  display?.stop();
});
