import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunOutcome } from '../../../main/handset/link-types.ts';
import { readCase } from '../../../main/workflow/case-session.ts';
import { RecordedChanges } from '../../../main/workflow/recorded-changes.ts';
import { OutstandingUndo } from '../../../main/workflow/host/outstanding.ts';
import type { Handsets } from '../../../main/workflow/handset-session.ts';
import { quickConduct } from '../../../main/workflow/host/host-context.ts';
import { listChanges, outstandingChanges, undoChanges } from '../../../main/workflow/undo-changes.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import type { HandsetIdentity } from '../../../shared/model/handset-identity.ts';
import type { HandsetChange } from '../../../shared/model/handset-change.ts';
import { must, newCase, temporaryFolder, write } from '../evidence/case-fixture.ts';

const file = '/data/local/tmp/handsight-0123456789ab.png';
const change: Omit<HandsetChange, 'state'> = {
  command: `screencap -p ${file}`,
  reason: 'screenshot',
  undo: [{ type: 'remove-file', path: file }],
  why: null,
};
const envelope = { actor: null, language: 'en' } as const;

let folder: string;
let directory: string;
beforeEach(() => {
  folder = temporaryFolder();
  directory = path.join(folder, 'a');
  const writer = newCase(directory);
  must(writer.addHandset({ label: 'Redmi 1S', serial: 's1', role: 'exhibit' }));
  writer.close();
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A workstation to which one handset may be connected: the serials that are there, and what they were told. */
function workstation(): {
  readonly live: { handsets(): Promise<ReturnType<typeof ok<Handsets>>> };
  readonly present: Set<string>;
  readonly files: Set<string>;
  readonly sent: string[];
  starts: number;
} {
  const present = new Set<string>();
  const files = new Set([file]);
  const sent: string[] = [];
  const run = (command: string): Promise<RunOutcome> => {
    sent.push(command);
    files.delete(command.slice('rm '.length));
    const run = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), exitCode: null, durationMs: 1 } as const;
    const value = { ...run, startedAt: '', endedAt: '', protocol: 'shell-v1', truncatedAtBytes: null } as const;
    return Promise.resolve({ ok: true, value });
  };
  const stat = (path: string): Promise<unknown> => Promise.resolve(files.has(path) ? ok({}) : fail('NOT_FOUND'));
  const handsets = {
    list: () => Promise.resolve(ok([...present].map((serial) => ({ serial, state: 'device' })))),
    open: (serial: string) => Promise.resolve(ok({ serial, run, stat, reverse: {}, close: () => undefined })),
  } as unknown as Handsets;
  const state = {
    live: {
      handsets: () => {
        state.starts += 1;
        return Promise.resolve(ok(handsets));
      },
    },
    present,
    files,
    sent,
    starts: 0,
  };
  return state;
}

/** As a program leaves it that dies with a change on the handset. */
function leaveBehind(serial = 's1', identity: HandsetIdentity | null = null): void {
  const writer = write(directory);
  const { command, reason, undo } = change;
  must(writer.beginChange({ handset: 'H1', serial, act: 'A1', identity, command, reason, undo }));
  writer.close();
}

const ends = (): readonly (readonly string[])[] =>
  must(listChanges(directory)).map((one) => one.ends.map(({ outcome }) => outcome));

async function settled(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2000 && !condition(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(condition()).toBe(true);
}

describe('a case of the window with something left on a handset', () => {
  test('is put right when it is opened and the handset is there; the window is told once', async () => {
    leaveBehind();
    const { live, present, files } = workstation();
    present.add('s1');
    const told: unknown[] = [];
    new OutstandingUndo(live, (...one) => void told.push(one)).watch(directory, envelope);
    await settled(() => told.length > 0);
    expect([ends(), [...files], told]).toEqual([[['undone']], [], [['case', directory]]]);
  });

  test('waits for the handset, and for that handset', async () => {
    leaveBehind();
    const { live, present, sent } = workstation();
    present.add('another');
    const told: unknown[] = [];
    const undo = new OutstandingUndo(live, (...one) => void told.push(one));
    undo.watch(directory, envelope);
    undo.look();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([ends(), sent, told]).toEqual([[[]], [], []]);
    present.add('s1');
    undo.look();
    await settled(() => told.length > 0);
    expect(ends()).toEqual([['undone']]);
  });

  test('with nothing left starts no adb server, and a closed one is left alone', async () => {
    const station = workstation();
    station.present.add('s1');
    const undo = new OutstandingUndo(station.live, () => undefined);
    undo.watch(directory, envelope);
    await new Promise((resolve) => setTimeout(resolve, 20));
    undo.leave(directory);
    leaveBehind();
    undo.look();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([station.starts, ends()]).toEqual([0, [[]]]);
  });
});

test('what an act left for good is shown, but no handset is opened and nothing is written for it', async () => {
  const writer = write(directory);
  const undo = [{ type: 'remove-named-report' }] as const;
  const begun = must(
    writer.beginChange({
      handset: 'H1',
      serial: 's1',
      act: 'A1',
      identity: null,
      command: 'bugreportz -p',
      reason: 'bug-report',
      undo,
    }),
  );
  must(writer.endChange(begun, { outcome: 'left', why: 'report-not-taken' }));
  const station = workstation();
  station.present.add('s1');
  const handsets = must(await station.live.handsets());
  // The case is being written by somebody else meanwhile: whoever wants to write it as well is refused.
  for (const serial of [null, 's1', 's2']) {
    const shown = must(await undoChanges(directory, serial, handsets, quickConduct(envelope)));
    expect(shown.map(({ id }) => id)).toEqual(serial === 's2' ? [] : [begun.id]);
  }
  writer.close();
  const watching = new OutstandingUndo(station.live, () => undefined);
  watching.watch(directory, envelope);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([station.starts, station.sent, ends()]).toEqual([1, [], [['left']]]);
});

describe('custody names who acts when something is taken back', () => {
  const signed = (): readonly string[] =>
    must(readCase(directory, (reader) => ok(reader.custody())))
      .filter(({ action }) => action === 'handset-change-undone')
      .map(({ actor }) => actor);

  test('the one named since the case was opened, even while the adb server starts', async () => {
    leaveBehind();
    const { live, present } = workstation();
    present.add('s1');
    const undo = new OutstandingUndo(
      {
        handsets: () => {
          undo.actsNow(directory, { actor: 'Wu Mei-ling', language: 'en' });
          return live.handsets();
        },
      },
      () => undefined,
    );
    undo.watch(directory, envelope);
    await settled(() => signed().length > 0);
    expect(signed()).toEqual(['Wu Mei-ling']);
  });

  test('the person at the command line (`undo --as`)', async () => {
    leaveBehind();
    const { live, present } = workstation();
    present.add('s1');
    const conduct = { ...quickConduct(envelope), actor: 'Chen' };
    must(await undoChanges(directory, null, must(await live.handsets()), conduct));
    expect(signed()).toEqual(['Chen']);
  });

  test('nobody, where the case was closed while the adb server started', async () => {
    leaveBehind();
    const { live, present, sent } = workstation();
    present.add('s1');
    const asked: string[] = [];
    const undo = new OutstandingUndo(
      {
        handsets: () => {
          asked.push('handsets');
          undo.leave(directory);
          undo.actsNow(directory, { actor: 'Wu Mei-ling', language: 'en' });
          return live.handsets();
        },
      },
      () => undefined,
    );
    undo.watch(directory, envelope);
    await settled(() => asked.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([ends(), sent]).toEqual([[[]], []]);
  });
});

test('what a running act has in hand is not outstanding until it is over', () => {
  const writer = write(directory);
  const changes = new RecordedChanges(writer, { act: 'A1', handset: 'H1', serial: 's1' }, { lang: 'en' });
  changes.record({ ...change, state: 'begun' });
  const count = (): number => must(readCase(directory, (reader) => ok(outstandingChanges(reader).length)));
  expect(count()).toBe(0);
  changes.close();
  expect(count()).toBe(1);
  writer.close();
});
