import { storedArchive } from '../persona/apk-file.ts';
import type { Device } from '../persona/device.ts';
import { complain, say } from '../shell/command.ts';
import type { CommandContext, CommandTable } from '../shell/command.ts';

const rule = '='.repeat(56);

/** The text of a report: the properties and the dumps of the persona, under the headings of dumpstate. */
function reportText(device: Device): string {
  const at = device.localText(device.nowMs()).slice(0, 19);
  const part = (title: string, command: string, text: string): string =>
    `------ ${title} (${command}) ------\n${text}------ 0.010s was the duration of '${title}' ------\n\n`;
  const properties = [...device.properties].map(([key, value]) => `[${key}]: [${value}]\n`).join('');
  const dumps = device.folder
    .names('dumpsys')
    .filter((name) => !name.includes('_'))
    .map((name) => {
      const service = name.replace(/\.txt$/, '');
      const text = device.text(`dumpsys/${name}`) ?? '';
      const end = `--------- 0.001s was the duration of dumpsys ${service}, ending at: ${at}\n`;
      return `${'-'.repeat(79)}\nDUMP OF SERVICE ${service}:\n${text}${device.release < 800 ? '' : end}`;
    });
  return [
    `${rule}\n== dumpstate: ${at}\n${rule}\n\nBuild: ${device.world.synthetic}\n`,
    part('SYSTEM PROPERTIES', 'getprop', properties),
    part('DUMPSYS', '/system/bin/dumpsys', dumps.join('')),
    `${rule}\n== dumpstate: done\n${rule}\n`,
  ].join('');
}

function reportArchive(device: Device, name: string): Buffer {
  return storedArchive([
    { name: 'version.txt', content: Buffer.from('2.0') },
    { name: `${name}.txt`, content: Buffer.from(reportText(device)) },
    { name: 'main_entry.txt', content: Buffer.from(`${name}.txt`) },
  ]);
}

function help({ device }: Pick<CommandContext, 'device'>): string {
  const lines = ['usage: bugreportz [-h | -v]', '  -h: to display this help message', '  -p: display progress'];
  if (device.release >= 1200) lines.push('  -s: stream content to standard output');
  return [...lines, '  -v: to display the version', '  or no arguments to generate a zipped bugreport', ''].join('\n');
}

/** `bugreportz` of Android 7 and newer: its help on standard error, the archive as a file that it names, or (from 12) as a stream. */
async function bugreportz(context: CommandContext): Promise<number> {
  const { args, device, io } = context;
  if (args.includes('-h')) return complain(io, help(context), 0);
  const at = device.localText(device.nowMs()).slice(0, 19).replaceAll(/[ :]/g, '-');
  const name = `bugreport-${device.persona.product.device}-${device.properties.get('ro.build.id') ?? 'X'}-${at}`;
  const archive = reportArchive(device, name);
  if (args.includes('-s')) {
    if (device.release < 1200) return complain(io, `bugreportz: invalid option -- s\n${help(context)}`);
    await io.out(archive);
    return 0;
  }
  const folder = device.release < 900 ? '/data/user_de/0/com.android.shell/files/bugreports' : '/bugreports';
  if (args.includes('-p')) {
    await io.out(`BEGIN:${folder}/${name}.zip\n`);
    for (const done of [50, 300, 1000]) await io.out(`PROGRESS:${done}/1000\n`);
  }
  device.files.put(`${folder}/${name}.zip`, archive, { mode: 0o600, uid: 2000, gid: 2000 });
  return say(io, `OK:${folder}/${name}.zip\n`);
}

const bugreport = ({ device, io }: CommandContext): Promise<number> => say(io, reportText(device));

/** Before Android 7 a text, since then an archive. */
export function bugReportCommands(release: number): CommandTable {
  return release < 700 ? { bugreport } : { bugreportz };
}
