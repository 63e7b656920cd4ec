import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { PacketClock } from '../services/packet-clock.ts';
import { startAppTraffic } from '../services/app-traffic.ts';
import { complain } from '../shell/command.ts';
import type { CommandContext, CommandTable } from '../shell/command.ts';

/** The workstation's own tcpdump, and nothing else, is what runs behind this command. */
const programs = ['/usr/bin/tcpdump', '/usr/sbin/tcpdump', '/sbin/tcpdump'];

/** Interfaces of the handset → interface of the workstation. The filter below keeps to the handset's own loopback address in any case. */
const interfaces: Record<string, string> = { any: 'any', lo: 'lo', wlan0: 'lo' };

const flags = new Set(['-n', '-nn', '-U', '-p', '-q', '-K', '--immediate-mode', '-l']);
const withNumber = new Set(['-s', '-B', '-c']);

/**
 * tcpdump's arguments for the workstation, or the first word that is not allowed. Only the handset's loopback address is
 * captured, so neither the workstation's own traffic nor the adb connection that carries the capture gets into it.
 */
export function confinedArguments(
  args: readonly string[],
  address: string,
): { ok: true; args: string[] } | { ok: false; word: string } {
  const result: string[] = [];
  const filter: string[] = [];
  let writes = false;
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    const value = args[i + 1] ?? '';
    if (flags.has(arg)) result.push(arg);
    else if (withNumber.has(arg) && /^\d{1,7}$/.test(value)) {
      result.push(arg, value);
      i += 1;
    } else if (arg === '-i' && interfaces[value] !== undefined) {
      result.push('-i', interfaces[value]);
      i += 1;
    } else if (arg === '-w' && value === '-') {
      writes = true;
      i += 1;
    } else if (/^[a-z0-9./:]+$/.test(arg)) filter.push(arg);
    else return { ok: false, word: arg };
  }
  if (!writes) return { ok: false, word: '-w' };
  const own = `host ${address}`;
  const expression = filter.length === 0 ? own : `(${filter.join(' ')}) and ${own}`;
  return { ok: true, args: [...result, '-w', '-', expression] };
}

/**
 * tcpdump does not notice when whoever started it is killed. This keeper, a Node of ours between the two, does: its standard input
 * ends, and it ends tcpdump. Bytes do not pass through it; signals do.
 */
const keeper = `
const { spawn } = require('node:child_process');
const [program, ...args] = process.argv.slice(1);
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], env: {} });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
process.stdin.on('end', () => child.kill('SIGKILL')).on('error', () => child.kill('SIGKILL')).resume();
child.on('error', () => process.exit(126));
child.on('exit', (code) => process.exit(code ?? 128));
`;

/** Where tcpdump is run from: an ordinary Node, also inside Electron. */
function startKept(program: string, args: readonly string[]): ChildProcessByStdio<Writable, Readable, Readable> {
  return spawn(process.execPath, ['-e', keeper, program, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ELECTRON_RUN_AS_NODE: '1' },
  });
}

function runTcpdump(context: CommandContext): Promise<number> {
  const { args, device, io, pid, root } = context;
  const program = programs.find((path) => existsSync(path));
  if (program === undefined) return complain(io, device.notFound('tcpdump'), 127);
  if (!root)
    return complain(
      io,
      "tcpdump: any: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)\n",
      1,
    );
  const confined = confinedArguments(args, device.loopbackAddress);
  if (!confined.ok) return complain(io, `tcpdump: the simulated handset does not allow «${confined.word}»\n`, 1);
  const child = startKept(program, confined.args);
  child.stdin.on('error', () => undefined);
  // SIGKILL and SIGHUP would end the keeper only: the end of its input ends both.
  const signalled = (signal: NodeJS.Signals): void => {
    if (signal === 'SIGINT' || signal === 'SIGTERM') child.kill(signal);
    else child.stdin.end();
  };
  const stopTraffic = startAppTraffic(device);
  const forget = device.whileRunning(() => {
    stopTraffic();
    child.stdin.end();
  });
  device.processes.set(pid, signalled);
  io.onGone(() => child.stdin.end());
  // One write at a time: the pipe stays full while the host is slow, and the kernel drops, as on a real handset.
  const forward = async (stream: NodeJS.ReadableStream, write: (data: Buffer) => Promise<boolean>): Promise<void> => {
    for await (const chunk of stream) if (!(await write(Buffer.from(chunk)))) break;
  };
  const clock = new PacketClock(() => device.skewMs());
  const stamped = async (): Promise<void> => {
    await forward(child.stdout, (data) => io.out(clock.take(data)));
    if (clock.rest().length > 0) await io.out(clock.rest());
  };
  return new Promise((resolve) => {
    const streams = Promise.allSettled([stamped(), forward(child.stderr, (data) => io.err(data))]);
    child.on('error', () => resolve(126));
    child.on('exit', (code, signal) => {
      stopTraffic();
      device.processes.delete(pid);
      forget();
      void streams.then(() => resolve(code ?? (signal === null ? 1 : 128)));
    });
  });
}

export const tcpdumpCommand: CommandTable = { tcpdump: runTcpdump };
