import type { Device } from '../persona/device.ts';

interface Entry {
  readonly ms: number;
  readonly tag: string;
  readonly body: string;
}

/** `dropbox.txt`: entries that begin with `@entry MOMENT TAG`; one whose moment this run does not have is left out. */
function readEntries(device: Device): Entry[] {
  const raw = device.folder.text('dropbox.txt') ?? '';
  const entries: Entry[] = [];
  for (const part of raw.split(/^@entry /m).slice(1)) {
    const end = part.indexOf('\n');
    const [moment = '', tag = ''] = part.slice(0, end).trim().split(' ');
    const ms = device.moments.resolve(moment);
    if (ms !== null) entries.push({ ms, tag, body: device.fill(part.slice(end + 1).replace(/\n+$/, '\n')) });
  }
  return entries.sort((a, b) => a.ms - b.ms);
}

/** `dumpsys dropbox [--print] [TAG]` in the layout of DropBoxManagerService. */
export function dumpDropbox(device: Device, args: readonly string[]): string {
  const print = args.includes('--print') || args.includes('-p');
  const wanted = args.filter((arg) => !arg.startsWith('-'));
  const entries = readEntries(device);
  const found = entries.filter(({ tag, ms }) =>
    wanted.every((word) => tag === word || device.localText(ms).startsWith(word)),
  );
  const lines = [`Drop box contents: ${entries.length} entries\n`];
  if (device.release >= 900)
    lines.push(
      'Max entries: 1000\nLow priority rate limit period: 2000 ms\nLow priority tags: {data_app_wtf, system_server_wtf}\n',
    );
  if (wanted.length > 0) lines.push(`Searching for: ${wanted.join(' ')}\n`);
  lines.push('\n');
  for (const { ms, tag, body } of found) {
    const head = `${device.localText(ms)} ${tag} (text, ${Buffer.byteLength(body)} bytes)\n`;
    if (print) lines.push('========================================\n', head, body, '\n');
    else lines.push(head, `    ${body.trim().slice(0, 70).replaceAll('\n', '/')} ...\n`);
  }
  if (found.length === 0) lines.push('(No entries found.)\n');
  if (args.length === 0) lines.push('\nUsage: dumpsys dropbox [--print|--file] [YYYY-mm-dd] [HH:MM:SS] [tag]\n');
  return lines.join('');
}
