import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { FileNode } from '../services/virtual-files.ts';
import { complain, say } from '../shell/command.ts';
import type { CommandContext, CommandTable } from '../shell/command.ts';

function readable(context: CommandContext, path: string): FileNode | string {
  const node = context.device.files.stat(path);
  if (node === null) return 'No such file or directory';
  if (node.denied === true && !context.root) return 'Permission denied';
  return node.kind === 'folder' ? 'Is a directory' : node;
}

/** Each release words the complaint of a missing file in its own way. */
function fault(context: CommandContext, path: string, reason: string): string {
  return context.device.release < 600
    ? `${context.name}: ${path}: ${reason}\n`
    : `${context.name}: ${path}: ${reason}\n`.replace(/^\/system\/bin\//, '');
}

async function cat(context: CommandContext): Promise<number> {
  let status = 0;
  for (const path of context.args) {
    const node = readable(context, path);
    if (typeof node === 'string') status = await complain(context.io, fault(context, path, node));
    else await context.io.out(node.content());
  }
  return status;
}

function modeText(node: FileNode): string {
  const letters = 'rwxrwxrwx';
  const type = { file: '-', folder: 'd', link: 'l' }[node.kind];
  return type + Array.from(letters, (letter, index) => (node.mode & (1 << (8 - index)) ? letter : '-')).join('');
}

const owners: Record<number, string> = { 0: 'root', 1000: 'system', 1015: 'sdcard_rw', 2000: 'shell' };
const owner = (id: number): string => owners[id] ?? (id >= 10000 ? `u0_a${id - 10000}` : String(id));

function longLine(context: CommandContext, node: FileNode, name: string): string {
  const at = context.device.localText(node.modifiedAt * 1000).slice(0, 16);
  const shown = node.kind === 'link' ? `${name} -> ${node.target ?? ''}` : name;
  if (context.device.release < 600) {
    const size = node.kind === 'file' ? String(node.content().length) : '';
    return `${modeText(node)} ${owner(node.uid).padEnd(8)} ${owner(node.gid).padEnd(8)} ${size.padStart(8)} ${at} ${shown}\n`;
  }
  const size = node.kind === 'file' ? node.content().length : 4096;
  return `${modeText(node)} 1 ${owner(node.uid)} ${owner(node.gid)} ${String(size).padStart(6)} ${at} ${shown}\n`;
}

async function ls(context: CommandContext): Promise<number> {
  const { args, device, io } = context;
  const options = args.filter((arg) => arg.startsWith('-')).join('');
  const paths = args.filter((arg) => !arg.startsWith('-'));
  let status = 0;
  for (const path of paths.length > 0 ? paths : ['/']) {
    const node = device.files.lstat(path);
    const names = options.includes('d') ? null : device.files.list(path);
    if (node === null || (node.denied === true && !context.root)) {
      const reason = node === null ? 'No such file or directory' : 'Permission denied';
      status = await complain(io, device.release < 600 ? `${path}: ${reason}\n` : `ls: ${path}: ${reason}\n`);
      continue;
    }
    const rows = (names ?? [path]).map((name) => ({ name, at: names === null ? path : posix.join(path, name) }));
    if (options.includes('l')) {
      if (names !== null && device.release >= 600) await io.out('total 0\n');
      // As a program writes to a pipe: not line by line, and no more once nobody listens.
      let lines = '';
      for (const { name, at } of rows) {
        const each = device.files.lstat(at);
        if (each !== null) lines += longLine(context, each, name);
        if (lines.length < 16_384) continue;
        if (!(await io.out(lines))) return 1;
        lines = '';
      }
      if (lines !== '') await io.out(lines);
    } else await io.out(rows.map(({ name }) => `${name}\n`).join(''));
  }
  return status;
}

/** `stat -c FORMAT` of toybox, the letters that tools use. */
async function stat(context: CommandContext): Promise<number> {
  const at = context.args.indexOf('-c');
  const format = at < 0 ? '%n %s %Y' : (context.args[at + 1] ?? '');
  const paths = context.args.filter((arg, index) => arg !== '-c' && index !== at + 1 && arg !== '-L');
  let status = 0;
  for (const path of at < 0 ? context.args : paths) {
    const node = context.device.files.stat(path);
    if (node === null) {
      status = await complain(context.io, `stat: '${path}': No such file or directory\n`);
      continue;
    }
    const fields: Record<string, string> = {
      n: path,
      s: String(node.kind === 'file' ? node.content().length : 4096),
      Y: String(node.modifiedAt),
      a: node.mode.toString(8),
      u: String(node.uid),
      U: owner(node.uid),
      F: node.kind === 'folder' ? 'directory' : 'regular file',
    };
    await context.io.out(`${format.replace(/%(.)/g, (whole, letter: string) => fields[letter] ?? whole)}\n`);
  }
  return status;
}

function digest(algorithm: 'md5' | 'sha1' | 'sha256') {
  return async (context: CommandContext): Promise<number> => {
    let status = 0;
    const brief = context.args.includes('-b');
    for (const path of context.args.filter((arg) => !arg.startsWith('-'))) {
      const node = readable(context, path);
      if (typeof node === 'string') status = await complain(context.io, fault(context, path, node));
      else {
        const hash = createHash(algorithm).update(node.content()).digest('hex');
        await context.io.out(brief ? `${hash}\n` : `${hash}  ${path}\n`);
      }
    }
    return status;
  };
}

async function rm(context: CommandContext): Promise<number> {
  const { args, device, io, root } = context;
  const force = args.some((arg) => /^-r?f/.test(arg));
  let status = 0;
  for (const path of args.filter((arg) => !arg.startsWith('-'))) {
    const real = device.files.resolve(path);
    if (!root && !device.writable(real)) status = await complain(io, `rm: ${path}: Permission denied\n`);
    else if (!device.files.remove(real) && !force)
      status = await complain(io, `rm: ${path}: No such file or directory\n`);
  }
  return status;
}

const mkdir = ({ args, device, io }: CommandContext): Promise<number> => {
  const path = args.filter((arg) => !arg.startsWith('-'))[0] ?? '';
  if (!device.writable(device.files.resolve(path))) return complain(io, `mkdir: '${path}': Permission denied\n`);
  device.files.put(device.files.resolve(path), Buffer.alloc(0), { kind: 'folder', mode: 0o755, uid: 2000, gid: 2000 });
  return say(io, '');
};

/** What toolbox and toybox both have. */
export const fileCommands: CommandTable = { cat, ls, rm, mkdir };
export const toolboxFileCommands: CommandTable = { md5: digest('md5') };
export const toyboxFileCommands: CommandTable = {
  stat,
  md5sum: digest('md5'),
  sha1sum: digest('sha1'),
  sha256sum: digest('sha256'),
};
