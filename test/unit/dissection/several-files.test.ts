import { describe, expect, it } from 'vitest';
import { createDissector } from '../../../main/dissection/dissector.ts';
import type { DissectedFlow, DissectedMessage } from '../../../main/dissection/sink.ts';
import { Conversation } from './conversation.ts';
import { pcap, PcapngBuilder } from './packet-builder.ts';

/** Dissects files as one capture; frames are given as file and frame in it. */
function collectFiles(files: readonly Buffer[]) {
  const messages: DissectedMessage[] = [];
  const flows: DissectedFlow[] = [];
  let streams = '';
  const dissector = createDissector({
    run: (run) => {
      if (run.layer === 'stream') streams += Buffer.from(run.bytes.subarray(run.start, run.end)).toString('latin1');
    },
    endSequence: () => undefined,
    message: (m) => messages.push(m),
    flow: (f) => flows.push(f),
  });
  const bases = [0];
  files.forEach((file, i) => {
    if (i > 0) bases.push(dissector.nextFile().framesBefore);
    dissector.push(file);
  });
  const summary = dissector.finish();
  const place = (frame: number): [number, number] => {
    const file = bases.findLastIndex((base) => base < frame);
    return [file, frame - (bases[file] ?? 0)];
  };
  return { messages: messages.map((m) => ({ ...m, place: place(m.frame) })), flows, summary, streams };
}

describe('several files of one capture', () => {
  const talk = new Conversation();
  const text = 'GET /a HTTP/1.1\r\nHost: h.example\r\n\r\n';
  talk.toServer(text, 9).toServer(text, 9).close();
  const all = collectFiles([pcap(talk.packets)]);

  it('are read as one, wherever the conversation was cut', () => {
    expect(all.messages).toHaveLength(2);
    for (let at = 1; at < talk.packets.length; at++) {
      const got = collectFiles([pcap(talk.packets.slice(0, at)), pcap(talk.packets.slice(at))]);
      expect(got.streams).toBe(all.streams);
      expect(got.flows).toHaveLength(1);
      expect(got.flows[0]?.incomplete).toEqual([]);
      expect(got.summary).toMatchObject({ packets: talk.packets.length, tcpFlows: 1, faults: [] });
      expect(got.messages.map((m) => m.frame)).toEqual(all.messages.map((m) => m.frame));
      expect(got.messages.map((m) => m.place)).toEqual(
        all.messages.map((m) => (m.frame <= at ? [0, m.frame] : [1, m.frame - at])),
      );
    }
  });

  it('may differ in format, and each tells its own faults', () => {
    const second = new PcapngBuilder().section().interface(1);
    talk.packets.slice(3).forEach((p, i) => second.enhanced(0, BigInt(i), p));
    const first = pcap(talk.packets.slice(0, 4));
    const got = collectFiles([first.subarray(0, first.length - 5), second.bytes().subarray(0, -3)]);
    expect(got.summary).toMatchObject({ format: 'pcap', tcpFlows: 1, packets: talk.packets.length - 1 });
    expect(got.streams).toBe(all.streams);
    expect(got.summary.faults.map((f) => [f.code, f.frame])).toEqual([
      ['cut-in-record', 3],
      ['cut-in-record', talk.packets.length - 1],
    ]);
  });

  it('an empty one is said and harms nothing', () => {
    const got = collectFiles([pcap(talk.packets), Buffer.alloc(0)]);
    expect(got.messages).toHaveLength(2);
    expect(got.summary.faults).toMatchObject([{ code: 'empty-file' }]);
  });
});
