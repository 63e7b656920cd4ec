import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BugReportProgress, bugReportCommands, endOf, wayOf } from '../../../main/acquisition/bug-report-protocol.ts';
import { bugReport } from '../../../main/acquisition/collectors/bug-report.ts';
import { isFinished } from '../../../main/acquisition/finished.ts';
import { runAcquisition } from '../../../main/acquisition/run-acquisition.ts';
import type { AcquisitionOutcome } from '../../../main/acquisition/run-acquisition.ts';
import { acquisitionKnowledge as knowledge } from '../../../main/parsing/acquisition-knowledge.ts';
import { isReportPath, readUndo } from '../../../shared/model/handset-change.ts';
import { zipOf } from '../parsing/zip-builder.ts';
import { fakeEvidence, fakeHandset } from './fake-handset.ts';
import type { Answer } from './fake-handset.ts';

const path = '/data/user_de/0/com.android.shell/files/bugreports/bugreport-sailfish-2018-01-01-12-00-00.zip';
const archive = zipOf([{ name: 'main_entry.txt', content: 'x.txt' }]);
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const list = 'ls /data/user_de/0/com.android.shell/files/bugreports';
const help = 'usage: bugreportz [-h | -v]\n  -h: to display this help message\n  -p: display progress\n';
const streams = `${help}  -s: stream content to standard output\n`;
const told = `BEGIN:${path}\nPROGRESS:1/1000\nPROGRESS:900/1000\nOK:${path}\n`;

const answers: Readonly<Record<string, Answer>> = {
  'bugreportz -h 2>&1': { stdout: help },
  'bugreportz -p': { stdout: told },
  [`sha256sum ${path}`]: { stdout: `${hashOf(archive)}  ${path}\n` },
  [`rm ${path}`]: {},
};

interface Run {
  readonly outcome: AcquisitionOutcome;
  readonly sent: readonly string[];
  readonly evidence: ReturnType<typeof fakeEvidence>;
  /** What became of each change, with why it was left. */
  readonly ends: readonly string[];
}

async function runWith(
  other: Readonly<Record<string, Answer | undefined>> = {},
  options: { file?: Buffer | null; v2?: boolean; present?: () => boolean } = {},
): Promise<Run> {
  const { file = archive, v2 = true, present = () => true } = options;
  const all: Readonly<Record<string, Answer | undefined>> = { ...answers, ...other };
  const handset = fakeHandset((command) => all[command], {
    v2,
    present,
    files: file === null ? {} : { [path]: file },
  });
  const evidence = fakeEvidence();
  const outcome = await runAcquisition({
    link: handset.link,
    evidence,
    knowledge,
    profile: 'own',
    only: [bugReport],
  });
  const ends = evidence.changes
    .filter(({ state }) => state === 'undone' || state === 'left')
    .map(({ command, state, why }) => `${command.split(' ', 1)[0]} ${state} ${why}`);
  return { outcome, sent: handset.sent, evidence, ends };
}

describe('a bug report', () => {
  it('is recorded before it is asked for, and its archive removed once its hash agrees', async () => {
    const { outcome, sent, evidence, ends } = await runWith();
    expect(sent).toEqual(['bugreportz -h 2>&1', 'bugreportz -p', `pull ${path}`, `sha256sum ${path}`, `rm ${path}`]);
    expect(evidence.order.indexOf('begun bugreportz -p')).toBeLessThan(evidence.order.indexOf('hold bugreportz -p'));
    expect(evidence.order.indexOf(`finish pull ${path}`)).toBeLessThan(evidence.order.indexOf(`begun rm ${path}`));
    expect(ends).toEqual(['rm undone null', 'bugreportz undone null']);
    expect(outcome.outcome).toBe('complete');
    const pulled = evidence.stored.find(({ meta }) => meta.kind === 'file');
    expect(pulled?.bytes).toEqual(archive);
    expect(pulled?.meta.originalName).toBe('bugreport-sailfish-2018-01-01-12-00-00.zip');
    // What a later start would find of each is something that it can carry out, or knows that it cannot.
    for (const { undo } of evidence.changes) expect(readUndo(JSON.parse(JSON.stringify(undo)))).toEqual(undo);
  });

  it.each<[string, Readonly<Record<string, Answer>>, Buffer | null, string, string]>([
    ['a path outside', { 'bugreportz -p': { stdout: 'OK:/data/local/tmp/x.zip\n' } }, archive, 'report-path-unfit', ''],
    [
      'a path that climbs',
      { 'bugreportz -p': { stdout: `OK:/bugreports/../data/x.zip\n` } },
      archive,
      'report-path-unfit',
      '',
    ],
    [
      'a path with a command',
      { 'bugreportz -p': { stdout: 'OK:/bugreports/a;reboot.zip\n' } },
      archive,
      'report-path-unfit',
      '',
    ],
    ['a failure', { 'bugreportz -p': { stdout: 'FAIL:no space\n' } }, archive, 'report-unknown', 'report-failed'],
    ['no end', { 'bugreportz -p': { stdout: 'PROGRESS:1/2\n' } }, archive, 'report-unknown', 'report-not-named'],
    [
      'endless progress',
      { 'bugreportz -p': { problem: 'TIMEOUT', stdout: 'PROGRESS:1/2\n' } },
      archive,
      'report-unknown',
      'time-limit',
    ],
    ['a file that vanished', {}, null, 'report-not-taken', 'no-such-file'],
    ['an empty file', {}, Buffer.alloc(0), 'report-not-taken', ''],
    ['no archive', {}, Buffer.from('<html>'), 'report-not-taken', 'report-no-archive'],
    ['an archive without its end', {}, archive.subarray(0, 50), 'report-not-taken', 'report-cut'],
    [
      'another hash',
      { [`sha256sum ${path}`]: { stdout: `${'0'.repeat(64)}  x\n` } },
      archive,
      'report-hash-differs',
      '',
    ],
    [
      'no hash',
      { [`sha256sum ${path}`]: { exitCode: 127, stderr: 'sh: sha256sum: not found\n' } },
      archive,
      'report-hash-untold',
      '',
    ],
  ])('with %s is left, said, and nothing is removed', async (_name, other, file, why, gap) => {
    const { outcome, sent, ends } = await runWith(other, { file });
    expect(sent.some((command) => command.startsWith('rm '))).toBe(false);
    expect(ends).toEqual([`bugreportz left ${why}`]);
    if (why === 'report-path-unfit') expect(sent.some((command) => command.startsWith('pull '))).toBe(false);
    if (gap !== '') expect(outcome.gaps.map(({ reason }) => reason)).toContain(gap);
  });

  it('whose removal fails is left, and the next start may try again', async () => {
    const { ends } = await runWith({ [`rm ${path}`]: { stderr: `rm: ${path}: Permission denied\n`, exitCode: 1 } });
    expect(ends).toEqual(['rm left permission-denied', 'bugreportz left permission-denied']);
  });

  it('that the cable ends is left, and ends the acquisition', async () => {
    const { outcome, ends } = await runWith({ 'bugreportz -p': { problem: 'TRUNCATED' } }, { present: () => false });
    expect(outcome).toMatchObject({ outcome: 'interrupted', endedBy: 'TRUNCATED' });
    expect(ends).toEqual(['bugreportz left report-unknown']);
  });

  it('is taken as a stream where the handset has it: nothing is pulled or removed', async () => {
    const streamed = {
      'bugreportz -h 2>&1': { stdout: streams },
      'bugreportz -s': { stdout: archive },
      [list]: { stdout: '' },
    };
    const { outcome, sent, evidence, ends } = await runWith(streamed);
    expect(sent.some((command) => /^(?:pull|rm) /.test(command))).toBe(false);
    expect(ends).toEqual(['bugreportz left as-announced']);
    expect(outcome.outcome).toBe('complete');
    expect(evidence.stored.find(({ meta }) => meta.kind === 'file')?.bytes).toEqual(archive);
    const words = Buffer.concat([archive.subarray(0, 60), Buffer.from('FAIL:Bugreport read terminated\n')]);
    const cut = await runWith({ ...streamed, 'bugreportz -s': { stdout: words } });
    expect(cut.outcome.gaps.map(({ reason }) => reason)).toEqual(['report-cut']);
  });

  it('that a stream leaves behind as a file is said', async () => {
    let asked = 0;
    const handset = fakeHandset((command) => {
      if (command === list) return { stdout: (asked += 1) === 1 ? 'old.zip\n' : 'new.zip\nold.zip\n' };
      if (command === 'bugreportz -s') return { stdout: archive };
      return command === 'bugreportz -h 2>&1' ? { stdout: streams } : undefined;
    });
    const evidence = fakeEvidence();
    await runAcquisition({ link: handset.link, evidence, knowledge, profile: 'own', only: [bugReport] });
    expect(evidence.changes.at(-1)).toMatchObject({ state: 'left', why: 'report-new-file' });
  });

  const denied: Answer = { stderr: `ls: ${list.slice(3)}: Permission denied\n`, exitCode: 1 };
  const noFolder: Answer = { stderr: `ls: ${list.slice(3)}: No such file or directory\n`, exitCode: 1 };
  it.each<[string, Answer, Answer, string, string]>([
    ['no answer after', { stdout: '' }, { problem: 'TIMEOUT' }, 'report-unknown', 'complete-with-gaps'],
    [
      'half an answer after',
      { stdout: 'a\n' },
      { problem: 'TIMEOUT', stdout: 'a\n' },
      'report-unknown',
      'complete-with-gaps',
    ],
    ['a refusal after', { stdout: '' }, denied, 'report-unknown', 'complete'],
    ['a refusal before', denied, { stdout: 'old.zip\n' }, 'report-unknown', 'complete'],
    ['two refusals', denied, denied, 'report-unknown', 'complete'],
    [
      'a refusal in the old way',
      { stdout: 'ls: x: Permission denied\n' },
      { stdout: '' },
      'report-unknown',
      'complete',
    ],
    ['no program', { stderr: 'sh: ls: not found\n', exitCode: 127 }, { stdout: '' }, 'report-unknown', 'complete'],
    ['no folder at all', noFolder, noFolder, 'as-announced', 'complete'],
    ['no folder before', noFolder, { stdout: 'new.zip\n' }, 'report-new-file', 'complete'],
    ['fewer files', { stdout: 'old.zip\n' }, { stdout: '' }, 'as-announced', 'complete'],
    ['the same files', { stdout: 'old.zip\n' }, { stdout: 'old.zip\r\n' }, 'as-announced', 'complete'],
  ])(
    'as a stream says what lies there only by two lists that were answered: %s',
    async (_name, before, after, why, end) => {
      let asked = 0;
      const handset = fakeHandset((command) => {
        if (command === list) return (asked += 1) === 1 ? before : after;
        if (command === 'bugreportz -s') return { stdout: archive };
        return command === 'bugreportz -h 2>&1' ? { stdout: streams } : undefined;
      });
      const evidence = fakeEvidence();
      const done = await runAcquisition({ link: handset.link, evidence, knowledge, profile: 'own', only: [bugReport] });
      expect(asked).toBe(2);
      expect(evidence.changes.at(-1)).toMatchObject({ state: 'left', why });
      expect(done.outcome).toBe(end);
    },
  );

  it('of Android 4 to 6 is a text, and a change that nothing takes back', async () => {
    const text = '== dumpstate: 2014-08-07 12:00:00\n';
    const { sent, evidence, ends } = await runWith({ bugreport: { stdout: text } }, { v2: false });
    expect(sent).toEqual(['bugreport']);
    expect(evidence.order.slice(0, 2)).toEqual(['begun bugreport', 'open bugreport']);
    expect(evidence.stored[0]?.bytes.toString()).toBe(text);
    expect(ends).toEqual(['bugreport left as-announced']);
  });

  it('is no gap on a release without the program', async () => {
    const { outcome, evidence } = await runWith({ 'bugreportz -h 2>&1': undefined });
    expect(outcome.outcome).toBe('complete');
    expect(evidence.changes).toEqual([]);
  });

  it('that came whole is not asked for again when the acquisition is gone on with', () => {
    const facts = { release: '8', sdk: 26, features: new Set(['shell_v2']), phoneCalls: [] };
    const stored = (command: string, outcome: 'read' | 'interrupted') =>
      ({ collector: 'bug-report', command, outcome, fault: null }) as const;
    expect(isFinished(bugReport, facts, [stored('bugreportz -p', 'read')])).toBe(false);
    expect(isFinished(bugReport, facts, [stored(`pull ${path}`, 'interrupted')])).toBe(false);
    expect(isFinished(bugReport, facts, [stored(`pull ${path}`, 'read')])).toBe(true);
  });
});

describe('the protocol of bugreportz', () => {
  it('is read by its help, its last word and its progress, however it is cut', () => {
    expect([wayOf(help), wayOf(streams), wayOf('usage: bugreportz [-h | -v]\n'), wayOf('sh: not found')]).toEqual([
      'progress',
      'stream',
      'plain',
      null,
    ]);
    expect(endOf(`${told}FAIL:later\r\n`)).toEqual({ path });
    expect(endOf('OK')).toBeNull();
    const progress = new BugReportProgress();
    const said = ['PROG', 'RESS:7/', '10\nPROGRESS:', 'x/9\nPROGRESS:8/10\r\n'].map((one) =>
      progress.push(Buffer.from(one)),
    );
    expect(said).toEqual([undefined, undefined, '7/10', '8/10']);
  });

  it('knows a path that may be removed', () => {
    expect(isReportPath(path)).toBe(true);
    for (const bad of [
      '/bugreports/.zip',
      '/bugreports/a b.zip',
      '/bugreports/a.zip\n',
      '/sdcard/a.zip',
      '/bugreports/x/a.zip',
      '/bugreports/$(id).zip',
    ])
      expect(isReportPath(bad), bad).toBe(false);
  });

  it('is a change in the plan of every release', () => {
    const facts = (sdk: number) => ({ release: null, sdk, features: new Set<string>(), phoneCalls: [] });
    for (const sdk of [18, 23, 24, 36])
      expect(bugReportCommands(facts(sdk)).some(({ effect }) => effect === 'changes')).toBe(true);
  });
});
