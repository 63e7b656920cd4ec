import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { ExchangeState } from '../../../shared/contract/exchange.ts';
import type { IndexReader } from '../../../main/evidence/readers/index-reader.ts';
import { openCaseForReading } from '../../../main/evidence/open-case.ts';
import { analyseCase } from '../../../main/workflow/analyse.ts';
import type { Conduct } from '../../../main/workflow/conduct.ts';
import { engineVersion } from '../../../main/workflow/engine-version.ts';
import type { ExchangeJob, FromExchangeWorker } from '../../../main/workflow/exchange/exchange-job.ts';
import { ExchangeReading } from '../../../main/workflow/exchange/read-exchange.ts';
import { exchangeHandlers } from '../../../main/workflow/host/exchanges.ts';
import { importFiles } from '../../../main/workflow/import-file.ts';
import { addHandset, newCase } from '../../../main/workflow/open-case.ts';
import { maxPlaces, notedSecrets, ownSecretsKey } from '../../../main/workflow/own-secrets-note.ts';
import type { SecretsPlace } from '../../../main/workflow/own-secrets-note.ts';
import { workerUrl } from '../../../main/workflow/worker-url.ts';
import type * as WorkerUrls from '../../../main/workflow/worker-url.ts';
import { EXCHANGES, type Exchange, packetsOf } from '../dissection/keylog/tls-exchanges.ts';
import { block, pcap, PcapngBuilder } from '../dissection/packet-builder.ts';
import { must } from '../evidence/case-fixture.ts';

const jobs = vi.hoisted((): ExchangeJob[] => []);
vi.mock('../../../main/workflow/exchange/read-exchange.ts', async (original) => {
  const real = await original<{ ExchangeReading: typeof ExchangeReading }>();
  class Watched extends real.ExchangeReading {
    constructor(job: ExchangeJob, bytesTotal: number) {
      jobs.push(job);
      super(job, bytesTotal);
    }
  }
  return { ...real, ExchangeReading: Watched };
});

/** What stands in the place of a worker's code. */
const standIn = vi.hoisted((): { code: string | null } => ({ code: null }));
vi.mock('../../../main/workflow/worker-url.ts', async (original) => {
  const real = await original<typeof WorkerUrls>();
  const url = (name: Parameters<typeof real.workerUrl>[0]): URL =>
    standIn.code === null ? real.workerUrl(name) : new URL(`data:text/javascript,${encodeURIComponent(standIn.code)}`);
  return { workerUrl: url };
});

const work = mkdtempSync(join(tmpdir(), 'own-secrets-note-'));
const directory = join(work, 'case.handsight');
const conduct: Conduct = { actor: null, lang: 'en', signal: new AbortController().signal, progress: () => undefined };
const [first] = EXCHANGES as readonly [Exchange];
const fillerBytes = 12 * 1024 * 1024;

/** The packets of an exchange, behind them large blocks and its key log. */
function late(fillers: number): Buffer {
  const file = new PcapngBuilder().section().interface(1);
  packetsOf(first).forEach((packet, i) => file.enhanced(0, BigInt(i), packet));
  for (let n = 0; n < fillers; n += 1) file.raw(block(0x0bad, Buffer.alloc(fillerBytes), true));
  const text = Buffer.from(first.keyLog);
  const padding = Buffer.alloc((4 - (text.length % 4)) % 4);
  return file.raw(block(10, Buffer.concat([file.w32(0x544c534b), file.w32(text.length), text, padding]), true)).bytes();
}
const written = (name: string, bytes: Uint8Array): string => {
  const path = join(work, name);
  writeFileSync(path, bytes);
  return path;
};
const placesOf = (bytes: Buffer): SecretsPlace[] => [
  { offset: bytes.indexOf(first.keyLog), length: Buffer.byteLength(first.keyLog) },
];

beforeAll(async () => {
  const files = [
    written('late.pcapng', late(0)),
    written('late.pcapng.gz', gzipSync(late(0))),
    written('none.pcap', pcap(packetsOf(first))),
  ];
  must(newCase(directory, { number: '1', title: 't', examiner: 'Lin', synthetic: true }, conduct));
  must(addHandset(directory, { label: 'Redmi', serial: null, role: 'twin' }, conduct));
  must(await importFiles(directory, files, { handset: 'H1', label: 'before', run: null }, conduct));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

const expected = [
  { exhibit: 'E001', places: placesOf(late(0)) },
  { exhibit: 'E002', places: placesOf(late(0)) },
  { exhibit: 'E003', places: [] },
];

it('the index notes of each capture where its own secrets stand: the same with one worker and with two', async () => {
  const digests: unknown[] = [];
  for (const workers of [1, 2]) {
    for (const name of readdirSync(directory)) if (name.startsWith('index')) rmSync(join(directory, name));
    must(await analyseCase(directory, { workers }, conduct));
    const reader = must(openCaseForReading(directory));
    const index = must(reader.openIndex());
    expect(index.meta(ownSecretsKey)).toEqual(expected);
    digests.push(index.pointer.digests);
    index.close();
    reader.close();
  }
  expect(digests[0]).toEqual(digests[1]);
});

it('a conversation is read again with what the index noted, and opened as it was', async () => {
  must(await analyseCase(directory, { workers: 1 }, conduct));
  const handlers = exchangeHandlers();
  const envelope = { actor: null, language: 'en' } as const;
  const says: boolean[] = [];
  for (const [number, { places }] of expected.entries()) {
    let state: ExchangeState = must(await handlers['exchange.open']({ directory, flow: number }, envelope));
    while (state.status === 'reading')
      state = must(await handlers['exchange.open']({ directory, flow: number }, envelope));
    expect(jobs.at(-1)?.ownSecrets).toEqual([places]);
    const parts = must(await handlers['exchange.parts']({ directory, flow: number, after: 0, limit: 100 }, envelope));
    says.push(parts.some(({ message }) => message?.kind === 'http-request'));
  }
  expect(says).toEqual([true, true, false]);
});

it('without a note the capture is looked through before, which is told; with one it is not', async () => {
  const bytes = late(8);
  const path = written('long.pcapng', bytes);
  const flow = await flowOf(0);
  const open = async (ownSecrets: ExchangeJob['ownSecrets']): Promise<{ opened: boolean; told: Set<string> }> => {
    const stop = new SharedArrayBuffer(4);
    const job: ExchangeJob = { paths: [path], exhibits: ['E001'], keyLogs: [], ownSecrets, flow, places: [], stop };
    const worker = new Worker(workerUrl('exchange'));
    const told = new Set<string>();
    const opened = await new Promise<boolean>((resolve, reject) => {
      worker.on('error', reject);
      worker.on('message', (message: FromExchangeWorker) => {
        told.add(message.type);
        if (message.type === 'done') resolve(message.parts.some((part) => part.message?.kind === 'http-request'));
      });
      worker.postMessage(job);
    });
    await worker.terminate();
    return { opened, told };
  };
  // The second reading ends with the conversation's last packet, in the first block.
  expect(await open([null])).toEqual({ opened: true, told: new Set(['looked', 'progress', 'done']) });
  expect(await open([placesOf(bytes)])).toEqual({ opened: true, told: new Set(['progress', 'done']) });
  // What is noted is believed: nobody looks again.
  expect(await open([[]])).toEqual({ opened: false, told: new Set(['progress', 'done']) });
});

it('the window is told that a capture is looked through, and then how far it is read', async () => {
  // Looks until it is stopped, then reads.
  standIn.code = `
import { parentPort } from 'node:worker_threads';
parentPort.once('message', ({ stop }) => {
  const flag = new Int32Array(stop);
  parentPort.postMessage({ type: 'looked', bytes: 50 });
  setInterval(() => {
    if (Atomics.load(flag, 0) === 1) parentPort.postMessage({ type: 'progress', bytes: 3 });
  }, 5);
});`;
  const job = { paths: [], exhibits: ['E001'] as const, keyLogs: [], ownSecrets: [null], places: [] };
  const reading = new ExchangeReading({ ...job, flow: await flowOf(0) }, 100);
  standIn.code = null;
  const figures = { status: 'reading', bytesTotal: 100 };
  await vi.waitFor(() => expect(reading.state()).toMatchObject({ ...figures, looking: true, bytesRead: 50 }), 60_000);
  reading.stop();
  await vi.waitFor(() => expect(reading.state()).toMatchObject({ ...figures, looking: false, bytesRead: 3 }), 60_000);
  await reading.end();
});

async function flowOf(id: number): Promise<ExchangeJob['flow']> {
  must(await analyseCase(directory, { workers: 1 }, conduct));
  const reader = must(openCaseForReading(directory));
  const index = must(reader.openIndex());
  const flow = index.flow(id);
  index.close();
  reader.close();
  if (flow === null) throw new Error('no such conversation');
  return flow;
}

it('what another engine noted, or what is no note, is not known', () => {
  const noted = (value: unknown, engine = engineVersion): unknown =>
    notedSecrets({ pointer: { engineVersion: engine }, meta: () => value } as unknown as IndexReader, ['E001', 'E002']);
  const place = { offset: 7, length: 9 };
  const note = (exhibit: string, places: unknown): unknown => ({ exhibit, places });
  expect(noted([note('E002', [place]), note('E001', [])])).toEqual([[], [place]]);
  expect(noted([note('E001', [place])])).toEqual([[place], null]);
  expect(noted([note('E001', null), note('E002', [{ offset: -1, length: 9 }])])).toEqual([null, null]);
  expect(noted([null, 5, note('E001', 'none'), note('E002', [place, null])])).toEqual([null, null]);
  expect(noted([note('E002', [{ offset: 1, length: 1.5 }])])).toEqual([null, null]);
  const many = (count: number): SecretsPlace[] =>
    Array.from({ length: count }, (_, n) => ({ offset: n * 9, length: 9 }));
  expect(noted([note('E001', many(maxPlaces)), note('E002', many(maxPlaces + 1))])).toEqual([many(maxPlaces), null]);
  // Read one after the other these would be more bytes than the file has.
  expect(noted([note('E001', [place, place]), note('E002', [place, { offset: 15, length: 1 }])])).toEqual([null, null]);
  expect(noted([note('E001', [place, { offset: 16, length: 1 }])])).toEqual([[place, { offset: 16, length: 1 }], null]);
  for (const value of [undefined, null, 'none', {}]) expect(noted(value)).toEqual([null, null]);
  expect(noted([note('E001', [])], `${engineVersion}0`)).toEqual([null, null]);
});
