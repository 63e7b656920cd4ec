import { setTimeout as sleep } from 'node:timers/promises';
import type { Device } from '../persona/device.ts';
import { complain } from './command.ts';
import type { CommandContext, ShellIo } from './command.ts';
import { parseLine, pidMark, statusMark } from './parse-line.ts';
import type { SimpleCommand, Sink } from './parse-line.ts';

/** An answer given instead of what the persona would say. The first whose `match` fits the whole command line wins. */
export interface AnswerOverride {
  readonly match: string | RegExp;
  readonly stdout?: string | Uint8Array;
  readonly stderr?: string | Uint8Array;
  readonly exitCode?: number;
  readonly delayMs?: number;
  /** Answered only when this has come about. */
  readonly after?: Promise<unknown>;
  /** Never ends by itself. */
  readonly hang?: boolean;
  /** `stdout` again and again until the host goes away. */
  readonly endless?: boolean;
}

export interface RunSetting {
  readonly device: Device;
  readonly io: ShellIo;
  readonly root: boolean;
}

const untilGone = (io: ShellIo): Promise<void> => new Promise((resolve) => io.onGone(resolve));

async function override(answer: AnswerOverride, io: ShellIo): Promise<number> {
  if (answer.delayMs !== undefined) await sleep(answer.delayMs);
  await answer.after;
  if (answer.stdout !== undefined) {
    let open = await io.out(answer.stdout);
    while (answer.endless === true && open) open = await io.out(answer.stdout);
  }
  if (answer.stderr !== undefined) await io.err(answer.stderr);
  if (answer.hang === true) await untilGone(io);
  return answer.exitCode ?? 0;
}

const bytesOf = (data: string | Uint8Array): Buffer => Buffer.from(data as Uint8Array);

function redirected(command: SimpleCommand, setting: RunSetting, files: Map<string, Buffer[]>): ShellIo {
  const { io } = setting;
  const writer = (sink: Sink) => {
    if (sink.to !== 'file') {
      if (sink.to === 'nowhere') return () => Promise.resolve(true);
      return (data: string | Uint8Array) => (sink.to === 'stdout' ? io.out(data) : io.err(data));
    }
    const parts = sink.append ? [setting.device.files.stat(sink.path)?.content() ?? Buffer.alloc(0)] : [];
    files.set(sink.path, parts);
    return (data: string | Uint8Array) => {
      parts.push(bytesOf(data));
      return Promise.resolve(true);
    };
  };
  const out = writer(command.stdout);
  return {
    out,
    err: command.stderr === command.stdout ? out : writer(command.stderr),
    onInput: (handler) => io.onInput(handler),
    onGone: (handler) => io.onGone(handler),
    get gone() {
      return io.gone;
    },
  };
}

async function runSimple(command: SimpleCommand, words: string[], setting: RunSetting, pid: number): Promise<number> {
  const { device } = setting;
  const files = new Map<string, Buffer[]>();
  const io = redirected(command, setting, files);
  for (const path of files.keys()) {
    if (!setting.root && !device.writable(device.files.resolve(path))) {
      return complain(setting.io, `/system/bin/sh: can't create ${path}: Permission denied\n`, 1);
    }
  }
  if (words[0] === 'exec') words.shift();
  const [name = 'true', ...args] = words;
  const program = name.replace(/^\/system\/x?bin\//, '');
  const fixed = device.answer([program, ...args].join(' '));
  const handler = fixed ?? device.commands[program];
  const context: CommandContext = {
    args,
    name,
    io,
    device,
    pid,
    root: setting.root,
    run: (line, root) => runLine(line, { device, io, root }),
  };
  const status = handler === undefined ? await complain(io, device.notFound(name), 127) : await handler(context);
  for (const [path, parts] of files) {
    device.files.put(device.files.resolve(path), Buffer.concat(parts), { mode: 0o666, uid: 2000, gid: 2000 });
  }
  return status;
}

/** Runs a whole command line and returns the shell's exit status. */
export async function runLine(line: string, setting: RunSetting): Promise<number> {
  const { device, io } = setting;
  device.journal.push(line);
  const latencyMs = device.latencyMs(line);
  if (latencyMs > 0) await sleep(latencyMs);
  const answer = device.overrides.find(({ match }) => (typeof match === 'string' ? match === line : match.test(line)));
  if (answer !== undefined) return override(answer, io);
  const parsed = parseLine(line);
  if (!parsed.ok) return complain(io, `/system/bin/sh: syntax error: unexpected '${parsed.near}'\n`, 1);
  const pid = device.nextPid();
  let status = 0;
  for (const command of parsed.commands) {
    if (io.gone) break;
    if (command.when === 'on-success' && status !== 0) continue;
    if (command.when === 'on-failure' && status === 0) continue;
    const last = status;
    const words = command.words.map((word) =>
      word.replaceAll(pidMark, String(pid)).replaceAll(statusMark, String(last)),
    );
    if (words[0] === 'exit') return Number(words[1] ?? status) & 255;
    status = await runSimple(command, words, setting, pid);
  }
  return status;
}
