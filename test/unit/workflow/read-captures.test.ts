import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchRows } from '../../../main/workflow/capture-job.ts';
import { readCaptures } from '../../../main/workflow/read-captures.ts';
import { patternsOf, samples } from '../analysis/feeding.ts';
import { Conversation } from '../dissection/conversation.ts';
import { dns, pcap, udp } from '../dissection/packet-builder.ts';

const imei = samples[0]?.value ?? '';
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'handsight-read-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what a capture gives, in batches', () => {
  it('tells of a conversation only with or after its hits, although it ended long before it was searched', async () => {
    const request = `GET /a?imei=${imei} HTTP/1.1\r\nHost: a.example\r\n\r\n`;
    // The second connection takes the ports of the first and so ends it; what follows fills a batch, but no collection of the search.
    const first = new Conversation().toServer(request);
    const second = new Conversation({ clientSeq: 900_000, serverSeq: 800_000 }).toServer('x');
    const questions = Array.from({ length: batchRows + 200 }, (_, n) => udp(40_000, 53, dns(`n${n}.example`, 1)));
    const path = join(folder, 'early-end.pcap');
    writeFileSync(path, pcap([...first.packets, ...second.packets, ...questions]));
    const told: string[] = [];
    let batches = 0;
    await readCaptures(
      [{ paths: [path], bytes: statSync(path).size, keyLogs: [] }],
      patternsOf(),
      1,
      {
        // Within a batch the hits are taken before the flows.
        onBatch: (_input, batch) => {
          batches += 1;
          for (const hit of batch.hits) told.push(`hit in ${hit.flow}`);
          for (const flow of batch.flows) told.push(`flow ${flow.index}`);
        },
        onDone: () => undefined,
        onFile: () => undefined,
        onProgress: () => undefined,
      },
      new AbortController().signal,
    );
    expect(batches).toBeGreaterThan(1);
    expect(told.filter((one) => one === 'hit in 0' || one === 'flow 0')).toEqual(['hit in 0', 'flow 0']);
  });
});
