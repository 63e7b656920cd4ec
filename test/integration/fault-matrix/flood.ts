import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { expect } from 'vitest';
import { handsetCanary } from '../../../main/capture/canary.ts';
import { captureWithTcpdump } from '../../../main/capture/capture-tcpdump.ts';
import type { CaptureEvent, CaptureRun } from '../../../main/capture/capture-types.ts';
import { PcapBoundaries } from '../../../main/capture/pcap-boundaries.ts';
import type { SimulatedHandset } from '../../handset-simulator/handset.ts';
import type { Bench } from '../handset-bench.ts';
import { valueOf } from '../handset-bench.ts';
import type { Cell } from './rows.ts';
import { capture, expectIntact, inScene, keptIn } from './scene.ts';
import type { Scene } from './scene.ts';

/** A program of its own, so that it goes on as fast as it can however busy the capture is; the end of its input ends it. */
const flooding = `
const socket = require('node:dgram').createSocket('udp4');
const payload = 'handsight endless datagram '.padEnd(64, 'x');
const more = () => {
  for (let i = 1; i < 20; i += 1) socket.send(payload, 47125, '127.0.0.1');
  socket.send(payload, 47125, '127.0.0.1', () => setImmediate(more));
};
socket.bind(0, process.argv[1], () => { more(); console.log('begun'); });
process.stdin.on('end', () => process.exit(0)).resume();
`;
const words = 'handsight endless datagram ';

/** Datagrams from the handset's loopback address, without end, from before `act` runs to after it. */
async function flooded(handset: SimulatedHandset, act: () => Promise<void>): Promise<void> {
  const program = spawn(process.execPath, ['-e', flooding, handset.device.loopbackAddress], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = once(program, 'exit');
  // As fast as it can, and not at the cost of what else runs here.
  if (program.pid !== undefined) setPriority(program.pid, 10);
  try {
    await once(program.stdout, 'data');
    await act();
    // It had no end of its own.
    expect(program.exitCode).toBeNull();
  } finally {
    program.stdin.end();
    await ended;
  }
}

function boundariesOf(bytes: Buffer): PcapBoundaries {
  const boundaries = new PcapBoundaries();
  boundaries.push(bytes);
  return boundaries;
}

/**
 * What is promised of a capture that was told to end while packets came faster than they could be taken away: one segment; what
 * the kernel dropped, and the one packet whose write the signal may have interrupted, is counted and makes the run unfit.
 */
function expectHonestEnd({ scene, run, bytes }: { scene: Scene; run: CaptureRun; bytes: Buffer }): void {
  expect(run.segments).toHaveLength(1);
  expect(run.gaps).toEqual([]);
  const [segment] = run.segments;
  const seen = boundariesOf(bytes);
  expect(segment).toMatchObject({
    exitCode: 0,
    problem: null,
    bytes: bytes.length,
    packets: seen.packets,
    boundaryBytes: seen.boundaryBytes,
  });
  expect(seen.violation).toBeNull();
  expect(bytes.includes(words)).toBe(true);
  const missing = (segment?.totals?.captured ?? -1) - seen.packets;
  expect([0, 1]).toContain(missing);
  const ends = seen.atBoundary ? ['complete', 'truncated'] : ['cut-in-record', 'cut-in-record'];
  expect(segment?.end).toBe(ends[missing]);
  const dropped = segment?.totals?.droppedByKernel ?? 0;
  const faults = [
    ...(missing > 0 ? [`tcpdump captured ${seen.packets + missing} packets, ${seen.packets} arrived`] : []),
    ...(dropped > 0 ? [`${dropped} packets were dropped on the handset`] : []),
  ];
  if (seen.atBoundary) expect(segment?.fault).toBe(faults.length === 0 ? null : faults.join('; '));
  const found = run.canaries.filter(({ foundAtBytes }) => foundAtBytes !== null).map(({ when }) => when);
  expect(run.canaries.map(({ when }) => when)).toEqual(['begin', 'end']);
  expect(run.fitForAbsence).toBe(segment?.end === 'complete' && dropped === 0 && found.length === 2);
  expect(scene.handset.device.processes.size).toBe(0);
}

/** The gaps that are told to the person, by the numbers of the run. */
function toldOf({ segments, canaries }: CaptureRun, gaps: readonly string[]): void {
  const [segment] = segments;
  const missing = (segment?.totals?.captured ?? 0) - (segment?.packets ?? 0);
  const dropped = segment?.totals?.droppedByKernel ?? 0;
  const told = (part: string): boolean => gaps.some((gap) => gap.includes(part));
  expect(told('segment 1: The end is missing')).toBe(segment?.end === 'truncated');
  expect(told('recorded did not arrive')).toBe(missing > 0);
  expect(told('dropped on the handset before ')).toBe(dropped > 0);
  if (dropped > 0) {
    const written = new Intl.NumberFormat('en').format(dropped);
    expect(told(`${written} packet`)).toBe(true);
  }
  expect(told('control request (at the beginning): not found')).toBe(canaries[0]?.foundAtBytes === null);
  expect(told('control request (at the end): not found')).toBe(canaries[1]?.foundAtBytes === null);
}

/** The traffic is over: the same handset is captured from again, whole. */
async function expectNextWhole(scene: Scene): Promise<void> {
  const { run } = valueOf(await capture(scene, { seconds: 1 }));
  expect(run).toMatchObject({ stoppedBy: 'seconds', segments: [{ end: 'complete', exitCode: 0, fault: null }] });
  expect(scene.handset.device.processes.size).toBe(0);
}

interface Ending {
  readonly seconds?: number;
  /** Told each event of the capture. */
  readonly stop?: (event: CaptureEvent, abort: () => void) => void;
  readonly stoppedBy: CaptureRun['stoppedBy'];
}

async function floodedCapture(bench: Bench, { seconds, stop, stoppedBy }: Ending): Promise<void> {
  await inScene(bench, { persona: 'modern-rooted' }, async (scene) => {
    const person = new AbortController();
    await flooded(scene.handset, async () => {
      const done = await capture(scene, {
        signal: person.signal,
        ...(seconds === undefined ? {} : { seconds }),
        onEvent: (event) => stop?.(event, () => person.abort()),
      });
      const { run, gaps, exhibits } = valueOf(done);
      expect(run.stoppedBy).toBe(stoppedBy);
      const [kept] = keptIn(scene.directory).filter(({ exhibit }) => exhibit.kind === 'capture');
      expectHonestEnd({ scene, run, bytes: kept?.bytes ?? Buffer.alloc(0) });
      toldOf(run, gaps);
      const [segment] = run.segments;
      expect(exhibits).toHaveLength(1);
      expect(kept?.exhibit).toMatchObject({
        outcome: segment?.end === 'complete' ? 'read' : 'interrupted',
        fault: segment?.fault,
        origin: {
          end: segment?.end,
          packetsCaptured: segment?.totals?.captured,
          packetsDroppedByKernel: segment?.totals?.droppedByKernel,
        },
      });
    });
    await expectNextWhole(scene);
    await expectIntact(scene.directory);
  });
}

/** The limit of bytes belongs to the capture itself: what it keeps is looked at where it arrives. */
async function endedByBytes(bench: Bench): Promise<void> {
  await inScene(bench, { persona: 'modern-rooted' }, async (scene) => {
    const maxBytes = 3_000_000;
    const parts: Buffer[] = [];
    await flooded(scene.handset, async () => {
      const captured = await captureWithTcpdump(scene.link, {
        maxBytes,
        canary: handsetCanary(scene.link, () => undefined),
        store: {
          begin: () => ({
            write: (chunk) => void parts.push(Buffer.from(chunk)),
            checkpoint: () => undefined,
          }),
          end: () => undefined,
        },
      });
      const run = valueOf(captured);
      expect(run.stoppedBy).toBe('max-bytes');
      const bytes = Buffer.concat(parts);
      expect(bytes.length).toBeGreaterThanOrEqual(maxBytes);
      expectHonestEnd({ scene, run, bytes });
    });
    await expectNextWhole(scene);
  });
}

/** A capture that has no end of its own, of traffic that has none: it ends when it is told to. */
export const endlessCapture: Cell = {
  tries: {
    'ended by its seconds': (bench) => floodedCapture(bench, { seconds: 1, stoppedBy: 'seconds' }),
    'ended by the person': (bench) =>
      floodedCapture(bench, {
        stop: (event, abort) => {
          if (event.type === 'position' && event.position.offsetBytes > 3_000_000) abort();
        },
        stoppedBy: 'signal',
      }),
    'ended by a limit of bytes': endedByBytes,
  },
};
