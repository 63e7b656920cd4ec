import { setTimeout as sleep } from 'node:timers/promises';
import { complain, say } from '../shell/command.ts';
import type { CommandContext, CommandTable } from '../shell/command.ts';

/** Bionic's strftime for the fields that adb tools ask for. toybox adds `%N`; on toolbox an unknown letter stands for itself. */
function formatDate(format: string, ms: number, zoneMinutes: number, nanoseconds: boolean): string {
  const zone = `+${String(zoneMinutes / 60).padStart(2, '0')}00`;
  const local = new Date(ms + zoneMinutes * 60_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const fields: Record<string, string> = {
    s: String(Math.floor(ms / 1000)),
    Y: String(local.getUTCFullYear()),
    m: two(local.getUTCMonth() + 1),
    d: two(local.getUTCDate()),
    e: String(local.getUTCDate()).padStart(2, ' '),
    H: two(local.getUTCHours()),
    M: two(local.getUTCMinutes()),
    S: two(local.getUTCSeconds()),
    a: days[local.getUTCDay()] ?? '',
    b: months[local.getUTCMonth()] ?? '',
    z: zone,
    Z: zoneMinutes === 0 ? 'UTC' : zoneMinutes === 480 ? 'CST' : zone,
    F: local.toISOString().slice(0, 10),
    T: local.toISOString().slice(11, 19),
    n: '\n',
    '%': '%',
    // No source below a millisecond exists here; the digits below stay 0.
    ...(nanoseconds ? { N: `${String(((ms % 1000) + 1000) % 1000).padStart(3, '0')}000000` } : {}),
  };
  return format.replace(/%(.)/g, (_whole, letter: string) => fields[letter] ?? letter);
}

function date({ args, device, io }: CommandContext): Promise<number> {
  const utc = args.includes('-u');
  const format = args.find((arg) => arg.startsWith('+'))?.slice(1) ?? '%a %b %e %H:%M:%S %Z %Y';
  if (args.some((arg) => arg === '-s' || /^\d{8,}/.test(arg))) {
    return complain(
      io,
      device.release < 600
        ? 'settimeofday failed Operation not permitted\n'
        : 'date: cannot set date: Operation not permitted\n',
    );
  }
  const zone = utc ? 0 : device.world.zoneOffsetMinutes;
  return say(io, `${formatDate(format, Math.floor(device.nowMs()), zone, device.release >= 600)}\n`);
}

function getprop({ args, device, io }: CommandContext): Promise<number> {
  const [name, fallback = ''] = args;
  if (name !== undefined && !name.startsWith('-')) return say(io, `${device.properties.get(name) ?? fallback}\n`);
  const names = [...device.properties.keys()].sort();
  return say(io, names.map((key) => `[${key}]: [${device.properties.get(key) ?? ''}]\n`).join(''));
}

const groups =
  '1004(input),1007(log),1011(adb),1015(sdcard_rw),1028(sdcard_r),3001(net_bt_admin),3002(net_bt),3003(inet),3006(net_bw_stats)';

function id({ device, io, root }: CommandContext): Promise<number> {
  if (root)
    return say(
      io,
      `uid=0(root) gid=0(root) groups=0(root),${groups}${device.release < 600 ? '' : ' context=u:r:su:s0'}\n`,
    );
  return say(
    io,
    `uid=2000(shell) gid=2000(shell) groups=${device.release < 600 ? groups : `2000(shell),${groups} context=u:r:shell:s0`}\n`,
  );
}

/** `sh -c LINE`, with the rights of whoever asks. */
function sh({ args, io, run, root }: CommandContext): Promise<number> {
  return args[0] === '-c' && args[1] !== undefined ? run(args[1], root) : complain(io, 'sh: only -c is simulated\n', 2);
}

const quoted = (word: string): string => (/^[\w./=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** `su -c LINE` of Magisk and its forerunners, `su 0 WORDS` of userdebug builds. */
function su({ args, io, run }: CommandContext): Promise<number> {
  const rest = [...args];
  if (rest[0] === '0' || rest[0] === 'root') rest.shift();
  if (rest[0] === '-c') return run(rest.slice(1).join(' '), true);
  return rest.length > 0 ? run(rest.map(quoted).join(' '), true) : complain(io, 'su: a terminal is needed\n');
}

async function wait({ args, io }: CommandContext): Promise<number> {
  const stop = new AbortController();
  io.onGone(() => stop.abort());
  await sleep(Number(args[0] ?? 0) * 1000, undefined, { signal: stop.signal }).catch(() => undefined);
  return 0;
}

/** Which programs the shell finds, for `which` and `command -v`. */
function which({ args, device, io }: CommandContext): Promise<number> {
  const name = args.at(-1) ?? '';
  const found = device.commands[name] !== undefined && name !== 'which';
  return say(io, found ? `/system/bin/${name}\n` : '', found ? 0 : 1);
}

function kill({ args, device, io }: CommandContext): Promise<number> {
  const rest = [...args];
  let signal: NodeJS.Signals = 'SIGTERM';
  const option = /^-(?:SIG)?([A-Z]+|\d+)$/.exec(rest[0] ?? '');
  if (option !== null) {
    rest.shift();
    const numbers: Record<string, NodeJS.Signals> = { '2': 'SIGINT', '9': 'SIGKILL', '15': 'SIGTERM', '1': 'SIGHUP' };
    signal = numbers[option[1] ?? ''] ?? (`SIG${option[1] ?? 'TERM'}` as NodeJS.Signals);
  }
  if (!['SIGINT', 'SIGTERM', 'SIGKILL', 'SIGHUP'].includes(signal)) return complain(io, `kill: bad signal\n`);
  const pid = Number(rest[0]);
  const reach = device.processes.get(pid);
  if (reach === undefined) return complain(io, `/system/bin/sh: kill: ${rest[0] ?? ''}: No such process\n`);
  reach(signal);
  return say(io, '');
}

/** Built in or present on every release. */
export const basicCommands: CommandTable = {
  ':': () => 0,
  true: () => 0,
  false: () => 1,
  echo: ({ args, io }) => (args[0] === '-n' ? say(io, args.slice(1).join(' ')) : say(io, `${args.join(' ')}\n`)),
  printf: ({ args, io }) => say(io, (args[0] ?? '').replaceAll('\\n', '\n').replace(/%s/g, args[1] ?? '')),
  date,
  getprop,
  id,
  sh,
  kill,
  sleep: wait,
};

/** Only where toybox is (from 6). */
export const toyboxCommands: CommandTable = {
  which,
  whoami: ({ io, root }) => say(io, root ? 'root\n' : 'shell\n'),
  uname: ({ args, device, io }) => {
    const version = (device.files.stat('/proc/version')?.content().toString('latin1') ?? '').trim();
    const kernel = /version (\S+)/.exec(version)?.[1] ?? '';
    return say(
      io,
      args.includes('-a')
        ? `Linux localhost ${kernel} #1 SMP PREEMPT aarch64 Toybox\n`
        : args.includes('-r')
          ? `${kernel}\n`
          : 'Linux\n',
    );
  },
  nproc: ({ io }) => say(io, '8\n'),
};

export const suCommand: CommandTable = { su };
