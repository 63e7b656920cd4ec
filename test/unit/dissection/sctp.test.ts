import { describe, expect, it } from 'vitest';
import { conversationFilter } from '../../../main/workflow/wireshark/wireshark-command.ts';
import { FlowGate } from '../../../main/dissection/flow-gate.ts';
import { type Collected, collect } from './collector.ts';
import { CLIENT, ethernet, ipv4, pcap, SERVER, u16, u32, udp, udpDatagram } from './packet-builder.ts';
import { diameterMessage, IMEI, IMSI, NUMBER, tbcd, updateLocation } from './protocol-fixtures.ts';
import { chunk, data, init, interleaved, sctp, sctpInUdp, sctpPacket } from './sctp-builder.ts';

const DIAMETER = { targetPort: 3868 } as const;

function texts(c: Collected): string[] {
  return c.sequences.filter((s) => s.layer === 'stream').map((s) => s.bytes.toString('latin1'));
}

describe('SCTP', () => {
  it('is a conversation with ports; each user message is handed on once', () => {
    const c = collect(
      pcap([
        sctp([init(1, 100)], { tag: 0 }),
        sctp([init(2, 500)], { back: true }),
        sctp([data(100, `imei=${IMEI}`), data(101, 'second', { stream: 1 })]),
        sctp([chunk(3, 0, Buffer.concat([u32(101), u32(9), u16(0), u16(0)])), data(500, 'answer')], { back: true }),
      ]),
      { needle: IMEI },
    );
    expect(c.flows).toMatchObject([
      {
        transport: 'sctp',
        application: 'unknown',
        channel: 'unknown',
        clientAddress: CLIENT,
        clientPort: 40_000,
        serverPort: 36_412,
        packets: [2, 2],
        payloadBytes: [16 + 20 + 6, 16 + 6],
        incomplete: [],
      },
    ]);
    expect(texts(c).slice(2)).toEqual([`imei=${IMEI}`, 'second', 'answer']);
    expect(c.found).toMatchObject([{ frames: [3], channel: 'unknown', layer: 'stream', streamOffset: 16 + 5 }]);
    expect(c.summary.faults).toEqual([]);
  });

  it('knows the client by INIT, whoever is seen first', () => {
    const [flow] = collect(pcap([sctp([init(2, 1)], { back: true }), sctp([data(1, 'x')])])).flows;
    expect(flow).toMatchObject({ clientAddress: CLIENT, serverAddress: SERVER });
    const [early] = collect(pcap([sctp([data(9, 'x')], { back: true }), sctp([init(1, 1)], { tag: 0 })])).flows;
    expect(early).toMatchObject({ clientAddress: CLIENT, packets: [1, 1] });
  });

  const pieces = [
    data(0xffffffff, `..${IMEI.slice(0, 7)}`, { flags: 'B' }),
    data(0, IMEI.slice(7, 11), { flags: '' }),
    data(1, IMEI.slice(11), { flags: 'E' }),
  ];

  it.each([
    [[0, 1, 2], 3],
    [[2, 0, 1], 3],
    [[1, 0, 0, 1, 2], 5],
  ])('puts pieces together in the order %j, across the end of the numbers', (order, frames) => {
    const packets = order.map((i) => sctp([pieces[i] as Buffer]));
    const c = collect(pcap(packets), { needle: IMEI });
    expect(texts(c)).toEqual([`..${IMEI}`]);
    expect(c.found).toHaveLength(1);
    expect(c.found[0]?.frames).toEqual(order.length === 3 ? [1, 2, 3] : [1, 2, frames]);
    expect(c.flows[0]?.incomplete).toEqual([]);
  });

  it('keeps apart pieces of messages that follow each other', () => {
    const said = [
      data(1, 'aa', { flags: 'B' }),
      data(2, 'bb', { flags: 'E' }),
      data(3, 'cc', { flags: 'B', number: 1 }),
      data(4, 'dd', { flags: 'E', number: 1 }),
      data(5, 'ee', { flags: 'UB' }),
      data(6, 'ff', { flags: 'UE' }),
    ];
    expect(texts(collect(pcap([sctp([3, 5, 1, 0, 2, 4].map((i) => said[i] as Buffer))])))).toEqual([
      'aabb',
      'ccdd',
      'eeff',
    ]);
  });

  it('puts interleaved messages together (I-DATA)', () => {
    const c = collect(
      pcap([
        sctp([interleaved(1, 'aa', { flags: 'B', payload: 46 }), interleaved(2, 'xx', { flags: 'B', stream: 1 })]),
        sctp([
          interleaved(3, 'bb', { flags: '', piece: 1 }),
          interleaved(4, 'yy', { flags: 'E', stream: 1, piece: 1 }),
        ]),
        sctp([interleaved(5, 'cc', { flags: 'E', piece: 2 }), interleaved(6, 'alone', { number: 1 })]),
      ]),
    );
    expect(texts(c)).toEqual(['xxyy', 'aabbcc', 'alone']);
    expect(c.flows[0]?.incomplete).toEqual([]);
  });

  it('hands on a chunk sent again once, and one that contradicts as it lies', () => {
    const repeated = collect(pcap([sctp([data(1, 'one')]), sctp([data(2, 'two')]), sctp([data(1, 'one')])]));
    expect(texts(repeated)).toEqual(['one', 'two']);
    expect(repeated.flows[0]).toMatchObject({ payloadBytes: [9, 0], readableBytes: [6, 0], incomplete: [] });
    const other = collect(pcap([sctp([data(1, 'one')]), sctp([data(1, 'eno', { flags: 'B' })])]));
    expect(texts(other)).toEqual(['one', 'eno']);
    expect(other.flows[0]?.incomplete).toEqual(['overlap-conflict']);
  });

  it('tells holes, and searches what waits for them', () => {
    const c = collect(
      pcap([
        sctp([data(1, IMEI.slice(0, 7), { flags: 'B' }), data(2, IMEI.slice(7), { flags: '' })]),
        sctp([data(4, 'end', { flags: 'E' })]),
      ]),
      { needle: IMEI },
    );
    expect(texts(c)).toEqual([IMEI, 'end']);
    expect(c.found).toMatchObject([{ frames: [1] }]);
    expect(c.flows[0]?.incomplete).toEqual(['message-cut', 'stream-gap']);
  });

  it('takes the same numbers under another tag for another association', () => {
    const c = collect(
      pcap([sctp([data(1, 'one'), data(9, 'open', { flags: 'B' })]), sctp([data(1, 'one')], { tag: 99 })]),
    );
    expect(texts(c)).toEqual(['one', 'open', 'one']);
    expect(c.flows).toMatchObject([{ incomplete: ['message-cut', 'stream-gap'] }]);
  });

  it('says when pieces are more than are held, and searches them all the same', () => {
    const piece = Buffer.alloc(60_000, 'a');
    const packets = Array.from({ length: 18 }, (_, i) => sctp([data(i, piece, { flags: i === 0 ? 'B' : '' })]));
    const c = collect(pcap(packets));
    expect(texts(c).map((text) => text.length)).toEqual([17 * 60_000, 60_000]);
    expect(c.flows[0]?.incomplete).toEqual(['message-cut', 'cap-message']);
    expect(c.summary.faults).toMatchObject([{ code: 'cap-message', count: 1 }]);
  });

  it('puts the longest silent association aside when there are too many', () => {
    const begun = (port: number): Buffer => sctp([data(1, `p${port}`, { flags: 'B' })], { sourcePort: port });
    const many = Array.from({ length: 4097 }, (_, i) => begun(10_000 + i));
    const end = sctp([data(2, 'end', { flags: 'E' })], { sourcePort: 10_000 });
    const c = collect(pcap([...many, end]));
    expect(c.summary.faults).toMatchObject([{ code: 'cap-connections', count: 2 }]);
    expect(texts(c).slice(0, 2)).toEqual(['p10000', 'p10001']);
    expect(texts(c)).toHaveLength(4098);
    const origin = c.sequences.find((s) => s.bytes.toString('latin1') === 'end');
    expect(origin?.flow).toBe(0);
  });

  it('searches control chunks, unknown ones and nonsense as they lie', () => {
    const c = collect(
      pcap([
        sctp([
          chunk(4, 0, Buffer.from(`\0\x01\0\x0cbeat`)),
          chunk(200, 0, Buffer.from('what')),
          chunk(3, 0, Buffer.from('sack')),
        ]),
        sctp([Buffer.from('\x00\x03\x00\x02nonsense')]),
      ]),
    );
    expect(texts(c)).toEqual(['\0\x01\0\x0cbeat', 'what', 'sack', '\x00\x03\x00\x02nonsense']);
    expect(c.flows[0]?.incomplete).toEqual(['malformed']);
    const short = collect(pcap([ethernet(ipv4(Buffer.alloc(11), { from: CLIENT, to: SERVER, protocol: 132 }))]));
    expect(short.summary.faults).toMatchObject([{ code: 'malformed-transport' }]);
  });

  const sack = (gaps: number, duplicates: number, rest: string): Buffer =>
    chunk(3, 0, Buffer.concat([u32(9), u32(9), u16(gaps), u16(duplicates), Buffer.from(rest)]));

  it.each([
    ['the acknowledgement of a cookie', chunk(11, 0, Buffer.from(IMEI)), IMEI],
    ['SHUTDOWN', chunk(7, 0, Buffer.from(`\0\0\0\x01${IMEI}`)), IMEI],
    ['SACK, behind its lists', sack(1, 2, `gap.dup1dup2${IMEI}`), IMEI],
    ['SACK, of which the lists are all', sack(1, 1, 'gap.dup1'), null],
    ['SACK, whose lists are longer than it is', sack(9, 9, 'gap.dup1'), null],
    ['FORWARD TSN', chunk(192, 0, Buffer.from(`tsn.${IMEI}`)), `tsn.${IMEI}`],
    ['I-FORWARD-TSN', chunk(194, 0, Buffer.from(`tsn.${IMEI}`)), `tsn.${IMEI}`],
  ])('searches what stands where nothing but numbers should: in %s', (_, control, text) => {
    const c = collect(pcap([sctp([control, data(1, 'user')])]));
    expect(texts(c)).toEqual([text, 'user'].filter((one) => one !== null));
    expect(c.flows[0]?.payloadBytes).toEqual([(text ?? '').length + 4, 0]);
  });

  it('reads what a snapshot length left', () => {
    const frame = sctp([data(1, 'whole'), data(2, `imei=${IMEI} and more`)]);
    const c = collect(pcap([{ bytes: frame.subarray(0, frame.length - 8), wire: frame.length }]), { needle: IMEI });
    expect(c.found).toHaveLength(1);
    expect(c.flows[0]).toMatchObject({ payloadBytes: [5 + 29, 0], incomplete: ['snaplen'] });
  });

  it('in UDP: the datagrams are counted, the association inside is read', () => {
    const c = collect(
      pcap([
        sctpInUdp([data(1, IMEI.slice(0, 5), { flags: 'B' })]),
        sctpInUdp([data(2, IMEI.slice(5), { flags: 'E' })]),
      ]),
      {
        needle: IMEI,
      },
    );
    expect(c.flows).toMatchObject([
      { transport: 'udp', application: 'sctp', clientPort: 9899, packets: [2, 0], payloadBytes: [0, 0] },
      { transport: 'sctp', clientPort: 40_000, packets: [2, 0], payloadBytes: [15, 0] },
    ]);
    expect(c.found).toMatchObject([{ frames: [1, 2] }]);
  });

  it('in UDP: what stands behind the datagram in its packet is searched', () => {
    const datagram = Buffer.concat([udpDatagram(9899, 9899, sctpPacket([data(1, 'user')])), Buffer.from(IMEI)]);
    const c = collect(pcap([ethernet(ipv4(datagram, { from: CLIENT, to: SERVER, protocol: 17 }))]), { needle: IMEI });
    expect(texts(c)).toEqual(['user']);
    expect(c.found).toMatchObject([{ frames: [1], layer: 'datagram' }]);
    expect(c.flows).toMatchObject([
      { transport: 'udp', application: 'sctp', payloadBytes: [15, 0] },
      { transport: 'sctp', payloadBytes: [4, 0] },
    ]);
  });

  it.each([
    ['text', Buffer.from(IMEI)],
    ['chunks that do not fill it', Buffer.concat([sctpPacket([data(1, 'x')]), Buffer.from(IMEI)])],
    ['a port of zero', sctpPacket([data(1, IMEI)], { sourcePort: 0 })],
    ['a chunk of an unknown kind', sctpPacket([chunk(99, 0, Buffer.from(IMEI))])],
  ])('in UDP: %s is no SCTP, and searched', (_, payload) => {
    const c = collect(pcap([udp(9899, 9899, payload)]), { needle: IMEI });
    expect(c.flows).toMatchObject([{ transport: 'udp', application: 'unknown' }]);
    expect(c.found).toHaveLength(1);
  });

  it('names the IP fragments that carry what is found', () => {
    const packet = sctpPacket([data(1, `${'.'.repeat(60)}${IMEI}${'.'.repeat(60)}`)]);
    const part = (from: number, to: number): Buffer =>
      ethernet(
        ipv4(packet.subarray(from, to), {
          from: CLIENT,
          to: SERVER,
          protocol: 132,
          id: 4,
          fragmentOffset: from,
          more: to < packet.length,
        }),
      );
    const c = collect(pcap([part(0, 48), part(48, 96), part(96, packet.length)]), { needle: IMEI });
    expect(c.found.map((f) => f.frames)).toEqual([[2, 3]]);
    expect(c.flows).toMatchObject([{ strayFrames: true }]);
  });

  it('is let through a gate by its ports, in UDP too', () => {
    const wanted = [sctp([data(1, 'one')]), sctpInUdp([data(2, 'two')])];
    const others = [
      sctp([data(1, 'no')], { sourcePort: 40_001 }),
      ethernet(ipv4(udpDatagram(40_000, 36_412, Buffer.from('no')), { from: CLIENT, to: SERVER, protocol: 17 })),
    ];
    const ends = [
      { address: SERVER, port: 36_412 },
      { address: CLIENT, port: 40_000 },
    ] as const;
    const gate = new FlowGate({ transport: 'sctp', ends });
    expect(texts(collect(pcap([...wanted, ...others]), { gate }))).toEqual(['one', 'two']);
    expect(gate.admitted).toBe(2);
    const none = new FlowGate({
      transport: 'other',
      ends: [
        { address: SERVER, port: 0 },
        { address: CLIENT, port: 0 },
      ],
    });
    expect(collect(pcap(wanted), { gate: none }).flows).toEqual([]);
  });

  it('has a filter of ports', () => {
    const client = { address: CLIENT, port: 40_000 };
    const server = { address: SERVER, port: 36_412 };
    expect(conversationFilter({ transport: 'sctp', streamIndex: 3, client, server })).toBe(
      `ip.addr==${CLIENT} && ip.addr==${SERVER} && sctp.port==40000 && sctp.port==36412`,
    );
  });
});

describe('Diameter over SCTP', () => {
  const message = updateLocation();

  it.each([
    ['by its payload protocol', {}, 46],
    ['by its port', DIAMETER, 0],
    ['by its commands', {}, 0],
  ])('is known %s', (_, ports, payload) => {
    const c = collect(pcap([sctp([data(1, message, { payload }), data(2, message, { payload, stream: 1 })], ports)]), {
      needle: NUMBER,
    });
    expect(c.messages.map((m) => [m.kind, m.fields['userName'], m.fields['msisdn']])).toEqual([
      ['diameter', IMSI, NUMBER],
      ['diameter', IMSI, NUMBER],
    ]);
    const at = message.indexOf(tbcd(NUMBER));
    expect(c.found).toMatchObject([
      { field: 'diameter.msisdn', decodings: ['tbcd'], frames: [1], streamOffset: at, message: 0 },
      { field: 'diameter.msisdn', decodings: ['tbcd'], frames: [1], streamOffset: at + message.length, message: 1 },
    ]);
    expect(c.flows).toMatchObject([{ application: 'diameter', channel: 'cleartext', incomplete: [] }]);
  });

  it('is read from pieces; the message stands where it became whole', () => {
    const cut = message.indexOf(tbcd(NUMBER)) + 3;
    const c = collect(
      pcap([
        sctp([data(2, message.subarray(cut), { flags: 'E', payload: 46 })], DIAMETER),
        sctp([data(1, message.subarray(0, cut), { flags: 'B', payload: 46 })], DIAMETER),
        sctp([data(1, message.subarray(0, cut), { flags: 'B', payload: 46 })], DIAMETER),
      ]),
      { needle: NUMBER },
    );
    expect(c.messages).toMatchObject([{ kind: 'diameter', frame: 2 }]);
    expect(c.found).toMatchObject([{ frames: [1, 2], field: 'diameter.msisdn' }]);
    expect(c.flows[0]?.incomplete).toEqual([]);
  });

  it('of an unknown command is believed only where port or payload protocol say so', () => {
    const strange = diameterMessage(8_388_000, 4, []);
    const kinds = (payload: number): string[] =>
      collect(pcap([sctp([data(1, strange, { payload })])])).messages.map((m) => m.kind);
    expect(kinds(46)).toEqual(['diameter']);
    expect(kinds(18)).toEqual([]);
  });

  it('is not believed of bytes that are none; they are searched', () => {
    const sealed = Buffer.concat([Buffer.from([23, 0xfe, 0xfd]), Buffer.from(IMEI)]);
    const c = collect(pcap([sctp([data(1, sealed, { payload: 47 })], DIAMETER)]), { needle: IMEI });
    expect(c.flows).toMatchObject([{ application: 'unknown', channel: 'unknown', incomplete: [] }]);
    expect(c.found).toHaveLength(1);
  });
});
