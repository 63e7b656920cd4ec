import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pcap } from '../unit/dissection/packet-builder.ts';
import { Conversation } from '../unit/dissection/conversation.ts';

/** The command line under test: what is built and shipped, or the one that HANDSIGHT_TEST_CLI names. */
export const program =
  process.env['HANDSIGHT_TEST_CLI'] ?? fileURLToPath(new URL('../../dist/main/cli.js', import.meta.url));

export interface CliEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Runs this program with the command line as its last arguments, such as `unshare -n`. */
  readonly under?: readonly string[];
  readonly timeoutMs?: number;
}

/** A folder of its own with the HOME and TMPDIR of every command that is run in it. */
export interface CliBench {
  readonly folder: string;
  readonly home: string;
  readonly temporary: string;
  path(...parts: readonly string[]): string;
  start(args: readonly string[], options?: CliOptions): Running;
  run(args: readonly string[], options?: CliOptions): Promise<CliEnd>;
  /** Runs what must succeed; its end is the test's failure otherwise. */
  must(args: readonly string[], options?: CliOptions): Promise<CliEnd>;
  /** A fresh case with one handset H1. */
  newCase(name: string): Promise<string>;
  close(): void;
}

export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  /** Everything said so far. */
  said(): string;
  readonly end: Promise<CliEnd>;
}

export function openCliBench(): CliBench {
  if (!existsSync(program)) throw new Error(`${program} is not built: node scripts/build.mjs`);
  const folder = mkdtempSync(join(tmpdir(), 'handsight-cli-'));
  const home = join(folder, 'home');
  const temporary = join(folder, 'tmp');
  mkdirSync(home);
  mkdirSync(temporary);
  const start: CliBench['start'] = (args, options = {}) => startIn(home, temporary, args, { cwd: folder, ...options });
  const run: CliBench['run'] = (args, options) => start(args, options).end;
  const must: CliBench['must'] = async (args, options) => {
    const end = await run(args, options);
    if (end.code !== 0)
      throw new Error(`${args.join(' ')}: exit ${end.code ?? end.signal}\n${end.stdout}${end.stderr}`);
    return end;
  };
  return {
    folder,
    home,
    temporary,
    path: (...parts) => join(folder, ...parts),
    start,
    run,
    must,
    newCase: async (name) => {
      const directory = join(folder, name);
      await must(['case', 'new', directory, '--number', '103-1', '--title', 'Reports home', '--examiner', 'Lin']);
      await must(['handset', 'add', directory, '--label', 'Redmi 1S']);
      return directory;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function startIn(home: string, temporary: string, args: readonly string[], options: CliOptions): Running {
  const env: NodeJS.ProcessEnv = { ...process.env, HOME: home, TMPDIR: temporary, ...options.env };
  for (const name of ['INIT_CWD', 'HANDSIGHT_ADB_SERVER', 'XDG_DATA_HOME', 'NODE_OPTIONS']) {
    if (options.env?.[name] === undefined) delete env[name];
  }
  const words = [...(options.under ?? []), process.execPath, program, ...args];
  const child = spawn(words[0] ?? '', words.slice(1), { cwd: options.cwd, env, stdio: 'pipe' });
  child.stdin.end();
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 120_000);
  const end = new Promise<CliEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
  return { child, said: () => stdout + stderr, end };
}

/** The objects of a `--json` output. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Every path below a folder with the SHA-256 of its bytes (`/` for folders): equal before and after means untouched. */
export function treeHashes(directory: string): Record<string, string> {
  const found: Record<string, string> = {};
  if (!existsSync(directory)) return found;
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted()) {
    const path = join(directory, name);
    found[name] = lstatSync(path).isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : '/';
  }
  return found;
}

/** Calls them with at most `width` running: each is a process, and the machine is small. */
export async function inParallel<T>(items: readonly T[], act: (item: T) => Promise<void>, width = 3): Promise<void> {
  const queue = [...items];
  const work = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: width }, work));
}

export const imei = '490154203237518';

/** A capture in which a handset tells its IMEI to a server in clear, and how many packets it has. */
export function tellingCapture(
  value = imei,
  sourcePort = 51_234,
): { readonly bytes: Buffer; readonly packets: number } {
  const { packets } = new Conversation({ sourcePort })
    .toServer(`GET /pass/user@id?type=MXPH&externalId=${value} HTTP/1.1\r\nHost: api.account.xiaomi.com\r\n\r\n`)
    .toClient('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    .close();
  return { bytes: pcap(packets), packets: packets.length };
}

/** A big capture of small packets, for what must be interrupted in its middle. */
export function bigCapture(bytesWanted: number): Buffer {
  const { bytes } = tellingCapture();
  const records = bytes.subarray(24);
  const header = bytes.subarray(0, 24);
  const count = Math.ceil(bytesWanted / records.length);
  return Buffer.concat([header, ...Array.from({ length: count }, () => records)]);
}
