import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Flow } from '../../../shared/model/traffic.ts';
import { createDissector } from '../../../main/dissection/dissector.ts';
import { FlowGate } from '../../../main/dissection/flow-gate.ts';
import type { FindingPlace, GatheredExchange } from '../../../main/workflow/exchange/exchange-job.ts';
import { FrameNumbers } from '../../../main/workflow/exchange/frame-numbers.ts';
import { ExchangeGathering } from '../../../main/workflow/exchange/gather-exchange.ts';
import { instantOfUs } from '../../../main/workflow/instants.ts';
import { createSearcher } from '../../../main/analysis/search/searcher.ts';
import type { Hit } from '../../../main/analysis/search/hit.ts';
import { LOOKS_AT_ONCE, type DissectedFlow } from '../../../main/dissection/sink.ts';
import { patternsOf, samples } from '../analysis/feeding.ts';
import { Conversation } from '../dissection/conversation.ts';
import { data, filledWith, sctp } from '../dissection/sctp-builder.ts';
import { CLIENT, dns, ethernet, ipv4, pcap, SERVER, tcp, udp, udpDatagram } from '../dissection/packet-builder.ts';

const imei = samples.find(({ kind }) => kind === 'imei')?.value ?? '';

/** All conversations of a capture as the index has them. */
function flowsOf(capture: Buffer): Flow[] {
  const found: DissectedFlow[] = [];
  const dissector = createDissector(
    { run: () => undefined, endSequence: () => undefined, message: () => undefined, flow: (one) => found.push(one) },
    { horizon: LOOKS_AT_ONCE },
  );
  dissector.push(capture);
  dissector.finish();
  return found
    .toSorted((a, b) => a.index - b.index)
    .map((one) => ({
      id: one.index,
      exhibit: 'E001',
      label: 'before',
      transport: one.transport,
      client: { address: one.clientAddress, port: one.clientPort },
      server: { address: one.serverAddress, port: one.serverPort },
      serverNames: one.serverNames,
      application: one.application,
      channel: one.channel,
      firstPacketAt: instantOfUs(one.firstUs),
      lastPacketAt: instantOfUs(one.lastUs),
      packets: { toServer: one.packets[0], toClient: one.packets[1] },
      payloadBytes: { toServer: one.payloadBytes[0], toClient: one.payloadBytes[1] },
      app: null,
      streamIndex: one.streamIndex,
      incomplete: one.incomplete,
    }));
}

function gather(
  capture: Buffer,
  flow: Flow | undefined,
  places: readonly FindingPlace[] = [],
  limits?: { heldBytes: number; stretches: number },
): GatheredExchange & { readonly admitted: number; readonly complete: boolean } {
  if (flow === undefined) throw new Error('no such conversation');
  const gate = new FlowGate({ transport: flow.transport, ends: [flow.client, flow.server] });
  const gathering = new ExchangeGathering(flow, places, new FrameNumbers(['E001']), limits);
  const dissector = createDissector(gathering, { gate, horizon: gathering.horizon });
  dissector.push(capture);
  const complete = gathering.isComplete(gate);
  dissector.finish();
  return { ...gathering.finish(false), admitted: gate.admitted, complete };
}

/** What the search finds in the capture, as places of findings. */
function placesFound(capture: Buffer): FindingPlace[] {
  const hits: Hit[] = [];
  const searcher = createSearcher(patternsOf(), (hit) => hits.push(hit));
  const dissector = createDissector(
    { run: searcher.run, endSequence: searcher.endSequence, message: () => undefined, flow: () => undefined },
    { horizon: searcher.horizon },
  );
  dissector.push(capture);
  dissector.finish();
  searcher.finish();
  return hits.map((hit) =>
    place({
      way: hit.way,
      streamOffset: hit.origin.streamOffset,
      bodyOffset: hit.bodyOffset,
      decodings: hit.decodings,
      firstFrame: { exhibit: 'E001', frame: hit.origin.frames[0] ?? 0 },
      bytes: hit.context.bytes.slice(hit.context.start, hit.context.end),
    }),
  );
}

const place = (change: Partial<FindingPlace>): FindingPlace => ({
  key: 'k1',
  number: 'F0001',
  way: 0,
  streamOffset: 0,
  bodyOffset: null,
  decodings: [],
  firstFrame: { exhibit: 'E001', frame: 0 },
  bytes: new Uint8Array(0),
  ...change,
});

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const textOf = (gathered: GatheredExchange, part: number, stretch = 0): string => {
  const id = gathered.parts[part]?.stretches[stretch]?.id ?? -1;
  return Buffer.from(gathered.held[id] ?? []).toString('latin1');
};

const request = `GET /a?imei=${imei} HTTP/1.1\r\nHost: a.example\r\nUser-Agent: test\r\n\r\n`;
const response = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';

describe('one conversation read again', () => {
  it('marks a finding in what stands behind a UDP datagram, in fragments too', () => {
    const datagram = udpDatagram(40_000, 9999, `${'x'.repeat(80)}imei=${imei}`);
    datagram.writeUInt16BE(8 + 20, 4);
    const ends = { from: CLIENT, to: SERVER, protocol: 17, id: 5 };
    const capture = pcap([
      ethernet(ipv4(datagram.subarray(0, 64), { ...ends, more: true })),
      ethernet(ipv4(datagram.subarray(64), { ...ends, fragmentOffset: 64 })),
    ]);
    const places = placesFound(capture);
    expect(places).toMatchObject([{ streamOffset: 85, firstFrame: { frame: 2 } }]);
    const gathered = gather(capture, flowsOf(capture)[0], places);
    expect(gathered.marked).toHaveLength(1);
    expect(gathered.parts.flatMap(({ stretches }) => stretches.flatMap(({ marks }) => marks))).toMatchObject([
      { exact: true },
    ]);
  });

  it('gives as one stretch what follows each other, wherever in the stream its sequence begins', () => {
    const behindGap = new Conversation().toServer('begin');
    behindGap.clientSeq += 7;
    behindGap.toServer('one two three ', 4).toServer(`and ${imei}`);
    const chunks = [filledWith('xyz', data(1, 'a')), filledWith('x', data(2, `${imei}`))];
    for (const [capture, texts] of [
      [pcap(behindGap.packets), ['begin', `one two three and ${imei}`]],
      [pcap([sctp(chunks)]), ['axyz', 'xyzx', `${imei}x`]],
    ] as const) {
      const got = gather(capture, flowsOf(capture)[0], placesFound(capture));
      expect(got.parts.map((_, part) => textOf(got, part)).sort()).toEqual([...texts].sort());
      expect(got.marked).toHaveLength(1);
    }
  });

  it('lets other conversations of the capture pass and keeps their frame numbers', () => {
    const other = new Conversation({ sourcePort: 40_001 }).toServer('POST /x HTTP/1.1\r\nHost: b.example\r\n\r\n');
    const wanted = new Conversation().toServer(request).toClient(response);
    const capture = pcap([udp(40_000, 53, dns('a.example', 1)), ...other.packets, ...wanted.packets]);
    const flow = flowsOf(capture).find(({ client }) => client.port === 51_234);
    const got = gather(capture, flow);
    expect(got.parts.map(({ message }) => message?.kind)).toEqual(['http-request', 'http-response']);
    expect(got.parts.map(({ firstFrame }) => firstFrame)).toEqual([
      1 + other.packets.length + 4,
      1 + other.packets.length + 5,
    ]);
    expect(textOf(got, 0)).toBe(request);
    expect(textOf(got, 1)).toBe(response);
    expect(got.admitted).toBe(wanted.packets.length);
    expect(got.limits).toEqual([]);
  });

  it('marks the place of a finding split over segments, and only where its bytes stand', () => {
    const wanted = new Conversation().toServer(request, 17).toClient(response);
    const capture = pcap(wanted.packets);
    const [flow] = flowsOf(capture);
    const found = place({ streamOffset: 12, firstFrame: { exhibit: 'E001', frame: 4 }, bytes: bytes(`${imei}`) });
    const elsewhere = place({
      key: 'k2',
      number: 'F0002',
      streamOffset: 13,
      firstFrame: { exhibit: 'E001', frame: 4 },
      bytes: bytes(`${imei}`),
    });
    const got = gather(capture, flow, [found, elsewhere]);
    const marks = got.parts.flatMap(({ stretches }) => stretches.flatMap((one) => one.marks));
    expect(marks).toEqual([
      { from: 12, to: 27, key: 'k1', number: 'F0001', exact: true },
      { from: 13, to: 14, key: 'k2', number: 'F0002', exact: false },
    ]);
    expect(textOf(got, 0).slice(12, 27)).toBe(`${imei}`);
  });

  it('marks a finding in a decoded body at its offset there, whatever stands at that offset of the stream', () => {
    const body = gzipSync(Buffer.from(`a=1&imei=${imei}`));
    const head = `POST /p HTTP/1.1\r\nHost: a.example\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`;
    const capture = pcap(new Conversation().toServer(Buffer.concat([Buffer.from(head), body])).packets);
    const [flow] = flowsOf(capture);
    const found = placesFound(capture);
    expect(found).toHaveLength(1);
    const got = gather(capture, flow, found);
    const stretches = got.parts[0]?.stretches ?? [];
    expect(stretches.map(({ layer }) => layer)).toEqual(['stream', 'body']);
    expect(stretches[0]?.marks).toEqual([]);
    expect(stretches[1]?.marks).toEqual([{ from: 9, to: 24, key: 'k1', number: 'F0001', exact: true }]);
    expect(textOf(got, 0, 1)).toBe(`a=1&imei=${imei}`);
  });

  it('tells conversations over the same ends apart and ends with the last packet of the one that is meant', () => {
    const first = new Conversation().toServer('GET /first HTTP/1.1\r\nHost: a.example\r\n\r\n', 3);
    const second = new Conversation({ clientSeq: 900_000, serverSeq: 800_000 }).toServer(request);
    const third = new Conversation({ clientSeq: 70_000, serverSeq: 60_000 }).toServer(
      'GET /third HTTP/1.1\r\nHost: a.example\r\n\r\n',
    );
    const capture = pcap([...first.packets, ...second.packets, ...third.packets]);
    const flows = flowsOf(capture);
    expect(flows).toHaveLength(3);
    expect(flows.map((flow) => textOf(gather(capture, flow), 0).slice(0, 8))).toEqual([
      'GET /fir',
      'GET /a?i',
      'GET /thi',
    ]);
    const upToSecond = pcap([...first.packets, ...second.packets]);
    expect(gather(upToSecond, flows[1]).complete).toBe(true);
    // The first alone has more packets than the second will have.
    expect(gather(pcap(first.packets), flows[1]).complete).toBe(false);
  });

  it('holds as much as is allowed, counts the rest and says so', () => {
    const long = `POST /p HTTP/1.1\r\nHost: a.example\r\nContent-Length: 4000\r\n\r\n${'x'.repeat(4000)}`;
    const capture = pcap(new Conversation().toServer(long, 500).packets);
    const [flow] = flowsOf(capture);
    const got = gather(capture, flow, [], { heldBytes: 1200, stretches: 10 });
    expect(got.limits).toEqual(['held-bytes']);
    expect(got.contentBytes).toBe(long.length);
    expect(got.heldBytes).toBe(1000);
    expect(textOf(got, 0)).toBe(long.slice(0, 1000));
  });

  it('tells conversations of the same ports apart by their addresses', () => {
    const here = udp(40_000, 7000, 'here', '10.0.0.5', '192.0.2.1');
    const there = udp(40_000, 7000, 'there', '10.0.0.5', '192.0.2.2');
    const capture = pcap([there, here]);
    const got = flowsOf(capture).map((flow) => gather(capture, flow));
    expect(got.map(({ admitted }) => admitted)).toEqual([1, 1]);
    expect(got.map((one) => textOf(one, 0))).toEqual(['there', 'here']);
  });

  it('says when nothing of it was found', () => {
    const capture = pcap([tcp({ seq: 1, flags: 'S' })]);
    const [flow] = flowsOf(capture);
    if (flow === undefined) throw new Error('no conversation');
    expect(gather(pcap([]), flow).limits).toEqual(['not-found']);
  });
});
