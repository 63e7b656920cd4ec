import { expect, it } from 'vitest';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import type { IndexBuilder } from '../../../main/evidence/index-builder.ts';
import type { CaptureBatch, CaptureDone } from '../../../main/workflow/capture-job.ts';
import { wholeCaptures } from '../../../main/workflow/capture-parts.ts';
import { wordFault } from '../../../main/workflow/gaps.ts';
import { TrafficGathering } from '../../../main/workflow/traffic-gathering.ts';
import { INCOMPLETE } from '../../../main/dissection/incomplete.ts';

const quiet = { insertFlows: () => undefined, insertMessages: () => 1, insertFaults: () => undefined };

function flow(index: number, incomplete: readonly string[]): CaptureBatch['flows'][number] {
  const both = [0, 0] as const;
  return {
    index,
    incomplete,
    serverNames: [],
    firstUs: 0,
    lastUs: 0,
    packets: both,
    payloadBytes: both,
    readableBytes: both,
  } as unknown as CaptureBatch['flows'][number];
}

function done(faults: readonly { code: string; count: number }[]): CaptureDone {
  return {
    summary: {
      faults: faults.map((one) => ({ ...one, detail: '', offsetBytes: null, frame: null })),
      firstUs: 0,
      lastUs: 1,
    },
    search: { bytesSearched: 0, bytesOpaque: 0, hits: 0, capsBitten: [] },
    reads: [{ fileBytes: 0, captureBytes: 0, compression: null, compressionFault: null }],
    ownSecrets: [[]],
  } as unknown as CaptureDone;
}

it('visibility of a capture names why its conversations are not whole, once each', () => {
  const captures = ['E001', 'E002'].map((id) => ({
    id,
    originalName: id,
    label: 'x',
    run: null,
    handset: 'H1',
    kind: 'capture',
  }));
  const gathering = new TrafficGathering(
    wholeCaptures(captures as unknown as Exhibit[], []),
    quiet as unknown as IndexBuilder,
  );
  const flows = [flow(0, ['tcp-gap', 'decoding-failed']), flow(1, ['tcp-gap', 'snaplen'])];
  gathering.take(0, { messages: [], hits: [], flows });
  gathering.finish(0, done([{ code: 'snaplen', count: 7 }]));
  gathering.take(1, { messages: [], hits: [], flows: [flow(0, [])] });
  gathering.finish(1, done([]));
  expect(gathering.sights.map(({ gaps }) => gaps)).toEqual([
    [
      { code: 'snaplen', count: 7 },
      { code: 'tcp-gap', count: 2 },
      { code: 'decoding-failed', count: 1 },
    ],
    [],
  ]);
});

/** A gathering over two captures whose messages stay as they were inserted. */
function gatheringWithMessages(): TrafficGathering {
  const rows = new Map<number, unknown>();
  const builder = {
    ...quiet,
    insertMessages: (messages: readonly unknown[]) => {
      const first = rows.size + 1;
      messages.forEach((message, i) => rows.set(first + i, message));
      return first;
    },
    message: (id: number) => rows.get(id) ?? null,
  };
  const captures = ['E001', 'E002'].map((id) => ({
    id,
    originalName: id,
    label: 'x',
    run: null,
    handset: 'H1',
    kind: 'capture',
  }));
  return new TrafficGathering(wholeCaptures(captures as unknown as Exhibit[], []), builder as unknown as IndexBuilder);
}

const batch = (messages: unknown[], hits: unknown[], flows: unknown[]): CaptureBatch =>
  ({ messages, hits, flows }) as unknown as CaptureBatch;
const hit = (number: number | null): unknown => ({ flow: 0, origin: { message: number, frames: [1] } });

it('a hit finds its message again, however late it comes and in whatever order the messages came', () => {
  const gathering = gatheringWithMessages();
  const message = (index: number, uri: string): unknown => ({
    index,
    flow: 0,
    way: 0,
    frame: index + 1,
    atUs: 0,
    kind: 'http-request',
    fields: { method: 'GET', host: 'x', uri, status: null },
  });
  gathering.take(0, batch([message(5000, '/late'), message(0, '/first')], [hit(0)], []));
  gathering.take(0, batch([message(2, '/second')], [hit(5000), hit(null), hit(1)], [flow(0, [])]));
  gathering.finish(0, done([]));
  const uris = gathering.hits.map((one) => (one.message?.kind === 'http-request' ? one.message.uri : null));
  expect(uris).toEqual(['/first', '/late', null, null]);
  // Numbers begin anew with the next capture.
  gathering.take(1, batch([], [hit(0)], [flow(0, [])]));
  expect(gathering.hits.at(-1)?.message).toBeNull();
});

it('in a recording of several files the packet that names a hit in keys is one of the first one’s exhibit', () => {
  const captures = ['E001', 'E002'].map((id) => ({ id, originalName: id, label: 'x', handset: 'H1', kind: 'capture' }));
  const gathering = new TrafficGathering(
    wholeCaptures(captures as unknown as Exhibit[], [{ id: 'C001', exhibits: ['E001', 'E002'] }] as never),
    quiet as unknown as IndexBuilder,
  );
  gathering.beginFile(0, { framesBefore: 10, flowsBefore: 0 });
  const found = (origin: object): unknown => ({ flow: 0, origin: { message: null, ...origin } });
  const hits = [
    found({ frames: [8] }),
    found({ frames: [12, 13], wholeIn: 14 }),
    // Fragments on either side of where the files meet.
    found({ frames: [9, 11], wholeIn: 11 }),
  ];
  gathering.take(0, batch([], hits, [flow(0, [])]));
  expect(gathering.hits.map(({ exhibit, keyFrame }) => [exhibit, keyFrame])).toEqual([
    ['E001', 8],
    ['E002', 4],
    ['E001', 9],
  ]);
});

it('where a recording of several files holds secrets of its own is noted of each file', () => {
  const captures = ['E001', 'E002', 'E003'].map((id) => ({ id, originalName: id, label: 'x', kind: 'capture' }));
  const gathering = new TrafficGathering(
    wholeCaptures(captures as unknown as Exhibit[], [{ id: 'C001', exhibits: ['E003', 'E001'] }] as never),
    quiet as unknown as IndexBuilder,
  );
  const place = { offset: 7, length: 9 };
  const read = done([]).reads.slice(0, 1);
  gathering.finish(0, { ...done([]), reads: [...read, ...read], ownSecrets: [[place], null] });
  gathering.finish(1, { ...done([]), ownSecrets: [[]] });
  expect(gathering.ownSecrets).toEqual([
    { exhibit: 'E003', places: [place] },
    { exhibit: 'E001', places: null },
    { exhibit: 'E002', places: [] },
  ]);
});

it('of a conversation with a hit the certificate that was shown first is kept, without its chain; of others none', () => {
  const gathering = gatheringWithMessages();
  const certificate = (index: number, conversation: number, name: string): unknown => ({
    index,
    flow: conversation,
    way: 1,
    frame: index + 1,
    atUs: 0,
    kind: 'tls-certificate',
    fields: { names: [name], issuer: null, chain: [{ sha256: '00' }] },
  });
  gathering.take(0, batch([certificate(3, 1, 'b.example'), certificate(0, 0, 'a.example')], [hit(null)], []));
  gathering.take(0, batch([certificate(1, 0, 'later.example')], [], [flow(0, []), flow(1, [])]));
  expect(gathering.messages).toMatchObject([{ kind: 'tls-certificate', flow: 0, names: ['a.example'] }]);
  expect(gathering.messages[0]).not.toHaveProperty('chain');
});

it('each of those reasons has words in both languages', () => {
  for (const code of INCOMPLETE) {
    expect(wordFault('en', code, '')).not.toBe(code);
    expect(wordFault('zh-Hant', code, '')).not.toBe(code);
  }
});
