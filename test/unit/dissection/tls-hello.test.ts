import { describe, expect, it } from 'vitest';
import { ja4Of } from '../../../main/dissection/tls-ja4.ts';
import { type ClientHello, parseClientHello } from '../../../main/dissection/tls-hello.ts';
import { ServerNameScan } from '../../../main/dissection/tls-name-scan.ts';
import { collect } from './collector.ts';
import { Conversation } from './conversation.ts';
import { pcap, tlsRecord, u16 } from './packet-builder.ts';

type Extension = readonly [type: number, data: Buffer | string];

const list16 = (codes: readonly number[]): Buffer => Buffer.concat(codes.map(u16));
const with16 = (b: Buffer): Buffer => Buffer.concat([u16(b.length), b]);
const with8 = (b: Buffer): Buffer => Buffer.concat([Buffer.from([b.length]), b]);
const serverName = (name: string): Extension => [
  0,
  with16(Buffer.concat([Buffer.from([0]), with16(Buffer.from(name))])),
];
const protocols = (...names: Buffer[]): Extension => [16, with16(Buffer.concat(names.map(with8)))];
const versions = (...codes: number[]): Extension => [43, with8(list16(codes))];
const signatures = (...codes: number[]): Extension => [13, with16(list16(codes))];
const hexCodes = (text: string): number[] => text.split(',').map((x) => Number.parseInt(x, 16));

interface HelloParts {
  readonly version?: number;
  readonly sessionId?: Buffer;
  readonly ciphers?: readonly number[];
  readonly extensions?: readonly Extension[];
}

function helloBody(o: HelloParts): Buffer {
  const extensions = (o.extensions ?? []).map(([type, data]) => {
    return Buffer.concat([u16(type), with16(typeof data === 'string' ? Buffer.from(data, 'hex') : data)]);
  });
  return Buffer.concat([
    u16(o.version ?? 0x0303),
    Buffer.alloc(32, 7),
    with8(o.sessionId ?? Buffer.alloc(0)),
    with16(list16(o.ciphers ?? [0x1301])),
    Buffer.from([1, 0]),
    with16(Buffer.concat(extensions)),
  ]);
}

function message(kind: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([kind, 0]), u16(body.length), body]);
}

function parsed(o: HelloParts): ClientHello {
  const body = helloBody(o);
  const hello = parseClientHello(body, 0, body.length);
  if (hello === null) throw new Error('not a hello');
  return hello;
}

/** Extensions with these types, in the order given; those with content of their own are put in. */
function typed(types: string, own: readonly Extension[]): Extension[] {
  return hexCodes(types).map((type) => own.find(([t]) => t === type) ?? [type, '']);
}

describe('JA4', () => {
  // The example of the published method: its raw lists and the fingerprint made of them.
  const ciphers = '1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035';
  const order = '0a0a,001b,0000,0033,0010,4469,0017,002d,000d,0005,0023,0012,002b,ff01,000b,000a,0015';
  const content = [
    serverName('example.com'),
    protocols(Buffer.from('h2'), Buffer.from('http/1.1')),
    versions(0x8a8a, 0x0304, 0x0303),
    signatures(...hexCodes('0403,0804,0401,0503,0805,0501,0806,0601')),
  ];
  const chrome = parsed({ ciphers: [0x3a3a, ...hexCodes(ciphers)], extensions: typed(order, content) });

  it('is what the published example says', () => {
    expect(ja4Of(chrome, 't')).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1');
    expect(ja4Of(chrome, 'q')).toBe('q13d1516h2_8daaf6152771_e5627efa2ab1');
  });

  it('is the same for another implementation', () => {
    // Shown by a public fingerprint page together with its raw lists.
    const hello = parsed({
      ciphers: hexCodes('1302,1303,1301,c02c,c030,c02b,c02f,cca9,cca8,00ff'),
      extensions: typed('0000,000b,000a,0023,0010,0017,000d,002b,002d,0033,0005', [
        serverName('example.com'),
        protocols(Buffer.from('h2')),
        versions(0x0304, 0x0303),
        signatures(...hexCodes('0503,0403,0807,0806,0805,0804,0601,0501,0401')),
      ]),
    });
    expect(ja4Of(hello, 't')).toBe('t13d1011h2_61a7ad8aa9b6_3fcd1a44f3e3');
  });

  it('tells what is missing', () => {
    const bare = parsed({ version: 0x0301, ciphers: [0x0a0a] });
    expect(ja4Of(bare, 't')).toBe('t10i000000_000000000000_000000000000');
    expect(ja4Of(parsed({ version: 0xfefd, extensions: [serverName('x')] }), 'd')).toMatch(
      /^dd2d010100_[0-9a-f]{12}_000000000000$/,
    );
  });

  it.each([
    ['h', 'hh'],
    ['http/1.1', 'h1'],
    ['\u00aba', 'c1'],
    ['x-', '7d'],
    ['', '00'],
  ])('shows the ends of protocol %j as %s', (protocol, ends) => {
    expect(ja4Of(parsed({ extensions: [protocols(Buffer.from(protocol))] }), 't').slice(8, 10)).toBe(ends);
  });
});

describe('a ClientHello', () => {
  it('lists versions without those reserved to be ignored', () => {
    const hello = parsed({ extensions: [versions(0x5a5a, 0x0304, 0x0303, 0x0302)] });
    expect(hello).toMatchObject({ version: '1.3', versions: ['1.3', '1.2', '1.1'] });
    expect(parsed({ version: 0x0302 })).toMatchObject({ version: '1.1', versions: ['1.1'] });
  });

  it('tells which session it would take up', () => {
    const sessionId = Buffer.alloc(32, 1);
    expect(parsed({ sessionId }).resumption).toEqual(['session-id']);
    expect(parsed({ sessionId, extensions: [[35, 'aabb']] }).resumption).toEqual(['ticket']);
    expect(parsed({ sessionId, extensions: [[35, '']] }).resumption).toEqual(['session-id']);
    // A TLS 1.3 client fills the field for old middle boxes.
    expect(parsed({ sessionId, extensions: [versions(0x0304)] }).resumption).toEqual([]);
    const psk = parsed({
      sessionId,
      extensions: [versions(0x0304), [42, ''], [41, '00']],
    });
    expect(psk).toMatchObject({ resumption: ['psk'], earlyData: true });
  });

  it('notes an encrypted inner hello', () => {
    const extensions: Extension[] = [serverName('public.example'), [0xfe0d, '00']];
    const record = tlsRecord(22, message(1, helloBody({ extensions })));
    const c = collect(pcap(new Conversation({ targetPort: 443 }).toServer(record).packets));
    expect(c.messages[0]?.fields).toMatchObject({ serverName: 'public.example', encryptedClientHello: true });
    expect(parsed({}).encryptedHello).toBe(false);
  });

  it('never throws, wherever it ends', () => {
    const body = helloBody({ extensions: [serverName('a.example'), protocols(Buffer.from('h2')), versions(0x0304)] });
    for (let n = 0; n <= body.length; n++) {
      const hello = parseClientHello(body.subarray(0, n), 0, n);
      // Old hellos have no extensions at all: 41 bytes are a whole one too.
      expect(hello?.whole ?? false).toBe(n === body.length || n === 41);
    }
  });

  it('gives its name as soon as it is there, at whatever pace the bytes come', () => {
    const body = helloBody({ extensions: [[21, '00'.repeat(40)], serverName('slow.example'), [21, '00']] });
    const at = body.indexOf('slow.example');
    const scan = new ServerNameScan();
    for (let n = 0; n < body.length; n++) {
      expect(scan.find(body, 0, n)).toEqual(n < at + 12 ? null : [at, at + 12]);
    }
  });
});

describe('a session that is taken up', () => {
  const serverHello = (sessionId: Buffer, extensions: readonly Extension[] = []): Buffer => {
    const tail = extensions.map(([type, data]) =>
      Buffer.concat([u16(type), with16(Buffer.from(data as string, 'hex'))]),
    );
    return message(
      2,
      Buffer.concat([
        u16(0x0303),
        Buffer.alloc(32, 9),
        with8(sessionId),
        u16(0x1301),
        Buffer.from([0]),
        with16(Buffer.concat(tail)),
      ]),
    );
  };
  const id = Buffer.alloc(32, 5);
  const resumed = (client: HelloParts, server: Buffer): unknown => {
    const t = new Conversation({ targetPort: 443 });
    t.toServer(tlsRecord(22, message(1, helloBody(client)))).toClient(tlsRecord(22, server));
    const hello = collect(pcap(t.packets)).messages.find((m) => m.kind === 'tls-server-hello');
    return hello?.fields['resumed'];
  };

  it('is known by the repeated number, with or without a ticket', () => {
    expect(resumed({ sessionId: id }, serverHello(id))).toBe('session-id');
    expect(resumed({ sessionId: id, extensions: [[35, 'aa']] }, serverHello(id))).toBe('ticket');
    expect(resumed({ sessionId: id }, serverHello(Buffer.alloc(32, 6)))).toBeNull();
    expect(resumed({}, serverHello(Buffer.alloc(0)))).toBeNull();
  });

  it('is known by the key chosen in TLS 1.3, where the number is always repeated', () => {
    const client = { sessionId: id, extensions: [versions(0x0304)] };
    expect(resumed(client, serverHello(id, [[43, '0304']]))).toBeNull();
    expect(
      resumed(
        client,
        serverHello(id, [
          [43, '0304'],
          [41, '0000'],
        ]),
      ),
    ).toBe('psk');
  });
});
