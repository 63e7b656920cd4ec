import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCase } from '../../main/evidence/open-case.ts';
import { LiveSearch } from '../../main/workflow/live-search.ts';
import type { LiveSight } from '../../shared/model/live-sight.ts';
import type { Result } from '../../shared/model/problem.ts';
import { writeBigCapture } from './big-capture.ts';

// A capture that arrives at a steady rate is written, hashed and made durable as a live capture is, and searched meanwhile:
// how long after its bytes arrived is an identifier told? HANDSIGHT_LIVE_MB and HANDSIGHT_LIVE_RATE (MB/s) change size and rate.
const megabytes = Number(process.env['HANDSIGHT_LIVE_MB'] ?? 600);
const rate = Number(process.env['HANDSIGHT_LIVE_RATE'] ?? 50);
const chunkBytes = 256 * 1024;
const checkpointMs = 1000;

const folder = mkdtempSync(join(tmpdir(), 'handsight-live-bench-'));
try {
  await measure();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}

/** Where each packet's record ends, by its number. */
function recordEnds(path: string, bytes: number): Float64Array {
  const file = openSync(path, 'r');
  const header = Buffer.alloc(16);
  const ends: number[] = [0];
  for (let at = 24; at + 16 <= bytes;) {
    readSync(file, header, 0, 16, at);
    at += 16 + header.readUInt32LE(8);
    ends.push(at);
  }
  closeSync(file);
  return Float64Array.from(ends);
}

async function measure(): Promise<void> {
  const path = join(folder, 'source.pcap');
  const capture = writeBigCapture(path, megabytes);
  const ends = recordEnds(path, capture.bytes);
  const info = { number: '1', title: 'bench', examiner: 'bench', synthetic: true };
  const writer = must(createCase(join(folder, 'case.handsight'), info));
  const exhibit = must(
    writer.beginExhibit({
      originalName: 'live.pcap',
      kind: 'capture',
      label: 'bench',
      handset: 'unassigned',
      run: null,
      acquisition: null,
      collector: null,
      origin: { type: 'workstation', note: 'bench' },
    }),
  );
  const identifiers = capture.identifiers.map(({ kind, value }, n) => ({
    id: `I${n + 1}`,
    handset: 'H1',
    kind,
    value,
  }));
  const told: { readonly sight: LiveSight; readonly atMs: number }[] = [];
  let worstBehind = 0;
  let ready = false;
  const live = new LiveSearch(identifiers, {
    onSights: (sights) => told.push(...sights.map((sight) => ({ sight, atMs: performance.now() }))),
    onState: ({ behindBytes }) => {
      ready = true;
      worstBehind = Math.max(worstBehind, behindBytes);
    },
    onFailure: (detail) => {
      throw new Error(detail);
    },
  });
  live.begin(exhibit.path);
  // The handset needs longer to begin than the thread: the file's header is there before the first packet.
  const source = openSync(path, 'r');
  const block = Buffer.alloc(chunkBytes);
  const arrivals: Arrival[] = [];
  let position = readSync(source, block, 0, 24, 0);
  must(exhibit.write(block.subarray(0, 24)));
  while (!ready) await sleep(10);
  const beginMs = performance.now();
  let savedMs = beginMs;
  let latestMs = 0;
  while (position < capture.bytes) {
    const dueMs = beginMs + (position / (rate * 1e6)) * 1000;
    const waitMs = dueMs - performance.now();
    if (waitMs > 1) await sleep(waitMs);
    latestMs = Math.max(latestMs, -waitMs);
    const bytes = readSync(source, block, 0, chunkBytes, position);
    must(exhibit.write(block.subarray(0, bytes)));
    position += bytes;
    arrivals.push({ end: position, atMs: performance.now() });
    if (performance.now() - savedMs >= checkpointMs) {
      must(exhibit.checkpoint());
      savedMs = performance.now();
    }
    await sleep(0);
  }
  const tookMs = performance.now() - beginMs;
  await live.end();
  closeSync(source);
  must(exhibit.abandon('bench'));
  writer.close();

  const delays = told
    .map(({ sight, atMs }) => atMs - arrivalOf(ends[sight.frame] ?? 0, arrivals))
    .toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? Number.NaN).toFixed(0);
  const kinds = new Set(told.map(({ sight }) => sight.identifier.id)).size;
  process.stdout.write(
    `live: ${(capture.bytes / 1e6 / (tookMs / 1000)).toFixed(1)} MB/s arriving (${(capture.bytes / 1e6).toFixed(0)} MB), ` +
      `${told.length} first sights of ${kinds} of ${identifiers.length} identifiers; after the bytes' arrival: ` +
      `median ${at(0.5)} ms, 95 % ${at(0.95)} ms, latest ${at(1)} ms; search at most ${(worstBehind / 1e6).toFixed(1)} MB behind; ` +
      `the drain at most ${latestMs.toFixed(0)} ms late\n`,
  );
  if (kinds < identifiers.length || !(Number(at(1)) < 1000)) process.exitCode = 1;
}

interface Arrival {
  readonly end: number;
  readonly atMs: number;
}

/** When the last byte of a record had been written. */
function arrivalOf(end: number, arrivals: readonly Arrival[]): number {
  let [from, to] = [0, arrivals.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((arrivals[middle]?.end ?? 0) < end) from = middle + 1;
    else to = middle;
  }
  return arrivals[from]?.atMs ?? Number.NaN;
}
