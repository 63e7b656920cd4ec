import { describe, expect, it } from 'vitest';
import { type Collected, collect } from './collector.ts';
import { Conversation } from './conversation.ts';
import { pcap, udp } from './packet-builder.ts';
import {
  bytes,
  coapGet,
  IMEI,
  IMSI,
  INVITE,
  INVITE_BODY,
  mqttConnect,
  mqttPacket,
  mqttPublish,
  mqttSubscribe,
  NUMBER,
  REGISTER,
  stunAttribute,
  stunMessage,
} from './protocol-fixtures.ts';

const told = (c: Collected): unknown[] => c.messages.map(({ kind, way, fields }) => [kind, way, fields]);

const OK = 'SIP/2.0 200 OK\r\nVia: x\r\nFrom: a\r\nTo: b\r\nContent-Length: 0\r\n\r\n';

describe('SIP', () => {
  it.each([1, 11, 2000])('over TCP: requests, bodies, keep-alives, in pieces of %i bytes', (piece) => {
    const t = new Conversation({ targetPort: 5060 })
      .toServer(`${REGISTER}\r\n\r\n${INVITE}`, piece)
      .toClient(OK, piece);
    const c = collect(pcap(t.packets), { needle: `urn:gsma:imei:${IMEI.slice(0, 8)}` });
    expect(told(c)).toMatchObject([
      [
        'sip-request',
        0,
        {
          method: 'REGISTER',
          uri: 'sip:ims.mnc092.mcc466.3gppnetwork.org',
          from: `<sip:${IMSI}@ims.mnc092.mcc466.3gppnetwork.org>;tag=1`,
          to: `<sip:${IMSI}@ims.mnc092.mcc466.3gppnetwork.org>`,
          accessNetwork: '3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=4669200010019B01',
          instance: `<urn:gsma:imei:${IMEI.slice(0, 8)}-${IMEI.slice(8, 14)}-0>`,
          bodyBytes: 0,
        },
      ],
      ['sip-request', 0, { method: 'INVITE', uri: `tel:+${NUMBER}`, bodyBytes: INVITE_BODY.length }],
      ['sip-response', 1, { status: 200, reason: 'OK', from: 'a', to: 'b' }],
    ]);
    expect(c.flows[0]).toMatchObject({ application: 'sip', channel: 'cleartext', incomplete: [] });
  });

  it('names the header that holds a text, in a stream and in a datagram', () => {
    const stream = pcap(new Conversation({ targetPort: 5060 }).toServer(REGISTER).packets);
    const datagram = pcap([udp(5060, 5060, REGISTER)]);
    for (const capture of [stream, datagram]) {
      const field = (needle: string): unknown => collect(capture, { needle }).found.map((f) => [f.field, f.message]);
      expect(field(IMSI)).toEqual([
        ['sip.header:from', 0],
        ['sip.header:to', 0],
      ]);
      expect(field('466920001')).toEqual([['sip.header:p-access-network-info', 0]]);
      expect(field('gsma:imei')).toEqual([['sip.header:contact', 0]]);
      expect(field('ims.mnc092.mcc466.3gppnetwork.org SIP')).toEqual([['sip.uri', 0]]);
    }
  });

  it('over UDP: one message a datagram; keep-alives are none', () => {
    const c = collect(pcap([udp(5060, 5060, INVITE), udp(5060, 5060, '\r\n\r\n'), udp(40_000, 40_001, REGISTER)]));
    expect(c.messages.map((m) => [m.kind, m.fields['method'], m.fields['bodyBytes']])).toEqual([
      ['sip-request', 'INVITE', INVITE_BODY.length],
      ['sip-request', 'REGISTER', 0],
    ]);
    expect(c.flows.map((f) => [f.application, f.incomplete])).toEqual([
      ['sip', []],
      ['sip', []],
    ]);
  });

  it('tells the client without a SYN, and does not take HTTP for SIP', () => {
    const sides = { sourcePort: 40_000, targetPort: 40_001, syn: false };
    expect(collect(pcap(new Conversation(sides).toClient(OK).packets)).flows[0]).toMatchObject({
      application: 'sip',
      clientPort: 40_000,
    });
    const http = new Conversation().toServer('OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n', 3);
    expect(collect(pcap(http.packets)).messages).toMatchObject([{ kind: 'http-request' }]);
  });

  it('goes on at the next message after a gap', () => {
    const t = new Conversation({ targetPort: 5060 }).toServer(REGISTER);
    t.packets.push(t.clientSegment(500, REGISTER));
    const c = collect(pcap(t.packets));
    expect(c.messages).toHaveLength(2);
    expect(c.flows[0]?.incomplete).toEqual(['tcp-gap']);
  });
});

describe('MQTT', () => {
  it.each([
    [3, '3.1', 1],
    [4, '3.1.1', 7],
    [5, '5', 1000],
  ] as const)('protocol level %i: who connects, what is published and asked for', (level, version, piece) => {
    const five = level === 5 ? 5 : 4;
    const t = new Conversation({ targetPort: 1883 }).toServer(mqttConnect(level), piece);
    t.toClient(level === 5 ? bytes(0x20, 3, 0, 0, 0) : bytes(0x20, 2, 0, 0), piece);
    t.toServer(mqttSubscribe(['down/1', `dev/${IMEI}/#`], five), piece);
    t.toServer(mqttPublish('up/1', `{"imei":"${IMEI}"}`, five), piece).toServer(bytes(0xc0, 0, 0xe0, 0));
    t.toClient(mqttPublish('down/1', 'hi', five), piece);
    const c = collect(pcap(t.packets));
    expect(told(c)).toEqual([
      ['mqtt-connect', 0, { version, clientId: `android-${IMEI}`, userName: `u${NUMBER}`, passwordBytes: 6 }],
      ['mqtt-subscribe', 0, { topics: ['down/1', `dev/${IMEI}/#`] }],
      ['mqtt-publish', 0, { topic: 'up/1', payloadBytes: 26 }],
      ['mqtt-publish', 1, { topic: 'down/1', payloadBytes: 2 }],
    ]);
    expect(c.flows[0]).toMatchObject({ application: 'mqtt', channel: 'cleartext', incomplete: [] });
  });

  it('names the field that holds a text', () => {
    const t = new Conversation({ targetPort: 1883 }).toServer(mqttConnect(4)).toServer(mqttPublish('t', IMEI));
    const c = collect(pcap(t.packets), { needle: IMEI });
    expect(c.found.map((f) => [f.field, f.message])).toEqual([
      ['mqtt.clientid', 0],
      ['mqtt.msg', 1],
    ]);
  });

  it('passes a long payload over without keeping it', () => {
    const t = new Conversation({ targetPort: 1883 }).toServer(mqttConnect(4));
    t.toServer(mqttPublish('big', 'x'.repeat(200_000)), 1400).toServer(mqttPublish('next', ''));
    const c = collect(pcap(t.packets));
    expect(c.messages.map((m) => m.fields['payloadBytes'])).toEqual([undefined, 200_000, 0]);
    expect(c.flows[0]?.incomplete).toEqual([]);
  });

  it('goes on behind a gap inside a payload, and says what is damaged', () => {
    const t = new Conversation({ targetPort: 1883 }).toServer(mqttConnect(4));
    const big = mqttPublish('big', 'x'.repeat(3000));
    t.packets.push(t.clientSegment(0, big.subarray(0, 1000)));
    t.packets.push(t.clientSegment(2000, Buffer.concat([big.subarray(2000), mqttPublish('next', 'y')])));
    const c = collect(pcap(t.packets));
    expect(c.messages.map((m) => m.fields['topic'] ?? m.kind)).toEqual(['mqtt-connect', 'next']);
    expect(c.flows[0]?.incomplete).toEqual(['tcp-gap', 'message-cut']);
    const bad = new Conversation({ targetPort: 1883 }).toServer(mqttConnect(4)).toServer(mqttPacket(0x30, bytes(0xff)));
    expect(collect(pcap(bad.packets)).flows[0]?.incomplete).toEqual(['malformed']);
  });
});

describe('small datagram protocols', () => {
  it('STUN: method, class and user name', () => {
    const request = stunMessage(0x0003, stunAttribute(6, `u${NUMBER}`), stunAttribute(0x14, 'example'));
    const c = collect(
      pcap([udp(50_000, 3478, request), udp(50_001, 40_000, stunMessage(0x0101, stunAttribute(0x8022, 'coturn')))]),
      { needle: NUMBER },
    );
    expect(told(c)).toEqual([
      ['stun', 0, { method: 'allocate', class: 'request', userName: `u${NUMBER}`, realm: 'example', software: null }],
      ['stun', 0, { method: 'binding', class: 'success', userName: null, realm: null, software: 'coturn' }],
    ]);
    expect(c.found).toMatchObject([{ field: 'stun.username', message: 0 }]);
    expect(c.flows.map((f) => f.application)).toEqual(['stun', 'stun']);
  });

  it('SSDP: searches and announcements', () => {
    const search = 'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nST: ssdp:all\r\n\r\n';
    const notify =
      'NOTIFY * HTTP/1.1\r\nNT: upnp:rootdevice\r\nUSN: uuid:1\r\nSERVER: Linux\r\nLOCATION: http://h/\r\n\r\n';
    const c = collect(pcap([udp(50_000, 1900, search), udp(50_001, 1900, notify)]), { needle: 'uuid:1' });
    expect(told(c)).toMatchObject([
      ['ssdp', 0, { method: 'M-SEARCH', target: 'ssdp:all' }],
      [
        'ssdp',
        0,
        { method: 'NOTIFY', target: 'upnp:rootdevice', usn: 'uuid:1', server: 'Linux', location: 'http://h/' },
      ],
    ]);
    expect(c.found).toMatchObject([{ field: 'ssdp.header:usn', message: 1 }]);
  });

  it('CoAP: method, path and query; an option that runs out is damage', () => {
    const c = collect(pcap([udp(50_000, 5683, coapGet())]), { needle: IMEI });
    expect(told(c)).toEqual([
      [
        'coap',
        0,
        { method: 'GET', code: '0.01', host: 'iot.example', uri: `/v1/report?imei=${IMEI}`, payloadBytes: 8 },
      ],
    ]);
    expect(c.found).toMatchObject([{ field: 'coap.uri_query', message: 0 }]);
    const cut = collect(pcap([udp(50_000, 5683, coapGet().subarray(0, 12))]));
    expect(cut.flows[0]?.incomplete).toEqual(['malformed']);
    // The last byte of the capture says that the length of the option, or its number, follows.
    for (const last of [0x0d, 0xd0, 0x0e, 0xe0]) {
      const runsOut = collect(pcap([udp(50_000, 5683, bytes(0x42, 0x01, 0x12, 0x34, 0xaa, 0xbb, last))]));
      expect(runsOut.messages).toEqual([]);
      expect(runsOut.flows[0]?.incomplete).toEqual(['malformed']);
    }
  });

  it('NTP: recognised and searched', () => {
    const c = collect(pcap([udp(50_000, 123, Buffer.concat([bytes(0x23), Buffer.alloc(47)]))]));
    expect(c.flows[0]).toMatchObject({ application: 'ntp', channel: 'cleartext', readableBytes: [48, 0] });
  });
});

describe('a capture that begins in the middle of a conversation', () => {
  const sides = { sourcePort: 40_000, targetPort: 40_001, syn: false };

  it('finds the next message that begins with a segment', () => {
    const http = new Conversation(sides).toServer('end of a body').toServer('GET /next HTTP/1.1\r\nHost: h\r\n\r\n');
    const sip = new Conversation(sides).toServer('v=0 end of a body').toServer(REGISTER);
    expect(collect(pcap(http.packets)).messages).toMatchObject([{ kind: 'http-request', fields: { uri: '/next' } }]);
    expect(collect(pcap(sip.packets)).messages).toMatchObject([{ kind: 'sip-request' }]);
  });

  it('does not look for ever where the opening was seen, but again behind a gap', () => {
    const open = { sourcePort: 40_000, targetPort: 40_001 };
    const after = (segments: number): Conversation => {
      const t = new Conversation(open);
      for (let i = 0; i < segments; i++) t.toServer('binary');
      return t;
    };
    const request = 'GET /x HTTP/1.1\r\nHost: h\r\n\r\n';
    const kinds = (t: Conversation): number => collect(pcap(t.packets)).messages.length;
    expect([kinds(after(2).toServer(request)), kinds(after(40).toServer(request))]).toEqual([1, 0]);
    const gap = after(40);
    gap.packets.push(gap.clientSegment(10, request));
    expect(kinds(gap)).toBe(1);
  });

  it('follows what the other direction tells, once', () => {
    const t = new Conversation(sides).toServer('NOOP\r\n').toClient('220 mx ESMTP\r\n').toServer('QUIT\r\n');
    expect(collect(pcap(t.packets)).messages.map((m) => m.fields['command'] ?? m.fields['status'])).toEqual([
      '220',
      'QUIT',
    ]);
    const odd = new Conversation(sides)
      .toServer(bytes(1, 2, 3))
      .toClient('220 mx ESMTP\r\n')
      .toServer(bytes(1, 2, 3));
    expect(collect(pcap(odd.packets)).messages).toHaveLength(1);
  });
});
