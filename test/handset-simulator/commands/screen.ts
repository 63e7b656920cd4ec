import { makePicture } from '../persona/picture.ts';
import { complain, say } from '../shell/command.ts';
import type { CommandContext, CommandTable } from '../shell/command.ts';

/** `screencap [-p] [FILE]`. Without `-p` a raw frame is asked for, which nobody here needs. */
async function screencap({ args, device, io, root }: CommandContext): Promise<number> {
  const path = args.find((arg) => !arg.startsWith('-'));
  if (!args.includes('-p') && !(path ?? '').endsWith('.png')) return complain(io, 'screencap: only -p is simulated\n');
  const colour = device.release < 600 ? ([236, 110, 40] as const) : ([40, 60, 110] as const);
  const size = device.release < 600 ? ([180, 320] as const) : ([270, 600] as const);
  const picture = makePicture(size[0], size[1], colour, `${device.world.synthetic}: ${device.persona.id}`);
  if (path === undefined) {
    await io.out(picture);
    return 0;
  }
  const real = device.files.resolve(path);
  if (!root && !device.writable(real)) return complain(io, `Error opening file: ${path} (Permission denied)\n`);
  // Of a storage that is full it takes what still fits, and says nothing (AOSP 4.3, screencap.cpp: write() is not looked at).
  device.files.put(real, picture.subarray(0, Math.min(picture.length, device.freeBytes)), {
    mode: 0o660,
    uid: 2000,
    gid: 1015,
  });
  return 0;
}

/** `uiautomator dump [FILE]`: writes the persona's view tree and says where. */
function uiautomator({ args, device, io }: CommandContext): Promise<number> {
  if (args[0] !== 'dump') return complain(io, 'Unsupported standalone mode\n');
  const path =
    args.slice(1).find((arg) => !arg.startsWith('-')) ??
    (device.release < 600 ? '/storage/sdcard0/window_dump.xml' : '/sdcard/window_dump.xml');
  const tree = device.text('window.xml');
  if (tree === null) return complain(io, 'ERROR: could not get idle state.\n');
  device.files.put(device.files.resolve(path), Buffer.from(tree), { mode: 0o660, uid: 2000, gid: 1015 });
  return say(io, `UI hierchary dumped to: ${path}\n`);
}

export const screenCommands: CommandTable = { screencap, uiautomator };
