import type { Device } from '../persona/device.ts';
import type { CommandTable } from '../shell/command.ts';
import { basicCommands, suCommand, toyboxCommands } from './basic.ts';

/** Every program that a shell on this handset finds. */
export function commandsFor(device: Device): CommandTable {
  const modern = device.release >= 600;
  return {
    ...basicCommands,
    ...(modern ? toyboxCommands : {}),
    ...(device.persona.root === 'none' ? {} : suCommand),
  };
}
