import { filesOf, readPackages } from '../persona/packages.ts';
import type { PackageData } from '../persona/packages.ts';
import { complain, say } from '../shell/command.ts';
import type { CommandContext, CommandTable } from '../shell/command.ts';

interface ListOptions {
  readonly filters: readonly ((each: PackageData) => boolean)[];
  readonly path: boolean;
  readonly uid: boolean;
  readonly installer: boolean;
  readonly versionCode: boolean;
}

/** What each release understands: `-i` since 2.3, `-u`, `-U` since 7, `--show-versioncode` since 8. */
function listOptions(args: readonly string[], release: number): ListOptions | string {
  const filters: ((each: PackageData) => boolean)[] = [];
  const seen = new Set<string>();
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    if (arg === '--user') i += 1;
    else if (arg === '-d') filters.push(({ state }) => state !== 'enabled');
    else if (arg === '-e') filters.push(({ state }) => state === 'enabled');
    else if (arg === '-s') filters.push(({ system }) => system);
    else if (arg === '-3') filters.push(({ system }) => !system);
    else if (arg === '-f' || arg === '-i' || arg === '-u') seen.add(arg);
    else if (arg === '-U' && release >= 700) seen.add(arg);
    else if (arg === '--show-versioncode' && release >= 800) seen.add(arg);
    else if (arg.startsWith('-')) return arg;
    else filters.push(({ name }) => name.includes(arg));
  }
  const has = (option: string): boolean => seen.has(option);
  return { filters, path: has('-f'), uid: has('-U'), installer: has('-i'), versionCode: has('--show-versioncode') };
}

/**
 * What the package service answers a shell that asks for every user where one is closed to it (UserController.handleIncomingUser,
 * ShellCommand.exec): as quoted of Samsung handsets with Android 13 in mozilla/web-ext pull request 2904.
 */
const closedTo = (user: number): string =>
  `\nException occurred while executing 'list':\n` +
  `java.lang.SecurityException: Shell does not have permission to access user ${user}\n` +
  ' com.android.server.am.ActivityManagerService.handleIncomingUser:14983 android.app.ActivityManager.handleIncomingUser:4805' +
  ' com.android.server.pm.PackageManagerShellCommand.translateUserId:3517 \n' +
  '\tat com.android.server.am.UserController.handleIncomingUser(UserController.java:2680)\n' +
  '\tat com.android.server.pm.PackageManagerShellCommand.runListPackages(PackageManagerShellCommand.java:969)\n';

function listPackages({ device, io, root }: CommandContext, args: readonly string[]): Promise<number> {
  const { closedUser } = device.persona;
  if (closedUser !== undefined && !root && !args.includes('--user')) return complain(io, closedTo(closedUser), 255);
  const options = listOptions(args, device.release);
  if (typeof options === 'string') {
    return device.release < 700
      ? complain(io, `Error: Unknown option: ${options}\n`)
      : complain(io, `Error: Unknown option: ${options}\n`, 255);
  }
  const lines = readPackages(device)
    .filter((each) => options.filters.every((filter) => filter(each)))
    .map((each) => {
      const parts = [`package:${options.path ? `${each.path}=` : ''}${each.name}`];
      if (options.versionCode) parts.push(` versionCode:${each.versionCode}`);
      if (options.installer) parts.push(`  installer=${each.installer ?? 'null'}`);
      if (options.uid) parts.push(` uid:${each.uid}`);
      return `${parts.join('')}\n`;
    });
  return say(io, lines.join(''));
}

function resolveActivity({ device, io }: CommandContext, args: readonly string[]): Promise<number> {
  const action = args[args.indexOf('-a') + 1] ?? '';
  const found = readPackages(device).find(
    (each) => each.state === 'enabled' && Object.values(each.activities).some((actions) => actions.includes(action)),
  );
  const activity = Object.entries(found?.activities ?? {}).find(([, actions]) => actions.includes(action))?.[0];
  if (found === undefined || activity === undefined) return say(io, 'No activity found\n');
  return say(
    io,
    `priority=0 preferredOrder=0 match=0x208000 specificIndex=-1 isDefault=true\n${found.name}/${activity}\n`,
  );
}

/** `pm`, and the same words behind `cmd package` on releases that have it. */
function pm(context: CommandContext): Promise<number> {
  const { args, device, io } = context;
  const [verb, what, ...rest] = args;
  if (verb === 'list' && what === 'packages') return listPackages(context, rest);
  if (verb === 'list' && what === 'users') return say(io, 'Users:\n\tUserInfo{0:Owner:13} running\n');
  if (verb === 'list' && what === 'features')
    return say(io, device.text('features.txt') ?? 'feature:android.hardware.telephony\n');
  if (verb === 'path') {
    const found = readPackages(device).find(({ name }) => name === what);
    return found === undefined
      ? say(io, '', device.release < 700 ? 0 : 1)
      : say(
          io,
          filesOf(found)
            .map(({ path }) => `package:${path}\n`)
            .join(''),
        );
  }
  if (verb === 'resolve-activity' && device.release >= 700) return resolveActivity(context, args.slice(1));
  return complain(io, `Error: unknown command '${verb ?? ''}'\n`, device.release < 700 ? 1 : 255);
}

const modes = ['allow', 'ignore', 'deny', 'default', 'foreground'] as const;

/** One row of `appops.json`: mode is the number that AppOpsManager uses. */
export interface AppOp {
  readonly op: string;
  readonly mode: 0 | 1 | 2 | 3 | 4;
  /** Seconds before now; null: never used. */
  readonly usedBefore: number | null;
}

/** Package → its operations. */
export function readAppOps(text: string | null): Readonly<Record<string, readonly AppOp[]>> {
  return JSON.parse(text ?? '{}') as Record<string, AppOp[]>;
}

/** `+1h2m3s4ms`, as TimeUtils.formatDuration words it. */
export function durationText(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const parts: [number, string][] = [
    [Math.floor(ms / 86_400_000), 'd'],
    [Math.floor(ms / 3_600_000) % 24, 'h'],
    [Math.floor(ms / 60_000) % 60, 'm'],
    [Math.floor(ms / 1000) % 60, 's'],
    [ms % 1000, 'ms'],
  ];
  const from = parts.findIndex(([amount]) => amount > 0);
  return `+${parts
    .slice(from < 0 ? 4 : from)
    .map(([amount, unit]) => `${amount}${unit}`)
    .join('')}`;
}

/** `appops get PACKAGE [OP]` (from 5) and `cmd appops get …` (from 7). */
function appops({ args, device, io }: CommandContext): Promise<number> {
  const rest = args.filter((arg, index) => arg !== '--user' && args[index - 1] !== '--user');
  const [verb, name, op] = rest;
  if (verb !== 'get' || name === undefined) return complain(io, `Error: unknown command '${verb ?? ''}'\n`, 255);
  if (!readPackages(device).some((each) => each.name === name))
    return complain(io, `Error: No UID for ${name} in user 0\n`, 255);
  const ops = (readAppOps(device.text('appops.json'))[name] ?? []).filter((each) => op === undefined || each.op === op);
  if (ops.length === 0) return say(io, 'No operations.\n');
  const line = (each: AppOp): string =>
    `${each.op}: ${modes[each.mode]}${each.usedBefore === null ? '' : `; time=${durationText(each.usedBefore)} ago`}\n`;
  return say(io, ops.map(line).join(''));
}

/** `cmd role get-role-holders [--user N] ROLE`, from 12 on: `roles.json` has the holders of each role. */
function role({ args, device, io }: CommandContext): Promise<number> {
  const rest = args.filter((arg, index) => arg !== '--user' && args[index - 1] !== '--user');
  const [verb, name = ''] = rest;
  if (verb !== 'get-role-holders' || device.release < 1200)
    return complain(io, `Unknown command: ${verb ?? ''}\n`, 255);
  const holders = JSON.parse(device.text('roles.json') ?? '{}') as Record<string, string[]>;
  return say(io, `${(holders[name] ?? []).join(';')}\n`);
}

/** The services that answer `cmd NAME …` here. */
async function cmd(context: CommandContext): Promise<number> {
  const [service, ...args] = context.args;
  if (service === 'package') return pm({ ...context, args });
  if (service === 'appops') return appops({ ...context, args });
  if (service === 'role' && context.device.folder.bytes('roles.json') !== null) return role({ ...context, args });
  if (service === 'settings') return (await context.device.commands['settings']?.({ ...context, args })) ?? 127;
  return complain(context.io, `cmd: Can't find service: ${service ?? ''}\n`, 20);
}

export const packageCommands: CommandTable = { pm };
export const appopsCommands: CommandTable = { appops };
export const cmdCommand: CommandTable = { cmd };
