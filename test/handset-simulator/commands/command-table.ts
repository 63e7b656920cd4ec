import type { Device } from '../persona/device.ts';
import type { CommandTable } from '../shell/command.ts';
import { basicCommands, suCommand, toyboxCommands } from './basic.ts';
import { bugReportCommands } from './bug-report.ts';
import { dumpsysCommands } from './dumpsys.ts';
import { fileCommands, toolboxFileCommands, toyboxFileCommands } from './files.ts';
import { logcatCommand } from './logcat.ts';
import { networkCommands } from './network.ts';
import { appopsCommands, cmdCommand, packageCommands } from './packages.ts';
import { screenCommands } from './screen.ts';
import { settingsCommands } from './settings.ts';
import { tcpdumpCommand } from './tcpdump.ts';
import { telephonyCommands } from './telephony.ts';

/** Every program that a shell on this handset finds. What is only a fixed text stands in the persona's `answers.json`. */
export function commandsFor(device: Device): CommandTable {
  const { release } = device;
  return {
    ...basicCommands,
    ...fileCommands,
    ...settingsCommands,
    ...packageCommands,
    ...dumpsysCommands,
    ...logcatCommand,
    ...telephonyCommands,
    ...screenCommands,
    ...bugReportCommands(release),
    ...(release >= 500 ? appopsCommands : {}),
    ...(release < 600 ? toolboxFileCommands : { ...toyboxCommands, ...toyboxFileCommands }),
    ...(release >= 700 ? cmdCommand : {}),
    ...(release >= 1000 ? networkCommands : {}),
    ...(device.persona.root === 'none' ? {} : { ...suCommand, ...tcpdumpCommand }),
  };
}
