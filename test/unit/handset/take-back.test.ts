import { describe, expect, test } from 'vitest';
import { takeBack, undoOrder } from '../../../main/handset/take-back.ts';
import type { RunOutcome } from '../../../main/handset/link-types.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import { changeNote, readChangeNote, readUndo, undoLine } from '../../../shared/model/handset-change.ts';
import type { UndoStep } from '../../../shared/model/handset-change.ts';

const file: UndoStep = { type: 'remove-file', path: '/data/local/tmp/handsight-0123456789ab.png' };
const rule: UndoStep = { type: 'remove-reverse', remote: 'tcp:45671', local: 'tcp:45671' };
const proxy = (value: string | null): UndoStep => ({
  type: 'restore-setting',
  namespace: 'global',
  name: 'http_proxy',
  value,
});

/** A handset of one setting, one file and some rules that notes what it is told. */
function handset(state: { proxy: string | null; file: boolean; rules: { remote: string; local: string }[] }) {
  const sent: string[] = [];
  const answer = (stdout: string): RunOutcome => ({
    ok: true,
    value: {
      stdout: Buffer.from(stdout),
      stderr: Buffer.alloc(0),
      exitCode: 0,
      durationMs: 1,
      startedAt: '',
      endedAt: '',
      protocol: 'shell-v2',
      truncatedAtBytes: null,
    },
  });
  const run = (command: string): Promise<RunOutcome> => {
    sent.push(command);
    if (command.startsWith('rm ')) state.file = false;
    if (command.startsWith('settings delete')) state.proxy = null;
    const put = /^settings put global http_proxy '(.*)'$/s.exec(command)?.[1];
    if (put !== undefined) state.proxy = put.replaceAll(`'\\''`, "'");
    return Promise.resolve(answer(command.startsWith('settings get') ? `${state.proxy ?? 'null'}\n` : ''));
  };
  const link = {
    run,
    stat: () =>
      Promise.resolve(state.file ? ok({ mode: 0o100660, size: 1n, modifiedSeconds: 0 } as never) : fail('NOT_FOUND')),
    reverse: {
      add: () => Promise.resolve(fail('REMOTE')),
      list: () => Promise.resolve(ok(state.rules)),
      removeDrained: (remote: string) => {
        sent.push(`killforward ${remote}`);
        state.rules = state.rules.filter((one) => one.remote !== remote);
        return Promise.resolve(ok(null));
      },
    },
  };
  return { link, sent, state };
}

describe('taking a change back', () => {
  test('first the proxy, then files, the rule it goes through last; the newest first within each', () => {
    const older = { id: 1, undo: [rule] };
    const changes = [older, { id: 2, undo: [proxy('a:1')] }, { id: 3, undo: [file] }, { id: 4, undo: [proxy(null)] }];
    expect(undoOrder(changes, ({ undo }) => undo).map(({ id }) => id)).toEqual([4, 2, 3, 1]);
  });

  test('every step is done, in that order, and looked at afterwards', async () => {
    const { link, sent, state } = handset({
      proxy: '127.0.0.1:45671',
      file: true,
      rules: [{ remote: 'tcp:45671', local: 'tcp:45671' }],
    });
    expect(await takeBack(link, [rule, file, proxy(null)])).toBeNull();
    expect(state).toEqual({ proxy: null, file: false, rules: [] });
    expect(sent).toEqual([
      `settings put global http_proxy ':0'`,
      'settings delete global http_proxy',
      'settings get global http_proxy',
      `rm ${file.path}`,
      'killforward tcp:45671',
    ]);
  });

  test('a value comes back as it was, whatever is in it', async () => {
    const value = `it's $(reboot); "x"`;
    const { link, sent, state } = handset({ proxy: 'ours', file: false, rules: [] });
    expect(await takeBack(link, [proxy(value)])).toBeNull();
    expect(state.proxy).toBe(value);
    expect(sent[0]).toBe(`settings put global http_proxy 'it'\\''s $(reboot); "x"'`);
  });

  test('a rule on the port that is not ours stays; one that is gone already is taken back', async () => {
    const theirs = [{ remote: 'tcp:45671', local: 'tcp:8080' }];
    const { link, sent, state } = handset({ proxy: null, file: false, rules: theirs });
    expect(await takeBack(link, [rule])).toBeNull();
    expect([sent, state.rules]).toEqual([[], theirs]);
  });

  test('what is still there afterwards, or does not answer, is said; nothing after it is done', async () => {
    const { link, sent } = handset({ proxy: null, file: true, rules: [] });
    const stubborn = { ...link, run: () => Promise.resolve({ ...fail('OFFLINE'), partial: null }) };
    expect(await takeBack(stubborn, [file, rule])).toBe('OFFLINE');
    const kept = { ...link, stat: () => Promise.resolve(ok({} as never)) };
    expect(await takeBack(kept, [file, rule])).toBe('still-there');
    expect(sent).toEqual([`rm ${file.path}`]);
  });
});

describe('an undo that a case holds', () => {
  test('is read when it is what this program itself would do', () => {
    for (const undo of [[file], [rule], [proxy(null)], [proxy('a:1'), rule], []]) expect(readUndo(undo)).toEqual(undo);
  });

  test.each<readonly [string, unknown]>([
    ['another folder', [{ type: 'remove-file', path: '/sdcard/DCIM' }]],
    ['a way out of the folder', [{ type: 'remove-file', path: '/data/local/tmp/handsight-../../0123.png' }]],
    ['a second command', [{ type: 'remove-file', path: `${file.path}; reboot` }]],
    ['a line behind', [{ type: 'remove-file', path: `${file.path}\nreboot` }]],
    ['any rule', [{ type: 'remove-reverse', remote: 'tcp:1;tcp:2', local: 'tcp:1' }]],
    ['another setting', [{ type: 'restore-setting', namespace: 'global', name: 'adb_enabled', value: '0' }]],
    ['another namespace', [{ type: 'restore-setting', namespace: 'secure', name: 'http_proxy', value: '0' }]],
    ['a number', [{ type: 'restore-setting', namespace: 'global', name: 'http_proxy', value: 1 }]],
    ['an order of its own', [{ type: 'run', command: 'reboot' }]],
    ['a good step and a bad one', [file, { type: 'remove-file', path: '/' }]],
    ['no list', { type: 'remove-file', path: file.path }],
    ['too many', Array(21).fill(file)],
  ])('%s is not', (_name, undo) => {
    expect(readUndo(undo)).toBeNull();
  });

  test('in custody’s note without the value of a setting', () => {
    expect(undoLine([proxy('10.9.8.7:3128'), rule])).not.toContain('10.9');
    const note = changeNote('A1', { command: 'x', reason: 'canary', undo: undoLine([]), why: null });
    expect(readChangeNote(note)).toMatchObject({ command: 'x', undo: 'none', reason: 'canary' });
  });
});
