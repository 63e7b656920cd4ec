// Starting other programs from the set-up scripts. Plain JavaScript without packages (Node >= 18).
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs a program to its end with nothing on standard output. What it prints is kept (the last 64 KiB) and shown on standard
 * error only when `show` is set. Resolves to {code, output}; a program that cannot be started is code 127.
 */
export function runQuietly(command, args, { env = process.env, cwd, show = false, timeoutMs = 0 } = {}) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const timer = timeoutMs > 0 ? setTimeout(() => child.kill('SIGKILL'), timeoutMs) : null;
    const keep = (chunk) => {
      output = (output + chunk.toString()).slice(-65536);
      if (show) process.stderr.write(chunk);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => {
      if (timer) clearTimeout(timer);
      resolve({ code: 127, output: `${output}${error.code ?? ''} ${error.message}` });
    });
    child.on('close', (code) => {
      if (timer) clearTimeout(timer);
      resolve({ code: code ?? 1, output });
    });
  });
}

/**
 * Runs a program in our place: its streams are ours, signals go on to it, and the answer is the exit code to leave with
 * (128 + signal number when a signal ended it, as a shell says it).
 */
export function runInPlace(command, args, { env = process.env, cwd, stdio = 'inherit', onChild } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd, stdio });
    onChild?.(child);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    // From a terminal the whole group gets Ctrl-C; a second SIGINT would read as impatience, so only pass on what was meant for us alone.
    const passOn = (signal) => {
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    for (const signal of signals) process.on(signal, passOn);
    // Between npm and us stands a shell that passes no signal on: when it dies, nobody waits for our child any more.
    const parent = process.ppid;
    const watch = setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500);
    watch.unref();
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearInterval(watch);
      for (const name of signals) process.off(name, passOn);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}
