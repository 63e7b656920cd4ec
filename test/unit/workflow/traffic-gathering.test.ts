import { expect, it } from 'vitest';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import type { IndexBuilder } from '../../../main/evidence/index-builder.ts';
import type { CaptureBatch, CaptureDone } from '../../../main/workflow/capture-job.ts';
import { wordFault } from '../../../main/workflow/gaps.ts';
import { TrafficGathering } from '../../../main/workflow/traffic-gathering.ts';
import { INCOMPLETE } from '../../../main/dissection/flow-table.ts';

const quiet = { insertFlows: () => undefined, insertMessages: () => undefined, insertFaults: () => undefined };

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
    read: { fileBytes: 0, captureBytes: 0, compression: null, compressionFault: null },
  } as unknown as CaptureDone;
}

it('visibility of a capture names why its conversations are not whole, once each', () => {
  const captures = ['E001', 'E002'].map((id) => ({ id, originalName: id, label: 'x', run: null, handset: 'H1' }));
  const gathering = new TrafficGathering(captures as unknown as Exhibit[], quiet as unknown as IndexBuilder);
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

it('each of those reasons has words in both languages', () => {
  for (const code of INCOMPLETE) {
    expect(wordFault('en', code, '')).not.toBe(code);
    expect(wordFault('zh-Hant', code, '')).not.toBe(code);
  }
});
