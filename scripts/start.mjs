// `npm start`: sets the project up where needed and opens the workstation; without a display, runs the demonstration in the
// terminal instead. Plain JavaScript without packages (Node >= 18).
import { bootstrap, builtFile, environmentFor } from './bootstrap.mjs';
import { root } from './places.mjs';
import { runInPlace } from './run.mjs';
import { say, SetupFailure, withClearFailures } from './say.mjs';
import { askForPackages } from './system-packages.mjs';

const args = process.argv.slice(2).filter((arg) => arg !== '--yes');

/** What Chromium says on machines without a desktop session; harmless. */
const busNoise = /^(\[[^\n]*Failed to connect to the bus[^\n]*\n?)+$/;

function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

async function demonstrateInTerminal() {
  say('there is no display here (DISPLAY and WAYLAND_DISPLAY are not set), so no window can open.');
  say('To get one: sit at the machine, log in with `ssh -X`, or start a virtual one: `xvfb-run -a npm start`.');
  say('Meanwhile, the same demonstration in the terminal:');
  const { node } = await bootstrap();
  await askForPackages(['adb'], { optional: true });
  const cwd = process.env.INIT_CWD || process.cwd();
  const { INIT_CWD: _, ...env } = process.env;
  return runInPlace(node, [builtFile('main', 'cli.js'), 'demo'], { cwd, env });
}

/** What Electron says when it cannot start, as a sentence with the next step. */
function reasonOf(output) {
  if (/Missing X server|Unable to open X display|cannot open display|Failed to connect to Wayland/i.test(output)) {
    return `The display ${process.env.DISPLAY || process.env.WAYLAND_DISPLAY} cannot be reached: start the command from a desktop session, or run \`xvfb-run -a npm start\`.`;
  }
  if (/SUID sandbox helper|No usable sandbox|setuid_sandbox_host/i.test(output)) {
    return 'This system does not let ordinary programs make a sandbox (Ubuntu 24.04 blocks it): allow it with `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`, then run npm start again. Handsight does not switch its sandbox off by itself.';
  }
  if (/error while loading shared libraries/.test(output)) {
    return `A library of the window is missing: ${/error while loading shared libraries: ([^:]+)/.exec(output)?.[1]}. Install it and run npm start again.`;
  }
  return null;
}

async function openWindow() {
  const { electron } = await bootstrap({ withElectron: true });
  builtFile('main', 'index.js');
  await askForPackages(['electron-libraries'], { electron });
  await askForPackages(['adb', 'cjk-fonts'], { optional: true });
  // Chromium refuses its sandbox to root; for everybody else it stays on.
  const asRoot = process.platform === 'linux' && process.getuid() === 0 ? ['--no-sandbox'] : [];
  if (asRoot.length > 0) say('running as root: Electron starts without its sandbox');
  let output = '';
  const code = await runInPlace(electron.executable, [...asRoot, root, ...args], {
    env: environmentFor(electron, { insideElectron: true }),
    cwd: process.env.INIT_CWD || process.cwd(),
    stdio: ['inherit', 'inherit', 'pipe'],
    onChild: (child) => {
      child.stderr.on('data', (chunk) => {
        output = (output + chunk.toString()).slice(-16384);
        if (!busNoise.test(chunk.toString())) process.stderr.write(chunk);
      });
    },
  });
  if (code === 0) return 0;
  const reason = reasonOf(output);
  if (reason) throw new SetupFailure(reason);
  return code;
}

await withClearFailures(async () => {
  process.exitCode = hasDisplay() ? await openWindow() : await demonstrateInTerminal();
});
