import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HostContext } from '../../main/workflow/host/host-context.ts';
import { handsetHandlers } from '../../main/workflow/host/handsets.ts';
import { LiveHandsetsService } from '../../main/workflow/host/live-handsets.ts';
import { openBench, until, valueOf } from './handset-bench.ts';
import type { Bench } from './handset-bench.ts';

let bench: Bench;
let folder = '';
let service: LiveHandsetsService;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handsight-live-'));
  process.env['XDG_DATA_HOME'] = folder;
  // The bench's server is the one that somebody else runs, where adb usually listens.
  bench = await openBench();
  service = new LiveHandsetsService(null, () => undefined, bench.server.endpoint() ?? { host: '', port: 0 });
});
afterAll(async () => {
  await service.stop();
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a foreign server that holds handsets is told beside ours, used when asked, and left running', async () => {
  const handset = await bench.plug('modern-locked');
  await bench.link(handset);
  const { host, port } = bench.server.endpoint() ?? { host: '', port: 0 };
  const ours = valueOf(await service.live());
  expect(ours.handsets).toEqual([]);
  expect(ours.adb).toMatchObject({ ready: true, ownership: 'ours' });
  expect(ours.adb.foreign).toEqual({
    server: `${host}:${port}`,
    version: String(bench.server.version),
    serials: [handset.address],
  });

  const found = valueOf(await service.use('found'));
  expect(found.adb).toMatchObject({ ready: true, ownership: 'found', server: `${host}:${port}`, foreign: null });
  expect(found.handsets).toMatchObject([{ serial: handset.address, state: 'device' }]);

  const again = valueOf(await service.use('ours'));
  expect(again.adb).toMatchObject({ ownership: 'ours', foreign: { serials: [handset.address] } });
  expect(valueOf(await bench.directory.list())).toHaveLength(1);
});

test('no other server is chosen while a task works with handsets, nor one that does not answer', async () => {
  const running = { kind: 'capture', endedAt: null };
  const context = { live: service, tasks: { list: () => [running] } } as unknown as HostContext;
  const envelope = { actor: null, language: 'en' } as const;
  const asked = await handsetHandlers(context)['handsets.use-server']({ use: 'found' }, envelope);
  expect(asked).toMatchObject({ ok: false, problem: { code: 'server-in-use' } });
  const nobody = new LiveHandsetsService(null, () => undefined, { host: '127.0.0.1', port: 9 });
  expect(await nobody.use('found')).toMatchObject({ ok: false, problem: { code: 'SERVER_DOWN' } });
  await until(async () => (await service.state()).ownership === 'ours');
});
