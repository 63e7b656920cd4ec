// A display of our own that nobody looks at, on a number that is free.
import { spawn } from 'node:child_process';
import { findProgram } from './places.mjs';

/** Starts Xvfb and answers {display, stop}; null where there is no Xvfb or it does not come up within 15 s. */
export async function startDisplay() {
  if (process.platform !== 'linux' || !findProgram('Xvfb')) return null;
  // Without -noreset it begins anew whenever its last window closes, and refuses who comes in that moment.
  const args = ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp', '-noreset'];
  const child = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const number = await new Promise((resolve) => {
    let text = '';
    const timer = setTimeout(() => resolve(null), 15_000);
    const done = (value) => {
      clearTimeout(timer);
      resolve(value);
    };
    child.stdio[3].on('data', (chunk) => {
      text += chunk.toString();
      if (text.endsWith('\n')) done(text.trim());
    });
    child.on('error', () => done(null));
    child.on('exit', () => done(null));
  });
  const stop = () => {
    child.kill('SIGTERM');
  };
  if (number === null) {
    stop();
    return null;
  }
  process.on('exit', stop);
  return { display: `:${number}`, stop };
}
