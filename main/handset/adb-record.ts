import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openHostService, queryHost } from './adb-service.ts';

/** What is written down about a running server of ours, so that the next start can end one that was left behind. */
export interface AdbServerRecord {
  readonly pid: number;
  readonly port: number;
  readonly ownerPid: number;
  readonly file: string;
}

/** Writes `adb-server-PID.json` into the key directory. */
export function writeServerRecord(keyDirectory: string, pid: number, port: number): AdbServerRecord {
  const file = join(keyDirectory, `adb-server-${pid}.json`);
  const record = { pid, port, ownerPid: process.pid, file };
  writeFileSync(file, JSON.stringify({ pid, port, ownerPid: process.pid }), { mode: 0o600 });
  return record;
}

/** Removes the record, and the `adb.PORT` file that adb itself leaves beside its key. */
export function removeServerRecord(record: AdbServerRecord): void {
  rmSync(record.file, { force: true });
  rmSync(join(dirname(record.file), '.android', `adb.${record.port}`), { force: true });
}

/** Servers of ours on this workstation, as their records say; unreadable records are not listed. */
export function readServerRecords(keyDirectory: string): readonly AdbServerRecord[] {
  let names: string[];
  try {
    names = readdirSync(keyDirectory);
  } catch {
    return [];
  }
  return names
    .filter((name) => /^adb-server-\d+\.json$/.test(name))
    .map((name) => readRecord(join(keyDirectory, name)))
    .filter((record) => record !== null);
}

function readRecord(file: string): AdbServerRecord | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null) return null;
    const { pid, port, ownerPid } = value as Readonly<Record<string, unknown>>;
    if (!isPositive(pid) || !isPositive(port) || !isPositive(ownerPid) || port > 65_535) return null;
    return { pid, port, ownerPid, file };
  } catch {
    return null;
  }
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}

/**
 * Ends servers whose owner is dead (killed without a chance to clean up) and removes their records.
 * A process is only signalled when it provably is that server: on Linux by its command line; elsewhere, and for
 * good measure, the server is asked to end itself over its own port. Returns how many were found.
 */
export async function sweepServerRecords(keyDirectory: string): Promise<number> {
  let swept = 0;
  for (const record of readServerRecords(keyDirectory)) {
    if (isAlive(record.ownerPid)) continue;
    swept += 1;
    if (isAlive(record.pid)) await endLeftBehind(record);
    removeServerRecord(record);
  }
  return swept;
}

async function endLeftBehind(record: AdbServerRecord): Promise<void> {
  const commandLine = readCommandLine(record.pid);
  if (commandLine !== null) {
    if (commandLine.includes(`-P ${record.port} nodaemon server`)) signal(record.pid, 'SIGTERM');
    return;
  }
  if (process.platform === 'linux') return;
  const address = { endpoint: () => ({ host: '127.0.0.1', port: record.port }) };
  const version = await queryHost(address, 'host:version', { timeoutMs: 1000 });
  if (!version.ok) return;
  const kill = await openHostService(address, 'host:kill', { timeoutMs: 1000 });
  if (kill.ok) kill.value.end(null);
}

function readCommandLine(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ');
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It went between the look and the signal: that is what was wanted.
  }
}
