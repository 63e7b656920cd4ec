import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { createCase, openCaseForReading } from '../../../main/evidence/open-case.ts';
import { acquireSnapshot } from '../../../main/workflow/acquire-snapshot.ts';
import type { Acquired } from '../../../main/workflow/acquire-snapshot.ts';
import type { AcquireWish } from '../../../main/workflow/acquire-wish.ts';
import type { Conduct } from '../../../main/workflow/conduct.ts';
import type { Handsets } from '../../../main/workflow/handset-session.ts';
import type { Acquisition } from '../../../shared/model/acquisition.ts';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import type { Result } from '../../../shared/model/problem.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import { fakeHandset } from '../acquisition/fake-handset.ts';
import type { Answer } from '../acquisition/fake-handset.ts';
import { zipOf } from '../parsing/zip-builder.ts';

// A case in a folder of its own for each test, and acquisitions into it that are cut off at a command.
let folder: string;
export let directory: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handsight-resume-'));
  directory = join(folder, 'a.handsight');
  const writer = must(createCase(directory, { number: '1', title: 'cut off', examiner: 'Lin', synthetic: true }));
  must(writer.addHandset({ label: 'phone', serial: null, role: 'exhibit' }));
  writer.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}

const png = Buffer.from('89504e470d0a1a0a0000000049454e44ae426082', 'hex');

const tree = Buffer.from('<?xml version=\'1.0\'?><hierarchy rotation="0"><node text="Agree" /></hierarchy>');
const reportPath = '/bugreports/bugreport-x-2026-01-01.zip';
const reportText = '== dumpstate: 2026-01-01 12:00:00\n------ UPTIME (uptime) ------\n up 3 days\n';
const report = zipOf([
  { name: 'main_entry.txt', content: 'bugreport-x.txt' },
  { name: 'bugreport-x.txt', content: reportText },
]);
/** What the handset holds as a file, by the beginning of its path. */
const files = { '/data/local/tmp/handsight-': tree, '/bugreports/': report };

export interface Phone {
  readonly fingerprint: string;
  readonly serial: string;
  readonly bootedAt: number;
  readonly uptime: boolean;
  /** What `dumpsys user` prints; left out: nothing that names a user. */
  readonly users?: string;
}
export const phone: Phone = { fingerprint: 'a/b/c:14/1', serial: 'S1', bootedAt: Date.now() - 5_000_000, uptime: true };

/** Android 14 that refuses one dump; `cutAt` is met once: the cable goes, somebody cancels, or the program dies. */
export function acquire(
  wish: Partial<AcquireWish> = {},
  cut: { readonly at: string; readonly by: 'cable' | 'cancel' | 'crash' } | null = null,
  is: Phone = phone,
  other: Partial<Conduct> = {},
): {
  readonly sent: string[];
  readonly notices: string[];
  readonly handsets: Handsets;
  readonly done: Promise<Result<Acquired>>;
} {
  const cancel = new AbortController();
  let present = true;
  const cutHere = (command: string): 'TRUNCATED' | 'ABORTED' | null => {
    if (cut === null || !command.startsWith(cut.at)) return null;
    if (cut.by === 'crash') throw new Error('the program died');
    if (cut.by === 'cable') present = false;
    else cancel.abort();
    return cut.by === 'cable' ? 'TRUNCATED' : 'ABORTED';
  };
  const answers = (command: string): Answer => {
    const problem = cutHere(command);
    if (problem !== null) return { problem, stdout: 'half of' };
    if (command === 'bugreportz -h 2>&1') return { stdout: 'usage: bugreportz [-h | -v]\n  -p: display progress\n' };
    if (command === 'bugreportz -p') return { stdout: `BEGIN:${reportPath}\nOK:${reportPath}\n` };
    if (command.startsWith('sha256sum '))
      return { stdout: `${createHash('sha256').update(report).digest('hex')}  ${reportPath}\n` };
    if (command.startsWith('uiautomator dump '))
      return { stdout: `UI hierchary dumped to: ${command.slice('uiautomator dump '.length)}\n` };
    if (command.startsWith('rm ')) return { stdout: '' };
    if (command === 'getprop')
      return {
        stdout: `[ro.build.version.release]: [14]\n[ro.build.version.sdk]: [34]\n[ro.build.fingerprint]: [${is.fingerprint}]\n[ro.serialno]: [${is.serial}]\n`,
      };
    if (command === 'getprop ro.build.fingerprint') return { stdout: `${is.fingerprint}\n` };
    if (command === 'getprop ro.serialno') return { stdout: `${is.serial}\n` };
    if (command === 'cat /proc/uptime')
      return is.uptime ? { stdout: `${((Date.now() - is.bootedAt) / 1000).toFixed(2)} 9.00\n` } : { stdout: '' };
    if (command === 'dumpsys user' && is.users !== undefined) return { stdout: is.users };
    if (command.startsWith('date')) return { stdout: `${Date.now()}000000\n` };
    if (command.endsWith('/cacerts-added')) return { stdout: '7ae65fad.0\n' };
    if (command === 'screencap -p') return { stdout: png };
    if (command === 'dumpsys dropbox --print')
      return { stdout: "Permission Denial: can't dump DropBoxManagerService from pid=1, uid=2000\n" };
    return { stdout: `${command}\n` };
  };
  const { link, sent } = fakeHandset(answers, { present: () => present, files });
  const pull: typeof link.pull = async (path, onChunk, options) => {
    const problem = cutHere(`pull ${path}`);
    return problem === null ? await link.pull(path, onChunk, options) : { ...fail(problem), partial: null };
  };
  const whole = { ...link, pull, journal: [], journalDropped: 0, close: () => undefined };
  const handsets = { open: () => Promise.resolve(ok(whole)), keyFingerprint: () => null } as unknown as Handsets;
  const notices: string[] = [];
  const conduct = {
    actor: null,
    lang: 'en',
    signal: cancel.signal,
    progress: () => undefined,
    notice: (text: string) => void notices.push(text),
    ...other,
  } as const;
  const full = { serial: 'fake', handset: 'H1', label: 'before', run: null, profile: 'standard', ...wish } as const;
  return { sent, notices, handsets, done: acquireSnapshot(directory, full, handsets, conduct) };
}

export function inCase<T>(read: (acquisitions: readonly Acquisition[], exhibits: readonly Exhibit[]) => T): T {
  const reader = must(openCaseForReading(directory));
  try {
    return read(reader.acquisitions(), reader.exhibits());
  } finally {
    reader.close();
  }
}
export const commandsOf = (exhibits: readonly Exhibit[], ...of: string[]): string[] => [
  ...new Set(
    exhibits.flatMap(({ acquisition, origin, outcome }) =>
      origin.type === 'command' && outcome === 'read' && of.includes(acquisition ?? '') ? [origin.command] : [],
    ),
  ),
];
