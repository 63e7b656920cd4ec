import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCase, openCaseForReading } from '../../main/evidence/open-case.ts';
import { firstFailure, verifyCase } from '../../main/evidence/verify.ts';
import { acquireSnapshot } from '../../main/workflow/acquire-snapshot.ts';
import { openHandsets } from '../../main/workflow/handset-session.ts';
import { openBench, until, valueOf } from '../integration/handset-bench.ts';
import { startHandsets } from './handset-children.ts';

const twenty = 20;

test('twenty handsets at once into one case: each is acquired whole, nothing is mixed up', async () => {
  const bench = await openBench();
  const handsets = await startHandsets({ persona: 'modern-rooted', handsets: twenty });
  const directory = join(bench.folder, 'twenty.handsight');
  const writer = valueOf(createCase(directory, { number: '1', title: 'twenty', examiner: 'Lin', synthetic: true }));
  for (const serial of handsets.addresses) valueOf(writer.addHandset({ label: serial, serial, role: 'exhibit' }));
  writer.close();
  for (const address of handsets.addresses) valueOf(await bench.directory.attach(address));
  await until(async () => {
    const listed = valueOf(await bench.directory.list());
    return listed.filter(({ state }) => state === 'device').length === twenty;
  }, 60_000);
  const endpoint = bench.server.endpoint();
  if (endpoint === null) throw new Error('the server is down');
  const session = valueOf(await openHandsets({ adbPath: null, remember: false, lang: 'en', running: endpoint }));
  const conduct = {
    actor: null,
    lang: 'en',
    signal: new AbortController().signal,
    progress: () => undefined,
  } as const;
  const done = await Promise.all(
    handsets.addresses.map((serial, at) =>
      acquireSnapshot(
        directory,
        { serial, handset: `H${at + 1}`, label: `phone-${at + 1}`, run: null, profile: 'quick' },
        session,
        conduct,
      ),
    ),
  );
  for (const [at, result] of done.entries()) {
    expect(valueOf(result).acquisition).toMatchObject({
      handset: `H${at + 1}`,
      serial: handsets.addresses[at],
      outcome: 'complete',
    });
  }
  const reader = valueOf(openCaseForReading(directory));
  const perHandset = reader.handsets().map(({ id }) => {
    const exhibits = reader.exhibits({ handset: id });
    expect(new Set(exhibits.map(({ acquisition }) => acquisition)).size).toBe(1);
    expect(exhibits.every(({ label }) => label === `phone-${id.slice(1)}`)).toBe(true);
    return exhibits.length;
  });
  reader.close();
  expect(perHandset).toHaveLength(twenty);
  expect(new Set(perHandset).size).toBe(1);
  expect(firstFailure(valueOf(await verifyCase(directory)))).toBeNull();
  handsets.end();
  await bench.close();
});
