import { describe, expect, it } from 'vitest';
import { collect } from './collector.ts';
import { ethernet, ipv6, pcap, u16, u32, udp, udpDatagram } from './packet-builder.ts';
import { bytes, dhcpMessage, dhcpv6Message, labels, latin, MAC, MAC_TEXT } from './protocol-fixtures.ts';

const asked = (message: Buffer): Buffer => pcap([udp(68, 67, message, '0.0.0.0', '255.255.255.255')]);

const REQUEST = dhcpMessage({
  options: [
    [53, bytes(3)],
    [12, latin('android-4f2a9c1d7e3b8a60')],
    [61, Buffer.concat([bytes(1), MAC])],
    [50, bytes(10, 0, 0, 5)],
    [60, latin('android-dhcp-10')],
    [55, bytes(1, 3, 6, 15)],
  ],
});

describe('DHCP', () => {
  it('tells who asks, and hands the binary MAC on as text', () => {
    const c = collect(asked(REQUEST), { needle: MAC_TEXT });
    expect(c.messages).toMatchObject([
      {
        kind: 'dhcp',
        way: 0,
        frame: 1,
        fields: {
          version: 4,
          type: 'request',
          hostName: 'android-4f2a9c1d7e3b8a60',
          fullName: null,
          clientId: MAC_TEXT,
          hardwareAddress: MAC_TEXT,
          vendorClass: 'android-dhcp-10',
          requestedAddress: '10.0.0.5',
          parameters: [1, 3, 6, 15],
        },
      },
    ]);
    expect(c.flows[0]).toMatchObject({ application: 'dhcp', channel: 'cleartext', incomplete: [] });
    expect(c.found).toMatchObject([
      { field: 'dhcp.chaddr', streamOffset: 28, decodings: ['dhcp'], frames: [1], message: 0 },
      { field: 'dhcp.client_id', streamOffset: REQUEST.indexOf(bytes(61, 7)) + 2, message: 0 },
    ]);
  });

  it('names the option that holds a text, which is found once', () => {
    const found = (needle: string): unknown => collect(asked(REQUEST), { needle }).found;
    expect(found('4f2a9c1d7e3b8a60')).toMatchObject([{ field: 'dhcp.option.hostname', layer: 'datagram', message: 0 }]);
    expect(found('android-dhcp')).toMatchObject([{ field: 'dhcp.option.vendor_class_id' }]);
  });

  it('puts an option in pieces together (RFC 3396)', () => {
    const split = dhcpMessage({
      options: [
        [53, bytes(1)],
        [12, latin('android-4f2a')],
        [12, latin('9c1d7e3b')],
      ],
    });
    const c = collect(asked(split), { needle: '4f2a9c1d' });
    expect(c.messages[0]?.fields).toMatchObject({ type: 'discover', hostName: 'android-4f2a9c1d7e3b' });
    expect(c.found).toMatchObject([{ field: 'dhcp.option.hostname', layer: 'body' }]);
  });

  it('reads on in file and sname where option 52 says so', () => {
    const file = Buffer.concat([bytes(12, 5), latin('phone'), bytes(255)]);
    const sname = Buffer.concat([bytes(60, 3), latin('abc'), bytes(255)]);
    const options = [
      [53, bytes(1)],
      [52, bytes(3)],
    ] as const;
    expect(collect(asked(dhcpMessage({ options, file, sname }))).messages[0]?.fields).toMatchObject({
      hostName: 'phone',
      vendorClass: 'abc',
    });
    expect(collect(asked(dhcpMessage({ options: [[53, bytes(1)]], file, sname }))).messages[0]?.fields).toMatchObject({
      hostName: null,
      vendorClass: null,
    });
  });

  it('reads a full name in text and in labels (RFC 4702), and a DUID as client id (RFC 4361)', () => {
    const fqdn = (flags: number, name: Buffer): Buffer =>
      asked(
        dhcpMessage({
          chaddr: Buffer.alloc(6),
          options: [
            [53, bytes(3)],
            [61, Buffer.concat([bytes(255), u32(1), u16(3), u16(1), MAC])],
            [81, Buffer.concat([bytes(flags, 0, 0), name])],
          ],
        }),
      );
    const wire = collect(fqdn(4, labels('phone.home.example')), { needle: 'phone.home.example' });
    expect(wire.messages[0]?.fields).toMatchObject({
      fullName: 'phone.home.example',
      clientId: `link-layer ${MAC_TEXT}`,
      hardwareAddress: null,
    });
    expect(wire.found).toMatchObject([{ field: 'dhcp.fqdn.name', decodings: ['dhcp'] }]);
    const text = collect(fqdn(0, latin('phone.home.example')), { needle: MAC_TEXT });
    expect(text.messages[0]?.fields['fullName']).toBe('phone.home.example');
    expect(text.found).toMatchObject([{ field: 'dhcp.client_id' }]);
  });

  it('says what is damaged', () => {
    const cut = REQUEST.subarray(0, REQUEST.indexOf('4f2a'));
    const c = collect(asked(cut));
    expect(c.flows[0]?.incomplete).toEqual(['malformed']);
    expect(c.messages[0]?.fields).toMatchObject({ type: 'request', hostName: null, hardwareAddress: MAC_TEXT });
    const short = collect(asked(REQUEST.subarray(0, 100)), { needle: MAC_TEXT });
    expect(short.flows[0]?.incomplete).toEqual(['message-cut']);
    expect(short.messages[0]?.fields).toMatchObject({ type: null, hardwareAddress: MAC_TEXT });
    expect(short.found).toMatchObject([{ field: 'dhcp.chaddr' }]);
    expect(collect(asked(latin('short'))).flows[0]?.incomplete).toEqual(['malformed']);
  });
});

const LINK_LOCAL = 'fe80000000000000000000000000abcd';
const ALL_SERVERS = 'ff020000000000000000000000010002';
const asked6 = (message: Buffer): Buffer =>
  pcap([ethernet(ipv6(udpDatagram(546, 547, message), 17, LINK_LOCAL, ALL_SERVERS), 0x86dd)]);

describe('DHCPv6', () => {
  const duids: readonly (readonly [string, Buffer, string, string | null])[] = [
    ['link-layer and time', Buffer.concat([u16(1), u16(1), u32(0x2a), MAC]), `link-layer-time ${MAC_TEXT}`, MAC_TEXT],
    ['link-layer', Buffer.concat([u16(3), u16(1), MAC]), `link-layer ${MAC_TEXT}`, MAC_TEXT],
    ['enterprise', Buffer.concat([u16(2), u32(311), bytes(0xde, 0xad)]), 'enterprise 311 dead', null],
    [
      'UUID',
      Buffer.concat([u16(4), Buffer.from('00112233445566778899aabbccddeeff', 'hex')]),
      'uuid 00112233-4455-6677-8899-aabbccddeeff',
      '00112233-4455-6677-8899-aabbccddeeff',
    ],
  ];

  it.each(duids)('reads a client DUID: %s', (_kind, duid, text, hidden) => {
    const solicit = dhcpv6Message(1, [
      [1, duid],
      [6, Buffer.concat([u16(23), u16(24)])],
      [16, Buffer.concat([u32(311), u16(8), latin('MSFT 5.0')])],
      [39, Buffer.concat([bytes(1), labels('phone.example')])],
    ]);
    const c = collect(asked6(solicit), hidden === null ? {} : { needle: hidden });
    expect(c.messages).toMatchObject([
      {
        kind: 'dhcp',
        fields: {
          version: 6,
          type: 'solicit',
          clientId: text,
          fullName: 'phone.example',
          vendorClass: '311 MSFT 5.0',
          parameters: [23, 24],
        },
      },
    ]);
    expect(c.flows[0]).toMatchObject({ application: 'dhcpv6', incomplete: [] });
    if (hidden !== null) {
      expect(c.found).toMatchObject([{ field: 'dhcpv6.duid', decodings: ['dhcp'], streamOffset: 8, frames: [1] }]);
    }
  });

  it('reads what relays wrapped, with the address they add (RFC 6939)', () => {
    const inner = dhcpv6Message(1, [[1, Buffer.concat([u16(2), u32(9), bytes(1)])]]);
    const options = [
      [79, Buffer.concat([u16(1), MAC])],
      [9, inner],
    ] as const;
    const wrapped = options.map(([code, value]) => Buffer.concat([u16(code), u16(value.length), value]));
    const relay = Buffer.concat([bytes(12, 0), Buffer.alloc(32, 1), ...wrapped]);
    const c = collect(asked6(relay), { needle: MAC_TEXT });
    expect(c.messages[0]?.fields).toMatchObject({
      type: 'solicit',
      clientId: 'enterprise 9 01',
      hardwareAddress: MAC_TEXT,
    });
    expect(c.found).toMatchObject([{ field: 'dhcpv6.client_link_layer_address', message: 0 }]);
  });

  it('bounds relays around relays', () => {
    let message = dhcpv6Message(1, []);
    for (let i = 0; i < 20; i++) {
      message = Buffer.concat([bytes(12, 0), Buffer.alloc(32), u16(9), u16(message.length), message]);
    }
    expect(collect(asked6(message)).flows[0]?.incomplete).toEqual(['malformed']);
  });
});
