import { describe, expect, it } from 'vitest';
import { collect, streamText } from './collector.ts';
import { Conversation } from './conversation.ts';
import { pcap, tcp, tcpBack } from './packet-builder.ts';

const REQUEST = 'GET /pass/user@id?type=MXPH&externalId=0912345678 HTTP/1.1\r\nHost: api.account.xiaomi.com\r\n\r\n';
const TEXT = '0123456789abcdefghijklmnopqrstuvwxyz';

describe('TCP reassembly', () => {
  it('puts segments into order and names the packets that carried the bytes', () => {
    const t = new Conversation();
    t.packets.push(
      t.clientSegment(20, REQUEST.slice(20, 50)),
      t.clientSegment(50, REQUEST.slice(50)),
      t.clientSegment(0, REQUEST.slice(0, 20)),
    );
    const c = collect(pcap(t.packets), { needle: '0912345678' });
    expect(streamText(c, 0, 0)).toBe(REQUEST);
    // The number stands at 39..49, in the segment that came first.
    expect(c.found).toMatchObject([{ frames: [4], streamOffset: 39, field: 'uri', message: 0, channel: 'cleartext' }]);
    expect(c.messages).toMatchObject([
      { kind: 'http-request', frame: 6, index: 0, fields: { host: 'api.account.xiaomi.com' } },
    ]);
  });

  it('delivers a retransmission once', () => {
    const t = new Conversation().toServer(REQUEST);
    const again = t.packets.at(-1) ?? Buffer.alloc(0);
    t.packets.push(again, again);
    const c = collect(pcap(t.packets), { needle: '0912345678' });
    expect(c.found).toHaveLength(1);
    expect(c.messages).toHaveLength(1);
    expect(c.flows[0]).toMatchObject({ packets: [5, 1], incomplete: [] });
  });

  it('keeps what came first where segments overlap and notes a conflict', () => {
    const t = new Conversation({ targetPort: 9999 });
    t.packets.push(t.clientSegment(0, TEXT.slice(0, 10)));
    t.packets.push(t.clientSegment(15, TEXT.slice(15, 25)));
    t.packets.push(t.clientSegment(12, 'XXXXXXXX' + TEXT.slice(20, 30)));
    t.packets.push(t.clientSegment(8, TEXT.slice(8)));
    const c = collect(pcap(t.packets));
    const expected = `${TEXT.slice(0, 12)}XXX${TEXT.slice(15)}`;
    expect(streamText(c, 0, 0)).toBe(expected);
    expect(c.flows[0]?.incomplete).toEqual(['overlap-conflict']);
    expect(c.summary.faults).toMatchObject([{ code: 'overlap-conflict' }]);
  });

  it('notes a retransmission with other content', () => {
    const t = new Conversation({ targetPort: 9999 });
    t.packets.push(t.clientSegment(0, TEXT), t.clientSegment(0, TEXT.toUpperCase()));
    const c = collect(pcap(t.packets));
    expect(streamText(c, 0, 0)).toBe(TEXT);
    expect(c.flows[0]?.incomplete).toEqual(['overlap-conflict']);
  });

  it('goes on over the wrap of the sequence number', () => {
    const t = new Conversation({ clientSeq: 0xfffffff0, targetPort: 9999 }).toServer(TEXT, 7).close();
    const c = collect(pcap(t.packets));
    expect(streamText(c, 0, 0)).toBe(TEXT);
    expect(c.flows[0]?.incomplete).toEqual([]);
  });

  it('ignores keep-alives', () => {
    const t = new Conversation({ targetPort: 9999 }).toServer(TEXT.slice(0, 10));
    t.packets.push(t.clientSegment(-1, '\0', 'A'), t.clientSegment(-1, '', 'A'));
    t.toServer(TEXT.slice(10));
    expect(streamText(collect(pcap(t.packets)), 0, 0)).toBe(TEXT);
  });

  it('begins a new sequence after bytes that are missing, and says so', () => {
    const t = new Conversation({ targetPort: 9999 });
    t.packets.push(t.clientSegment(0, TEXT.slice(0, 10)), t.clientSegment(20, TEXT.slice(20)));
    const c = collect(pcap(t.packets), { needle: 'klm' });
    expect(streamText(c, 0, 0)).toBe(`${TEXT.slice(0, 10)}|${TEXT.slice(20)}`);
    expect(c.found).toMatchObject([{ frames: [5], streamOffset: 20 }]);
    expect(c.flows[0]?.incomplete).toEqual(['tcp-gap']);
    expect(c.sequences.every((s) => s.ended)).toBe(true);
  });

  it('gives up a hole the receiver has acknowledged long ago, while the capture runs', () => {
    const t = new Conversation();
    t.packets.push(t.clientSegment(100, REQUEST));
    t.clientSeq += 100 + REQUEST.length;
    for (let i = 0; i < 4; i++) t.packets.push(t.serverSegment(0, '', 'A'));
    t.toServer(REQUEST);
    const c = collect(pcap(t.packets, { stepUnits: 600_000 }));
    expect(c.messages.map((m) => [m.kind, m.frame])).toEqual([
      ['http-request', 4],
      ['http-request', 9],
    ]);
    expect(c.flows[0]?.incomplete).toContain('tcp-gap');
  });

  it('counts the missing tail of packets cut by the snapshot length as a gap', () => {
    const t = new Conversation({ targetPort: 9999 }).toServer(TEXT).toServer(TEXT);
    const packets = t.packets.map((p, i) => (i === 3 ? { bytes: p.subarray(0, p.length - 6), wire: p.length } : p));
    const c = collect(pcap(packets));
    expect(streamText(c, 0, 0)).toBe(`${TEXT.slice(0, -6)}|${TEXT}`);
    expect(c.flows[0]?.incomplete).toEqual(['snaplen']);
  });

  it('gives up a hole when too much waits behind it, and says so', () => {
    const t = new Conversation({ targetPort: 9999 });
    const part = Buffer.alloc(1400, 0x41);
    for (let i = 1; i < 900; i++) t.packets.push(t.clientSegment(i * 1400, part));
    const c = collect(pcap(t.packets));
    expect(c.flows[0]?.incomplete).toEqual(['tcp-gap', 'cap-out-of-order']);
    expect(c.summary.faults.map((f) => f.code)).toEqual(['cap-out-of-order']);
    expect(streamText(c, 0, 0)).toHaveLength(899 * 1400);
  });
});

describe('TCP conversations', () => {
  it('splits a 5-tuple that is opened again, but not at a repeated SYN', () => {
    const first = new Conversation({ clientSeq: 1000 }).toServer(REQUEST).close();
    const again = tcp({ seq: 1000, flags: 'S' });
    const second = new Conversation({ clientSeq: 777_000, serverSeq: 5 }).toServer(REQUEST).close();
    const c = collect(pcap([again, ...first.packets, ...second.packets]));
    expect(c.summary.tcpFlows).toBe(2);
    expect(c.messages.map((m) => [m.flow, m.frame])).toEqual([
      [0, 5],
      [1, 11],
    ]);
    expect(c.flows.map((f) => [f.index, f.streamIndex, f.packets])).toEqual([
      [0, 0, [5, 2]],
      [1, 1, [4, 2]],
    ]);
  });

  it('keeps one conversation over any silence', () => {
    const t = new Conversation().toServer(REQUEST).toServer(REQUEST);
    const c = collect(pcap(t.packets, { stepUnits: 3_600_000_000 }), { idleTimeoutMs: 1000, maxConnections: 1 });
    expect(c.summary.tcpFlows).toBe(1);
    expect(c.messages).toHaveLength(2);
  });

  it('gives memory back without losing count of the stream', () => {
    const packets: Buffer[] = [];
    const quiet = new Conversation({ sourcePort: 1024, targetPort: 9999 }).toServer(TEXT.slice(0, 10));
    packets.push(...quiet.packets);
    for (let i = 0; i < 5000; i++)
      packets.push(...new Conversation({ sourcePort: 2000 + i, targetPort: 9998 }).toServer('x').packets);
    // Half of it was there before.
    packets.push(quiet.clientSegment(-5, TEXT.slice(5)));
    const c = collect(pcap(packets, { stepUnits: 10_000 }), { idleTimeoutMs: 1000 });
    expect(c.summary.tcpFlows).toBe(5001);
    expect(streamText(c, 0, 0)).toBe(`${TEXT.slice(0, 10)}|${TEXT.slice(10)}`);
  });

  it('reads a capture that starts in the middle, and finds the client by what it says', () => {
    const packets = [
      tcpBack({
        seq: 500,
        ack: 77,
        flags: 'PA',
        payload: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
        sourcePort: 40_001,
        targetPort: 40_000,
      }),
      tcp({ seq: 77, ack: 541, flags: 'PA', payload: REQUEST, sourcePort: 40_001, targetPort: 40_000 }),
    ];
    const c = collect(pcap(packets));
    expect(c.flows[0]).toMatchObject({
      clientPort: 40_001,
      serverPort: 40_000,
      incomplete: ['no-syn'],
      application: 'http',
    });
    expect(c.messages.map((m) => [m.kind, m.way])).toEqual([
      ['http-response', 1],
      ['http-request', 0],
    ]);
  });

  it('takes the data of a SYN (fast open)', () => {
    const c = collect(pcap([tcp({ seq: 9, flags: 'S', payload: REQUEST })]));
    expect(c.messages).toMatchObject([{ kind: 'http-request', frame: 1 }]);
  });

  it('survives a million-to-one mixture of senseless headers', () => {
    const senseless = Array.from({ length: 256 }, (_, i) => {
      const p = tcp({ seq: i, flags: 'A', payload: 'abc' });
      p[46] = i;
      return p;
    });
    expect(collect(pcap(senseless)).summary.packets).toBe(256);
  });
});
