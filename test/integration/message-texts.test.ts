import { afterAll, beforeAll, expect, test } from 'vitest';
import { acquireSnapshot } from '../../main/workflow/acquire-snapshot.ts';
import { analyseCase } from '../../main/workflow/analyse.ts';
import { readCase } from '../../main/workflow/case-session.ts';
import type { Conduct } from '../../main/workflow/conduct.ts';
import { listCase } from '../../main/workflow/query-case.ts';
import { ok } from '../../shared/model/problem.ts';
import { expectIntact, inScene } from './fault-matrix/scene.ts';
import { openBench, valueOf } from './handset-bench.ts';
import type { Bench } from './handset-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => {
  await bench.close();
});

/** One acquisition of one's own selection, read back: what was said before, custody, and the messages as listed and in full. */
async function asked(persona: string, collectors: readonly string[]) {
  const notices: string[] = [];
  const found = { notices, notes: [] as string[], gaps: [] as string[], listed: '', full: [] as unknown[], sent: '' };
  await inScene(bench, { persona }, async ({ handset, handsets, directory }) => {
    const conduct: Conduct = {
      actor: null,
      lang: 'en',
      signal: new AbortController().signal,
      progress: () => undefined,
      notice: (text) => void notices.push(text),
    };
    const wish = { serial: handset.address, handset: 'H1', label: 'x', run: null, profile: 'own', collectors } as const;
    valueOf(await acquireSnapshot(directory, wish, handsets, conduct));
    found.gaps.push(...valueOf(await analyseCase(directory, { workers: 1 }, conduct)).gaps);
    const list = async (texts: boolean) =>
      valueOf(await listCase(directory, 'records', { label: null, run: null, texts }, conduct));
    found.listed = JSON.stringify(await list(false));
    for (const one of await list(true))
      if (one.kind === 'fact' && one.topic === 'message-text') found.full.push([one.name, one.value]);
    const custody = valueOf(readCase(directory, (reader) => ok(reader.custody())));
    found.notes.push(...custody.flatMap(({ action, note }) => (action === 'message-texts-asked' ? [note ?? ''] : [])));
    found.sent = valueOf(
      readCase(directory, (reader) =>
        ok(
          reader
            .exhibits()
            .map(({ originalName }) => originalName)
            .join(' '),
        ),
      ),
    );
    await expectIntact(directory);
  });
  return found;
}

test('texts come whole in hexadecimal, are told before, stand in custody, and are masked in lists', async () => {
  const { notices, notes, listed, full, gaps } = await asked('modern-rooted', ['message-texts']);
  expect(notices[0]).toContain('words of everyone who wrote');
  expect(notices[1]).toContain('No intake of H1 confirms');
  expect(notes).toEqual(['A1: chosen by name; authority to examine not confirmed at intake']);
  expect(full).toEqual([
    ['received/4/Example Bank', 'Your code is 482915, valid for five minutes. 請勿告知他人。'],
    [
      'received/3/+861••••••••00',
      'first line\nRow: 2 _id=99, date=1, type=2, hex(address)=41, hex(body)=42\nlast line, body=no body',
    ],
    ['received/2/1069••00', ''],
    ['sent/1/+861••••••••00', ''],
  ]);
  expect(listed).toContain('received/4/Example Bank');
  expect(listed).not.toContain('482915');
  expect(listed).not.toContain('last line');
  expect(gaps.join('\n')).not.toContain('rows are told');
});

test('where no expression is taken they are asked for as they are, and an imitated row is marked', async () => {
  const { full, gaps, listed } = await asked('hostile', ['message-texts']);
  expect(gaps.join('\n')).toContain('rows are told by their numbers alone');
  expect(full.map((one) => (one as string[])[0])).toEqual([
    'received/12/+155•••00/doubtful',
    'sent/66/+155•••99/doubtful',
    'received/10/+155•••02/doubtful',
    'received/9/+155•••03',
  ]);
  expect(listed).not.toContain('the phone never sent this');
});

test('nobody who does not name them gets them', async () => {
  const { full, notes, notices, sent } = await asked('modern-rooted', ['message-log']);
  expect([full, notes]).toEqual([[], []]);
  expect(notices.join('\n')).not.toContain('words of everyone');
  expect(sent).toContain('content-sms');
  expect(sent).not.toContain('body');
});
