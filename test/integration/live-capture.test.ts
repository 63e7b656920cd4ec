import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { CaptureEvent } from '../../main/capture/capture-types.ts';
import type { LiveSight } from '../../shared/model/live-sight.ts';
import { readChangeNote } from '../../shared/model/handset-change.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { readCase } from '../../main/workflow/case-session.ts';
import { captureTraffic } from '../../main/workflow/capture-traffic.ts';
import type { Handsets } from '../../main/workflow/handset-session.ts';
import { listCase } from '../../main/workflow/query-case.ts';
import { writeCase } from '../../main/workflow/case-session.ts';
import { addEvent } from '../../main/workflow/open-case.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExhibitWriter } from '../../main/evidence/exhibit-writer.ts';
import { createCase } from '../../main/evidence/open-case.ts';
import type { SimulatedHandset } from '../handset-simulator/handset.ts';
import { imei } from './cli-bench.ts';
import { openBench, until, valueOf } from './handset-bench.ts';
import type { Bench } from './handset-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

/** The handset says something to a server and leaves the connection open. */
async function say(handset: SimulatedHandset, request: string): Promise<() => void> {
  const address = handset.device.loopbackAddress;
  const server = createServer((socket) => socket.on('error', () => undefined).resume());
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: address, port, localAddress: address });
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.write(request, () => resolve()));
  return () => {
    socket.destroy();
    server.close();
  };
}

test('an identifier is told while the capture runs and its connection is open; the analysis of the closed exhibit finds it there', async () => {
  const directory = join(bench.folder, 'live.handsight');
  const info = { number: '1', title: 'live', examiner: 'Lin', synthetic: true };
  const writer = valueOf(createCase(directory, info));
  valueOf(writer.addHandset({ label: 'phone', serial: null, role: 'exhibit' }));
  const value = { handset: 'H1', kind: 'imei', value: imei, original: imei, source: 'label', warnings: [] } as const;
  valueOf(writer.addIdentifier(value));
  writer.close();
  const handset = await bench.plug('modern-rooted');
  const link = await bench.link(handset);
  const stop = new AbortController();
  const sights: LiveSight[] = [];
  const events: CaptureEvent[] = [];
  const failures: string[] = [];
  let searchedBytes = 0;
  const conduct = { actor: null, lang: 'en', signal: stop.signal, progress: () => undefined } as const;
  const handsets = { open: () => Promise.resolve(ok(link)) } as unknown as Handsets;
  const wish = { serial: handset.address, handset: 'H1', label: 'before', run: null, seconds: null };
  const done = captureTraffic(directory, wish, handsets, conduct, {
    onEvent: (event) => void events.push(event),
    live: {
      onSights: (fresh) => void sights.push(...fresh),
      onState: (state) => (searchedBytes = state.searchedBytes),
      onFailure: (detail) => void failures.push(detail),
    },
  });
  await until(() => events.some(({ type }) => type === 'listening'), 30_000);
  const hangUp = await say(handset, `GET /a?imei=${imei} HTTP/1.1\r\nHost: api.account.example\r\n\r\n`);
  await until(() => sights.length > 0, 30_000);
  hangUp();
  expect(stop.signal.aborted).toBe(false);
  expect(events.some(({ type }) => type === 'segment-ended')).toBe(false);
  expect(sights[0]).toMatchObject({
    identifier: { id: 'I1', kind: 'imei' },
    representation: 'plain',
    channel: 'cleartext',
    direction: 'lan',
    host: 'api.account.example',
  });
  stop.abort();
  const captured = valueOf(await done);
  const noted = valueOf(readCase(directory, (reader) => ok(reader.custody()))).filter((one) =>
    one.action.startsWith('handset-change-'),
  );
  expect(noted.map(({ action }) => action.slice('handset-change-'.length))).toEqual([
    'begun',
    'undone',
    'begun',
    'undone',
  ]);
  expect(noted.map(({ note }) => readChangeNote(note ?? '')?.reason)).toEqual(Array(4).fill('canary'));
  const capture = captured.exhibits.find((one) => one.kind === 'capture');
  expect(capture?.outcome).toBe('read');
  expect(failures).toEqual([]);
  // Everything that was stored was looked at.
  expect(searchedBytes).toBe(capture?.bytes);
  // The capture's own signal has been given.
  const after = { ...conduct, signal: new AbortController().signal };
  const findings = valueOf(await listCase(directory, 'findings', { label: null, run: null }, after));
  const transmitted = findings.filter((one) => one.identifier?.id === 'I1' && one.channel === 'cleartext');
  expect(transmitted.map((one) => [one.frames[0]?.frame, one.at])).toContainEqual([sights[0]?.frame, sights[0]?.at]);
}, 120_000);

test('a clock measurement that finds no room is told while the capture runs, and the rest of the capture is recorded', async () => {
  const directory = join(bench.folder, 'unclocked.handsight');
  const info = { number: '3', title: 'unclocked', examiner: 'Lin', synthetic: true };
  const writer = valueOf(createCase(directory, info));
  valueOf(writer.addHandset({ label: 'phone', serial: null, role: 'exhibit' }));
  writer.close();
  const handset = await bench.plug('modern-rooted');
  const link = await bench.link(handset);
  const stop = new AbortController();
  const told: string[] = [];
  const conduct = {
    actor: null,
    lang: 'en',
    signal: stop.signal,
    progress: () => undefined,
    notice: (text: string) => void told.push(text),
  } as const;
  const handsets = { open: () => Promise.resolve(ok(link)) } as unknown as Handsets;
  const wish = { serial: handset.address, handset: 'H1', label: 'before', run: null, seconds: null };
  // A disk with room for everything but these few lines.
  const write = Reflect.get(ExhibitWriter.prototype, 'write');
  const full = vi.spyOn(ExhibitWriter.prototype, 'write').mockImplementation(function (this: ExhibitWriter, chunk) {
    return Buffer.from(chunk).includes('"offsetMs"') ? fail('disk-full', { path: this.path }) : write.call(this, chunk);
  });
  const events: CaptureEvent[] = [];
  try {
    const done = captureTraffic(directory, wish, handsets, conduct, { onEvent: (event) => void events.push(event) });
    await until(() => events.some(({ type }) => type === 'canary'), 30_000);
    const ofClock = told.filter((text) => text.includes('of the handset’s clock'));
    expect(ofClock).toEqual([expect.stringMatching(/cannot be stored for now.*The disk is full/)]);
    stop.abort();
    const captured = valueOf(await done);
    expect(captured.exhibits.map(({ outcome }) => outcome)).toEqual(['read']);
    expect(captured.gaps).toEqual([expect.stringMatching(/^2 measurements of the handset’s clock .*the disk is full/)]);
  } finally {
    full.mockRestore();
  }
  const recorded = valueOf(readCase(directory, (reader) => ok(reader.events())));
  expect(recorded.filter(({ kind }) => kind === 'canary')).toHaveLength(2);
}, 120_000);

test('acts stand on the clock of the packets, which the handset recorded by its own, 37.5 s fast: log and person alike', async () => {
  const directory = join(bench.folder, 'clocks.handsight');
  const info = { number: '2', title: 'clocks', examiner: 'Lin', synthetic: true };
  const writer = valueOf(createCase(directory, info));
  valueOf(writer.addHandset({ label: 'phone', serial: null, role: 'exhibit' }));
  const value = { handset: 'H1', kind: 'imei', value: imei, original: imei, source: 'label', warnings: [] } as const;
  valueOf(writer.addIdentifier(value));
  writer.close();
  const handset = await bench.plug('modern-rooted');
  const link = await bench.link(handset);
  const stop = new AbortController();
  const events: CaptureEvent[] = [];
  const conduct = { actor: null, lang: 'en', signal: stop.signal, progress: () => undefined } as const;
  const quiet = { ...conduct, signal: new AbortController().signal };
  const handsets = { open: () => Promise.resolve(ok(link)) } as unknown as Handsets;
  const owned = { handset: 'H1', label: 'before', run: 'R1' } as const;
  const done = captureTraffic(directory, { ...owned, serial: handset.address, seconds: null }, handsets, conduct, {
    onEvent: (event) => void events.push(event),
  });
  await until(() => events.some(({ type }) => type === 'canary'), 30_000);
  const hangUps: (() => void)[] = [];
  const sayAs = async (name: string): Promise<void> => {
    hangUps.push(await say(handset, `GET /${name}?imei=${imei} HTTP/1.1\r\nHost: api.account.example\r\n\r\n`));
    await sleep(700);
  };
  const saidMs = Date.now();
  await sayAs('a');
  // What the handset writes into its log now, by its own clock; the log tells the zone.
  const atHandset = new Date(handset.device.nowMs()).toISOString().replace('T', ' ').slice(0, 23);
  await sleep(700);
  await sayAs('b');
  const attestedAt = new Date().toISOString();
  await sleep(700);
  await sayAs('c');
  stop.abort();
  valueOf(await done);
  for (const hangUp of hangUps) hangUp();
  valueOf(addEvent(directory, { ...owned, kind: 'consent-act', at: attestedAt, text: 'terms accepted' }, quiet));
  const line = `${atHandset} +0000  1234  1234 I MxSettings: pref_key_enable_mx=true (user)\n`;
  valueOf(
    writeCase(directory, 'a log', quiet, (store) =>
      store.storeExhibit(
        Buffer.from(`--------- beginning of main\n${line}`),
        {
          ...owned,
          originalName: 'logcat.txt',
          kind: 'command-output',
          acquisition: null,
          collector: 'logcat',
          origin: {
            type: 'command',
            command: 'logcat -d -b main -v threadtime -v year -v zone',
            stream: 'stdout',
            protocol: 'shell-v2',
            exitStatus: 0,
            startedAt: new Date().toISOString(),
            endedAt: new Date().toISOString(),
            problem: null,
          },
        },
        { outcome: 'read', packets: null, fault: null },
      ),
    ),
  );
  const everything = { label: null, run: null };
  const sent = valueOf(await listCase(directory, 'findings', everything, quiet))
    .filter((one) => one.identifier?.id === 'I1' && one.at !== null)
    .toSorted((a, b) => ((a.at ?? '') < (b.at ?? '') ? -1 : 1));
  expect(sent.map(({ consent }) => consent)).toEqual(['before-any-act', 'after-act', 'after-act']);
  const acts = valueOf(await listCase(directory, 'events', everything, quiet)).filter(
    ({ kind }) => kind === 'consent-act',
  );
  const [logged, attested] = acts;
  expect(acts).toHaveLength(2);
  expect(logged).toMatchObject({ at: `${atHandset.replace(' ', 'T')}000Z`, boundMs: 1 });
  // Between the second request and the third, as it was.
  expect(attested?.atWorkstation).toBe(attestedAt.replace('Z', '000Z'));
  expect((attested?.at ?? '') > (sent[1]?.at ?? '~')).toBe(true);
  expect((attested?.at ?? '~') < (sent[2]?.at ?? '')).toBe(true);
  expect(attested?.boundMs).toBeLessThan(500);
  // The workstation's own instant stands beside that of the packet, in every list.
  const flows = valueOf(await listCase(directory, 'flows', everything, quiet));
  const requests = valueOf(await listCase(directory, 'messages', everything, quiet)).filter(
    (one) => one.kind === 'http-request' && one.uri.startsWith('/a?imei='),
  );
  const flow = flows.find(({ id }) => id === requests[0]?.flow);
  expect(requests).toHaveLength(1);
  for (const [at, second, boundMs] of [
    [sent[0]?.at, sent[0]?.atWorkstation, sent[0]?.atWorkstationBoundMs],
    [requests[0]?.at, requests[0]?.atWorkstation, requests[0]?.atWorkstationBoundMs],
    [flow?.firstPacketAt, flow?.firstPacketAtWorkstation, flow?.atWorkstationBoundMs],
  ]) {
    const bound = Number(boundMs);
    expect(bound).toBeLessThan(500);
    expect(Math.abs(Date.parse(String(at)) - Date.parse(String(second)) - 37_500)).toBeLessThan(bound + 2);
    expect(Date.parse(String(second))).toBeGreaterThanOrEqual(saidMs - bound - 1);
    expect(Date.parse(String(second))).toBeLessThanOrEqual(Date.parse(attestedAt) + bound);
  }
  // The measurements of start and end are evidence: an exhibit of their own.
  const clocks = valueOf(await listCase(directory, 'records', everything, quiet)).filter(
    (one) => one.kind === 'clock' && one.measuredAt !== undefined,
  );
  expect(clocks).toHaveLength(2);
  for (const one of clocks)
    if (one.kind === 'clock') expect(Math.abs(one.offsetMs - 37_500)).toBeLessThan(one.boundMs + 2);
}, 120_000);
