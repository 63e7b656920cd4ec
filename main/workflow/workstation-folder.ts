import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where this workstation keeps its adb key and the addresses it was told to attach: no case data, ever. Made when asked for. */
export function workstationFolder(): string {
  const folder = workstationPath();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

function workstationPath(): string {
  const base =
    process.platform === 'win32'
      ? (process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'))
      : (process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'));
  return join(base, 'handsight');
}

const attachedName = 'attached.json';

/** Addresses given to `devices connect`, attached again whenever our own server starts. */
export function readAttachedAddresses(): readonly string[] {
  try {
    const read: unknown = JSON.parse(readFileSync(join(workstationPath(), attachedName), 'utf8'));
    return Array.isArray(read) ? read.filter((one): one is string => typeof one === 'string').slice(0, 64) : [];
  } catch {
    return [];
  }
}

export function writeAttachedAddresses(addresses: readonly string[]): void {
  const file = join(workstationFolder(), attachedName);
  writeFileSync(`${file}.new`, JSON.stringify(addresses), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
