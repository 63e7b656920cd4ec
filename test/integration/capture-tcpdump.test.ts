import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handsetCanary } from '../../main/capture/canary.ts';
import { captureWithTcpdump } from '../../main/capture/capture-tcpdump.ts';
import type { TcpdumpCaptureOptions } from '../../main/capture/capture-tcpdump.ts';
import type { CaptureEvent, CaptureSegment, CaptureStore } from '../../main/capture/capture-types.ts';
import type { HandsetLink } from '../../main/handset/link.ts';
import { undoLine } from '../../shared/model/handset-change.ts';
import type { HandsetChange } from '../../shared/model/handset-change.ts';
import type { CapturePosition } from '../../shared/model/exhibit.ts';
import type { SimulatedHandset } from '../handset-simulator/handset.ts';
import { openBench, until, valueOf } from './handset-bench.ts';
import type { Bench } from './handset-bench.ts';

let bench: Bench;
let folder = '';
beforeAll(async () => {
  bench = await openBench();
  folder = mkdtempSync(join(tmpdir(), 'handsight-capture-'));
});
afterAll(async () => {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
});

interface MemoryStore extends CaptureStore {
  readonly files: Buffer[][];
  readonly ended: CaptureSegment[];
  readonly checkpoints: CapturePosition[];
}

function memoryStore(): MemoryStore {
  const files: Buffer[][] = [];
  const ended: CaptureSegment[] = [];
  const checkpoints: CapturePosition[] = [];
  return {
    files,
    ended,
    checkpoints,
    begin: () => {
      const chunks: Buffer[] = [];
      files.push(chunks);
      return {
        write: (chunk) => void chunks.push(Buffer.from(chunk)),
        checkpoint: (position) => void checkpoints.push(position),
      };
    },
    end: (segment) => void ended.push(segment),
  };
}

/** Packets as Wireshark's own command line sees them. */
function tsharkFrames(bytes: Buffer, filter: string): string[] {
  const file = join(folder, `${Math.random()}.pcap`);
  writeFileSync(file, bytes);
  const out = execFileSync('tshark', ['-r', file, '-Y', filter, '-T', 'fields', '-e', 'frame.number'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return out.toString().split('\n').filter(Boolean);
}

/** Sends numbered datagrams from the handset's loopback address, which is what the persona's tcpdump captures. */
async function sendDatagrams(handset: SimulatedHandset, count: number): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, handset.device.loopbackAddress, resolve));
  for (let i = 0; i < count; i += 1) {
    await new Promise((resolve) => socket.send(`handsight test datagram ${i}`, 47_123, '127.0.0.1', resolve));
    if (i % 20 === 19) await sleep(5);
  }
  socket.close();
}

interface Started {
  readonly handset: SimulatedHandset;
  readonly link: HandsetLink;
  readonly store: MemoryStore;
  readonly events: CaptureEvent[];
  readonly changes: HandsetChange[];
  readonly stop: AbortController;
  readonly done: ReturnType<typeof captureWithTcpdump>;
}

async function start(
  options: Partial<TcpdumpCaptureOptions> = {},
  persona = 'modern-rooted',
  withCanary = true,
): Promise<Started> {
  const handset = await bench.plug(persona);
  const link = await bench.link(handset);
  const store = memoryStore();
  const events: CaptureEvent[] = [];
  const changes: HandsetChange[] = [];
  const stop = new AbortController();
  const done = captureWithTcpdump(link, {
    store,
    signal: stop.signal,
    canary: withCanary ? handsetCanary(link, (change) => void changes.push(change)) : null,
    onEvent: (event) => void events.push(event),
    positionEveryMs: 200,
    ...options,
  });
  return { handset, link, store, events, changes, stop, done };
}

const begun = (events: readonly CaptureEvent[], type: CaptureEvent['type'], count = 1): boolean =>
  events.filter((event) => event.type === type).length >= count;

describe('live capture over the real adb server, with the real tcpdump behind the handset', () => {
  test('complete: every datagram is there, totals agree, both canaries are found', async () => {
    const { handset, link, store, events, changes, stop, done } = await start();
    await until(() => begun(events, 'canary'), 20_000);
    await sendDatagrams(handset, 200);
    await sleep(700);
    stop.abort();
    const run = valueOf(await done);
    const [segment] = run.segments;
    const bytes = Buffer.concat(store.files[0] ?? []);
    expect(segment).toMatchObject({
      end: 'complete',
      fault: null,
      exitCode: 0,
      problem: null,
      bytes: bytes.length,
      boundaryBytes: bytes.length,
    });
    expect(segment?.totals).toMatchObject({ captured: segment?.packets, droppedByKernel: 0 });
    expect(tsharkFrames(bytes, 'frame')).toHaveLength(segment?.packets ?? -1);
    // Each datagram is seen once leaving and once arriving on «any».
    expect(
      tsharkFrames(bytes, 'udp.dstport == 47123 && frame contains "handsight test datagram"').length,
    ).toBeGreaterThanOrEqual(200);
    expect(run).toMatchObject({ stoppedBy: 'signal', gaps: [], fitForAbsence: true });
    expect(run.canaries.map((canary) => [canary.when, canary.problem])).toEqual([
      ['begin', null],
      ['end', null],
    ]);
    for (const canary of run.canaries) {
      const at = canary.foundAtBytes ?? -1;
      expect(at).toBeGreaterThan(24);
      const raw = bytes.subarray(at, at + 32);
      expect(
        raw.toString('latin1') === canary.nonceHex || raw.subarray(0, 16).toString('hex') === canary.nonceHex,
      ).toBe(true);
    }
    expect(store.checkpoints.length).toBeGreaterThanOrEqual(3);
    const positions = segment?.positions ?? [];
    expect(positions.at(-1)).toMatchObject({ offsetBytes: bytes.length, packets: segment?.packets });
    expect(positions.every((p, i) => i === 0 || p.offsetBytes >= (positions[i - 1]?.offsetBytes ?? 0))).toBe(true);
    expect(positions[0]?.handsetAt).not.toBeNull();
    expect(run.clocks).toHaveLength(2);
    expect(segment?.standardError.toString()).toMatch(/^PID \d+/);
    expect(valueOf(await link.reverse.list())).toEqual([]);
    // A reverse rule for each canary: told before it was asked for, and taken back.
    expect(changes.map(({ state, reason, why }) => [state, reason, why])).toEqual(
      ['begun', 'made', 'undone', 'begun', 'made', 'undone'].map((state) => [state, 'canary', null]),
    );
    const sent = link.journal
      .map((entry) => entry.service)
      .filter((service) => /^reverse:(forward|kill)/.test(service));
    const told = changes.filter(({ state }) => state !== 'made');
    expect(sent).toEqual(told.map(({ state, command, undo }) => (state === 'begun' ? command : undoLine(undo))));
    expect(link.journal.some((entry) => /kill -INT \d+/.test(entry.service))).toBe(true);
    await handset.close();
  });

  test('ends after so many seconds by itself', async () => {
    const { handset, store, done } = await start({ seconds: 1 }, 'modern-rooted', false);
    const run = valueOf(await done);
    expect(run).toMatchObject({ stoppedBy: 'seconds', fitForAbsence: false, canaries: [] });
    expect(run.segments).toMatchObject([{ end: 'complete', exitCode: 0 }]);
    expect(tsharkFrames(Buffer.concat(store.files[0] ?? []), 'frame')).toHaveLength(run.segments[0]?.packets ?? -1);
    await handset.close();
  });

  test('the cable pulled in the middle: never complete; the next segment begins, and the gap is recorded', async () => {
    const { handset, store, events, stop, done } = await start({ reconnectWithinMs: 20_000 }, 'modern-rooted', false);
    await until(() => begun(events, 'listening'), 20_000);
    await sendDatagrams(handset, 50);
    await until(() => (store.files[0] ?? []).reduce((sum, chunk) => sum + chunk.length, 0) > 2000);
    await handset.unplug();
    await until(() => begun(events, 'segment-ended'), 20_000);
    await handset.replug();
    valueOf(await bench.directory.attach(handset.address));
    await until(() => begun(events, 'listening', 2), 20_000);
    await sendDatagrams(handset, 30);
    await sleep(500);
    stop.abort();
    const run = valueOf(await done);
    expect(run.segments).toHaveLength(2);
    const [first, second] = run.segments;
    expect(first?.end === 'truncated' || first?.end === 'cut-in-record').toBe(true);
    expect(first).toMatchObject({ totals: null, exitCode: null, problem: { code: 'TRUNCATED' } });
    const kept = Buffer.concat(store.files[0] ?? []);
    expect(first?.bytes).toBe(kept.length);
    expect(tsharkFrames(kept.subarray(0, first?.boundaryBytes), 'frame')).toHaveLength(first?.packets ?? -1);
    expect(second).toMatchObject({ segment: 2, end: 'complete' });
    expect(
      tsharkFrames(Buffer.concat(store.files[1] ?? []), 'frame contains "handsight test datagram"').length,
    ).toBeGreaterThanOrEqual(30);
    expect(run.gaps).toMatchObject([{ afterSegment: 1, resumedAt: expect.any(String) }]);
    expect(run.fitForAbsence).toBe(false);
    expect(store.ended.map((segment) => segment.segment)).toEqual([1, 2]);
    await handset.close();
  });

  test('a handset that does not come back ends the run, and says so', async () => {
    const { handset, events, done } = await start({ reconnectWithinMs: 600 }, 'modern-rooted', false);
    await until(() => begun(events, 'listening'), 20_000);
    await handset.unplug();
    const run = valueOf(await done);
    expect(run).toMatchObject({ stoppedBy: 'handset-lost', gaps: [{ afterSegment: 1, resumedAt: null }] });
    expect(run.segments[0]?.end).not.toBe('complete');
    await handset.close();
  });

  test('cut inside a record: the bytes are kept as they came, the boundary is known', async () => {
    const { handset, store, events, done } = await start({ reconnectWithinMs: 0 }, 'modern-rooted', false);
    await until(() => begun(events, 'listening'), 20_000);
    // File header and shell frames pass; then the stream dies in the middle of the first packets.
    handset.addFault({ service: 'tcpdump', afterBytes: 333, action: 'unplug' });
    await sendDatagrams(handset, 50);
    const run = valueOf(await done);
    const [segment] = run.segments;
    const kept = Buffer.concat(store.files[0] ?? []);
    expect(segment?.bytes).toBe(kept.length);
    expect(segment?.end).toBe(kept.length === segment?.boundaryBytes ? 'truncated' : 'cut-in-record');
    expect(segment?.fault).toContain('TRUNCATED');
    await handset.close();
  });

  test('a store that fails stops tcpdump and the error comes out', async () => {
    const failing: CaptureStore = {
      begin: () => ({
        write: () => {
          throw new Error('ENOSPC: no space left on device');
        },
        checkpoint: () => undefined,
      }),
      end: () => undefined,
    };
    const { handset, done } = await start({ store: failing }, 'modern-rooted', false);
    await expect(done).rejects.toThrow('ENOSPC');
    await until(() => handset.device.processes.size === 0);
    await handset.close();
  });

  test.each([
    ['modern-locked', 'needs root'],
    ['founding-before', 'shell v2'],
  ])('%s: refused, and nothing is begun', async (persona, words) => {
    const { handset, store, done } = await start({}, persona);
    const refused = await done;
    expect(refused).toMatchObject({ ok: false, problem: { code: 'REFUSED', detail: expect.stringContaining(words) } });
    expect(store.files).toEqual([]);
    await handset.close();
  });

  test("no tcpdump on the handset: NOT_FOUND, the shell's words are kept, and nothing counts as captured", async () => {
    const handset = await bench.plug('modern-rooted');
    const link = await bench.link(handset);
    handset.addOverride({
      match: /tcpdump/,
      stderr: 'PID 77\n/system/bin/sh: tcpdump: inaccessible or not found\n',
      exitCode: 127,
    });
    const store = memoryStore();
    const result = await captureWithTcpdump(link, { store, canary: null, seconds: 5 });
    expect(result).toMatchObject({ ok: false, problem: { code: 'NOT_FOUND' } });
    expect(store.ended).toMatchObject([{ end: 'process-failed', packets: 0 }]);
    await handset.close();
  });

  test('a hostile tcpdump that ends by itself with status 0 and false totals is not complete', async () => {
    const handset = await bench.plug('modern-rooted');
    const link = await bench.link(handset);
    const header = Buffer.alloc(24);
    header.writeUInt32LE(0xa1b2c3d4, 0);
    header.writeUInt32LE(262_144, 16);
    header.writeUInt32LE(276, 20);
    handset.addOverride({
      match: /tcpdump/,
      stdout: header,
      stderr: 'PID 77\nlistening on any\n9 packets captured\n',
      exitCode: 0,
    });
    const run = valueOf(await captureWithTcpdump(link, { store: memoryStore(), canary: null, seconds: 5 }));
    expect(run).toMatchObject({
      stoppedBy: 'process-ended',
      fitForAbsence: false,
      segments: [{ end: 'truncated', packets: 0 }],
    });
    await handset.close();
  });
});
