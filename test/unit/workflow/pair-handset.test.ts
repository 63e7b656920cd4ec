import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCase } from '../../../main/workflow/case-session.ts';
import { pairHandset } from '../../../main/workflow/pair-handset.ts';
import { readChangeNote } from '../../../shared/model/handset-change.ts';
import type { Result } from '../../../shared/model/problem.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import { must, newCase, temporaryFolder, write } from '../evidence/case-fixture.ts';

const conduct = { actor: null };
const wish = { address: '192.0.2.7:37123', code: '123456' };
const began =
  'pairing: adb pair 192.0.2.7:37123 (wireless pairing: the handset keeps the key of this workstation; undo: none)';

let folder: string;
let directory: string;
beforeEach(() => {
  folder = temporaryFolder();
  directory = path.join(folder, 'a');
  newCase(directory).close();
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const notes = (): string[][] =>
  must(readCase(directory, (reader) => ok(reader.custody())))
    .filter(({ action }) => action.startsWith('handset-') || action === 'adb-key-used')
    .map(({ action, note }) => [action, note ?? '']);

/** A workstation whose adb answers `answer`; `before` is what custody held when it was asked. */
function workstation(answer: Result<{ readonly said: string }>): {
  readonly asked: string[];
  before: string[][];
  readonly handsets: Parameters<typeof pairHandset>[0];
} {
  const state = {
    asked: [] as string[],
    before: [] as string[][],
    handsets: {
      keyFingerprint: () => 'ab'.repeat(32),
      pair: (address: string, code: string) => {
        state.asked.push(`${address} ${code}`);
        state.before = notes();
        return Promise.resolve(answer);
      },
    },
  };
  return state;
}

test.each([
  ['paired', ok({ said: 'Successfully paired' }), 'handset-change-stays', `${began}; left: as-announced`],
  ['refused', fail('pairing-refused'), 'handset-change-not-made', `${began}; left: pairing-refused`],
  ['too old', fail('pairing-unsupported'), 'handset-change-not-made', `${began}; left: pairing-unsupported`],
  ['no answer', fail('TIMEOUT'), 'handset-change-unclear', `${began}; left: TIMEOUT`],
] as const)('%s: in custody before anything is sent, and what became of it', async (_name, answer, action, end) => {
  const adb = workstation(answer);
  expect(await pairHandset(adb.handsets, wish, directory, conduct)).toEqual(answer);
  expect(adb.asked).toEqual(['192.0.2.7:37123 123456']);
  const before = [
    ['handset-change-begun', began],
    ['adb-key-used', `pairing: SHA-256 ${'ab'.repeat(32)}`],
  ];
  expect(adb.before).toEqual(before);
  expect(notes()).toEqual([...before, [action, end]]);
  expect(JSON.stringify(notes())).not.toContain('123456');
  expect(readChangeNote(end)).toMatchObject({ subject: 'pairing', reason: 'pairing', undo: 'none' });
});

test('where custody cannot be written nothing is sent', async () => {
  const adb = workstation(ok({ said: '' }));
  const other = write(directory);
  const done = await pairHandset(adb.handsets, wish, directory, conduct);
  other.close();
  expect(done).toMatchObject({ ok: false, problem: { code: 'case-locked' } });
  expect(adb.asked).toEqual([]);
});

test('without a case it is sent, and no case says so', async () => {
  const adb = workstation(ok({ said: '' }));
  expect(await pairHandset(adb.handsets, wish, null, conduct)).toMatchObject({ ok: true });
  expect(adb.asked).toHaveLength(1);
  expect(notes()).toEqual([]);
});

test('an address or a code that is none is neither noted nor sent', async () => {
  const adb = workstation(ok({ said: '' }));
  for (const wrong of [
    { ...wish, address: 'x y:1' },
    { ...wish, code: '12345' },
    { ...wish, code: '12:456' },
  ])
    expect(await pairHandset(adb.handsets, wrong, directory, conduct)).toMatchObject({
      ok: false,
      problem: { code: 'value-invalid' },
    });
  expect(adb.asked).toEqual([]);
  expect(notes()).toEqual([]);
});
