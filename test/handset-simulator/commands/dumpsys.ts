import { readPackages } from '../persona/packages.ts';
import type { Device } from '../persona/device.ts';
import { complain, say } from '../shell/command.ts';
import type { CommandContext, CommandTable } from '../shell/command.ts';
import { dumpDropbox } from './dropbox.ts';
import { dumpPackages } from './package-dump.ts';
import { durationText, readAppOps } from './packages.ts';

const uidText = (uid: number, release: number): string =>
  uid >= 10000 && release >= 500 ? `u0a${uid - 10000}` : String(uid);

function dumpAppOps(device: Device): string {
  const packages = readPackages(device);
  const table = Object.entries(readAppOps(device.text('appops.json')))
    .map(([name, ops]) => ({ name, ops, uid: packages.find((each) => each.name === name)?.uid ?? 1000 }))
    .sort((a, b) => a.uid - b.uid);
  const lines = device.release < 700 ? ['Current AppOps state:'] : ['Current AppOps Service state:'];
  for (const { name, ops, uid } of table) {
    lines.push(`  Uid ${uidText(uid, device.release)}:`);
    if (device.release >= 700) lines.push('    state=cch');
    lines.push(`    Package ${name}:`);
    for (const { op, mode, usedBefore } of ops) {
      if (device.release < 700) {
        const used = usedBefore === null ? '' : `; time=${durationText(usedBefore)} ago`;
        lines.push(`      ${op}: mode=${mode}${used}; duration=0`);
      } else {
        lines.push(`      ${op} (${['allow', 'ignore', 'deny', 'default', 'foreground'][mode] ?? ''}): `);
        if (usedBefore !== null) {
          const at = device.localText(device.nowMs() - usedBefore * 1000);
          lines.push(`          Access: [top-s] ${at}.000 (-${durationText(usedBefore).slice(1)})`);
        }
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

function oneService(device: Device, service: string, args: readonly string[]): string | null {
  if (service === 'package') {
    const name = args.find((arg) => !arg.startsWith('-'));
    const all = readPackages(device);
    const chosen = name === undefined ? all : all.filter((each) => each.name === name);
    return chosen.length === 0 ? `Unable to find package: ${name ?? ''}\n` : dumpPackages(chosen, device.release);
  }
  if (service === 'appops' && device.folder.bytes('appops.json') !== null) return dumpAppOps(device);
  if (service === 'dropbox') return dumpDropbox(device, args);
  return (
    device.text(`dumpsys/${[service, ...args].join('_').replaceAll(/[^\w.-]/g, '')}.txt`) ??
    device.text(`dumpsys/${service}.txt`)
  );
}

function services(device: Device): string[] {
  const texts = device.folder.names('dumpsys').map((name) => name.replace(/(_.*)?\.txt$/, ''));
  return [...new Set(['appops', 'dropbox', 'package', ...texts])].sort();
}

/** `dumpsys`: the persona's texts, and what is made from its tables. An unknown service is said on standard error, with exit 0, on all releases. */
async function dumpsys({ args, device, io }: CommandContext): Promise<number> {
  const rest = [...args];
  if (rest[0] === '-t') rest.splice(0, 2);
  const [service, ...more] = rest;
  if (service === undefined || service === '-l') {
    const names = services(device);
    return say(io, `Currently running services:\n${names.map((name) => `  ${name}\n`).join('')}`);
  }
  const text = oneService(device, service, more);
  return text === null ? complain(io, `Can't find service: ${service}\n`, 0) : say(io, text);
}

export const dumpsysCommands: CommandTable = { dumpsys };
