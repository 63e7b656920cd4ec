import { clientHello, dns, tlsRecord, u16, u32 } from './packet-builder.ts';
import {
  bytes,
  coapGet,
  dhcpMessage,
  dhcpv6Message,
  gtpV1Create,
  gtpV2Create,
  IMEI,
  INVITE,
  labels,
  latin,
  MAC,
  mqttConnect,
  mqttPublish,
  mqttSubscribe,
  netbiosName,
  REGISTER,
  stunAttribute,
  stunMessage,
  updateLocation,
} from './protocol-fixtures.ts';

const HELLO = tlsRecord(22, clientHello('up.example'));
const framedDns = (name: string): Buffer => {
  const query = dns(name, 1);
  return Buffer.concat([u16(query.length), query]);
};

/** What a client sends and what it is answered, per protocol, with its port. */
export const STREAMS: readonly (readonly [name: string, port: number, client: Buffer, server: Buffer])[] = [
  [
    'smtp',
    25,
    Buffer.concat([latin('EHLO a\r\nMAIL FROM:<a>\r\nDATA\r\nQUIT\r\n.\r\nSTARTTLS\r\n'), HELLO]),
    latin('220 x ESMTP\r\n250-a\r\n250 b\r\n'),
  ],
  ['pop', 110, Buffer.concat([latin('CAPA\r\nSTLS\r\n'), HELLO]), latin('+OK POP3\r\n+OK\r\n')],
  [
    'imap',
    143,
    latin('a LOGIN {3}\r\nabc {2}\r\nxy\r\nb SELECT z\r\n'),
    latin('* OK hi\r\n* 1 FETCH {4}\r\na OK\r\na OK x\r\n'),
  ],
  ['ftp', 21, latin('USER a\r\nPASS b\r\n'), latin('220 FTP here\r\n331 p\r\n')],
  [
    'xmpp',
    5222,
    Buffer.concat([latin("<?xml version='1.0'?><stream:stream to='x'><iq id='1'><a/></iq>"), HELLO]),
    latin(''),
  ],
  ['sip', 5060, latin(`${REGISTER}\r\n${INVITE}`), latin('SIP/2.0 200 OK\r\nContent-Length: 2\r\n\r\nab')],
  [
    'mqtt',
    1883,
    Buffer.concat([mqttConnect(5), mqttSubscribe(['a/b'], 5), mqttPublish('t', IMEI, 5)]),
    Buffer.concat([bytes(0x20, 3, 0, 0, 0), mqttPublish('u', 'v', 5)]),
  ],
  ['diameter', 3868, Buffer.concat([updateLocation(), updateLocation()]), Buffer.alloc(0)],
  [
    'ldap',
    389,
    Buffer.concat([Buffer.from('301602010160110201030407636e3d616e6e618003736563', 'hex'), HELLO]),
    Buffer.alloc(0),
  ],
  ['postgresql', 5432, Buffer.concat([Buffer.from('0000000804d2162f', 'hex'), HELLO]), latin('S')],
  ['dns', 53, Buffer.concat([framedDns('aa1.bb2.c.example'), framedDns('x.example')]), Buffer.alloc(0)],
];

/** Ports and payloads of every protocol over UDP that is read. */
export const DATAGRAMS: readonly (readonly [port: number, payload: Buffer])[] = [
  [53, dns('4901542.0323751.8.t.example', 1)],
  [137, Buffer.concat([u16(7), u16(0x2910), u16(1), u32(0), u16(0), labels(netbiosName('A', 0)), u16(32), u16(1)])],
  [
    67,
    dhcpMessage({
      options: [
        [53, bytes(3)],
        [52, bytes(3)],
        [12, latin('a')],
        [12, latin('b')],
        [61, Buffer.concat([bytes(255), u32(1), u16(1), u16(1), u32(0), MAC])],
        [81, Buffer.concat([bytes(4, 0, 0), labels('p.example')])],
      ],
    }),
  ],
  [
    547,
    dhcpv6Message(1, [
      [1, Buffer.concat([u16(3), u16(1), MAC])],
      [39, Buffer.concat([bytes(1), labels('p.e')])],
    ]),
  ],
  [2123, gtpV1Create()],
  [2123, gtpV2Create()],
  [3478, stunMessage(1, stunAttribute(6, 'user'))],
  [5060, latin(INVITE)],
  [1900, latin('NOTIFY * HTTP/1.1\r\nNT: x\r\nUSN: y\r\n\r\n')],
  [5683, coapGet()],
];
