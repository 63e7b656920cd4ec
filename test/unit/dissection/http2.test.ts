import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bodies, collect, type Collected } from './collector.ts';
import { Conversation } from './conversation.ts';
import { type Said, talkHttp2 } from './http2-talk.ts';
import { pcap, u16, u32 } from './packet-builder.ts';

const IMEI = '490154203237518';

function captureOf(said: Said, pieceBytes = 1400): Buffer {
  const t = new Conversation({ targetPort: 8080 });
  for (const { toServer, bytes } of said) {
    if (toServer) t.toServer(bytes, pieceBytes);
    else t.toClient(bytes, pieceBytes);
  }
  return pcap(t.close().packets);
}

function told(c: Collected): unknown[] {
  return c.messages.map(({ way, kind, fields }) => [
    way,
    kind,
    kind === 'http-request'
      ? `${String(fields['method'])} ${String(fields['host'])}${String(fields['uri'])}`
      : fields['status'],
    fields['bodyBytes'],
  ]);
}

/** A frame (RFC 9113, 4.1). */
function frame(type: number, flags: number, stream: number, payload: Buffer | string): Buffer {
  const body = Buffer.from(payload as string, 'latin1');
  const head = Buffer.alloc(4);
  head.writeUIntBE(body.length, 0, 3);
  head[3] = type;
  return Buffer.concat([head, Buffer.from([flags]), u32(stream), body]);
}

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const SETTINGS = frame(4, 0, 0, Buffer.concat([u16(3), u32(100)]));
/** GET http://h/x with «x-id: IMEI» added to the table; indexed afterwards. */
const FIRST = Buffer.concat([Buffer.from('8286 4101 68 4402 2f78'.replaceAll(' ', ''), 'hex')]);

describe('HTTP/2, as Node speaks it', () => {
  it('tells requests, responses, interim responses and what is pushed, with their bodies', async () => {
    const said = await talkHttp2([{ path: `/a?imei=${IMEI}` }, { path: '/b', body: Buffer.from('posted') }], {
      headers: { 'content-type': 'text/plain' },
      body: Buffer.from('answer'),
    });
    const c = collect(captureOf(said), { needle: IMEI });
    expect(c.flows[0]).toMatchObject({ application: 'http2', channel: 'cleartext', serverNames: ['h2.example'] });
    expect(c.flows[0]?.incomplete).toEqual([]);
    const lines = told(c).map((line) => JSON.stringify(line));
    expect(lines.sort((a, b) => (a < b ? -1 : 1)).map((line) => JSON.parse(line) as unknown)).toEqual([
      [0, 'http-request', `GET h2.example:8080/a?imei=${IMEI}`, 0],
      [0, 'http-request', 'POST h2.example:8080/b', 6],
      [1, 'http-request', 'GET h2.example:8080/pushed', 0],
      [1, 'http-response', 103, 0],
      [1, 'http-response', 103, 0],
      [1, 'http-response', 200, 11],
      [1, 'http-response', 200, 6],
      [1, 'http-response', 200, 6],
    ]);
    expect(c.found).toMatchObject([{ layer: 'body', decodings: ['hpack'], field: 'uri', message: 0 }]);
    const plain = bodies(c).filter((b) => b.decodings.join() === 'http2');
    expect(plain.map((b) => b.bytes.toString()).sort((a, b) => (a < b ? -1 : 1))).toEqual([
      'answer',
      'answer',
      'posted',
      'pushed body',
    ]);
  });

  it('follows padding, header sections over several frames and trailers', async () => {
    const long = 'v'.repeat(40_000);
    const said = await talkHttp2(
      [
        {
          path: '/p',
          headers: { 'x-long': long, 'x-end': IMEI },
          body: Buffer.alloc(50_000, 97),
          trailers: { 'x-sum': `t${IMEI}` },
        },
      ],
      { headers: {}, body: Buffer.alloc(40_000, 98) },
      { padding: true },
    );
    const c = collect(captureOf(said, 999), { needle: IMEI });
    expect(c.flows[0]?.incomplete).toEqual([]);
    const hits = c.found.filter((f) => f.layer === 'body');
    expect(hits).toMatchObject([
      { field: 'header:x-end', message: 0, decodings: ['hpack'] },
      { field: 'header:x-sum', message: 0, decodings: ['hpack'] },
    ]);
    expect(bodies(c).some((b) => b.bytes.equals(Buffer.alloc(50_000, 97)))).toBe(true);
    expect(c.messages.filter((m) => m.kind === 'http-request' && m.way === 0)).toHaveLength(1);
  });

  it('undoes content codings and gives the frames of the field, not of the message', async () => {
    const noise = Buffer.from(Array.from({ length: 6000 }, (_, i) => (i * i * 31 + (i >> 3) * 7) & 255));
    const body = gzipSync(Buffer.concat([noise, Buffer.from(IMEI), noise]));
    const said = await talkHttp2([{ path: '/g', headers: { 'content-encoding': 'gzip' }, body }], {
      headers: {},
      body: Buffer.from('ok'),
    });
    const c = collect(captureOf(said, 500), { needle: IMEI });
    expect(c.found).toMatchObject([{ decodings: ['http2', 'gzip'], field: 'body' }]);
    expect(c.found[0]?.frames.length).toBeLessThanOrEqual(2);
  });

  it('gives the same however it is cut into packets', async () => {
    const said = await talkHttp2(
      [
        { path: `/a?imei=${IMEI}`, headers: { cookie: 'a=b', 'x-a': 'first' } },
        { path: '/b', headers: { cookie: 'a=b', 'x-a': IMEI }, body: Buffer.alloc(3000, 99), trailers: { t: '1' } },
      ],
      { headers: { server: 'x' }, body: Buffer.from('answer') },
    );
    const essence = (c: Collected): unknown => ({
      messages: told(c),
      bodies: bodies(c).map((b) => [b.way, b.decodings, b.bytes.toString('latin1'), b.ended]),
      found: c.found.map(({ field, message, streamOffset, layer }) => [field, message, streamOffset, layer]),
    });
    const whole = essence(collect(captureOf(said), { needle: IMEI }));
    for (const piece of [1, 2, 3, 7, 10, 64, 333])
      expect(essence(collect(captureOf(said, piece), { needle: IMEI }))).toEqual(whole);
  });
});

describe('HTTP/2 by hand', () => {
  it('follows an upgrade from HTTP/1, whichever side is heard first', () => {
    const ask = 'GET /up HTTP/1.1\r\nHost: u\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n\r\n';
    const consent = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';
    const client = Buffer.concat([PREFACE, SETTINGS, frame(1, 5, 3, FIRST)]);
    const answer = Buffer.concat([SETTINGS, frame(1, 4, 1, '\x88'), frame(0, 1, 1, 'upgraded')]);
    const late = new Conversation().toServer(ask).toServer(client).toClient(consent).toClient(answer);
    const usual = new Conversation().toServer(ask).toClient(consent).toServer(client, 5).toClient(answer, 9);
    for (const t of [usual, late]) {
      const c = collect(pcap(t.close().packets));
      expect(told(c)).toEqual(
        expect.arrayContaining([
          [0, 'http-request', 'GET u/up', 0],
          [1, 'http-response', 101, 0],
          [0, 'http-request', 'GET h/x', 0],
          [1, 'http-response', 200, 8],
        ]),
      );
      expect(c.messages).toHaveLength(4);
      expect(c.flows[0]).toMatchObject({ application: 'http2', incomplete: [] });
    }
  });

  it('takes no status that is not three digits', () => {
    const status = (text: string): Buffer => Buffer.concat([Buffer.from([8, text.length]), Buffer.from(text)]);
    for (const [text, read] of [
      ['404', 404],
      ['x', 0],
      ['1e999', 0],
      ['', 0],
    ] as const) {
      const t = new Conversation().toServer(Buffer.concat([PREFACE, SETTINGS, frame(1, 5, 1, FIRST)]));
      const c = collect(pcap(t.toClient(Buffer.concat([SETTINGS, frame(1, 5, 1, status(text))])).close().packets));
      expect(told(c)).toContainEqual([1, 'http-response', read, 0]);
      expect(c.flows[0]?.incomplete).toEqual(read === 0 ? ['malformed'] : []);
    }
  });

  it('says what it cannot know of a capture that begins in the middle, and reads the rest', () => {
    const t = new Conversation({ syn: false, targetPort: 8080 });
    // :method GET, an entry of before, then a literal field of its own.
    const section = Buffer.concat([
      Buffer.from('82be40', 'hex'),
      Buffer.from([4]),
      Buffer.from('x-id'),
      Buffer.from([15]),
      Buffer.from(IMEI),
    ]);
    t.toServer(frame(1, 5, 41, section)).toServer(frame(1, 5, 43, '\x82\xbe'));
    const c = collect(pcap(t.packets), { needle: IMEI });
    expect(c.flows[0]).toMatchObject({ application: 'http2' });
    expect(c.flows[0]?.incomplete).toContain('headers-unknown');
    expect(c.messages).toMatchObject([
      { kind: 'http-request', fields: { method: 'GET', headersUnknown: true, stream: 41 } },
      { kind: 'http-request', fields: { method: 'GET', stream: 43 } },
    ]);
    const found = c.found.filter((f) => f.layer === 'body');
    // The second request repeats it by its place in the table.
    expect(found).toMatchObject([
      { field: 'header:x-id', message: 0, frames: [1] },
      { field: 'header:x-id', message: 1, frames: [2] },
    ]);
  });

  it('loses only the body when a gap lies in it, and finds the frames again after any other', () => {
    const request = Buffer.concat([PREFACE, SETTINGS, frame(1, 4, 1, FIRST)]);
    const data = frame(0, 1, 1, Buffer.alloc(500, 97));
    const next = frame(1, 5, 3, FIRST);
    const inside = new Conversation().toServer(request).toServer(data.subarray(0, 100));
    inside.packets.push(inside.clientSegment(200, Buffer.concat([data.subarray(300), next])));
    const a = collect(pcap(inside.packets));
    expect(a.messages.map((m) => [m.fields['stream'], m.fields['bodyBytes']])).toEqual([
      [1, 300],
      [3, 0],
    ]);
    expect(a.flows[0]?.incomplete).toEqual(['tcp-gap']);

    const across = new Conversation().toServer(request).toServer(data.subarray(0, 100));
    across.packets.push(across.clientSegment(900, frame(1, 5, 9, '\x82\xbe')));
    const b = collect(pcap(across.packets));
    expect(b.messages.map((m) => [m.fields['stream'], m.fields['headersUnknown'] ?? m.fields['incomplete']])).toEqual(
      expect.arrayContaining([
        [9, true],
        [1, true],
      ]),
    );
    expect(b.flows[0]?.incomplete).toEqual(expect.arrayContaining(['tcp-gap', 'protocol-resync', 'headers-unknown']));
  });

  it('takes a direction that begins within a frame for what the other one speaks', () => {
    const t = new Conversation().toServer(Buffer.concat([PREFACE, SETTINGS, frame(1, 5, 1, FIRST)]));
    t.toClient('of a body').toClient(frame(1, 5, 1, '\x88'));
    const c = collect(pcap(t.packets));
    expect(told(c)).toEqual([
      [0, 'http-request', 'GET h/x', 0],
      [1, 'http-response', 200, 0],
    ]);
    expect(c.flows[0]?.incomplete).toEqual(['protocol-resync']);
  });

  it('ends a stream that is reset, in both directions', () => {
    const t = new Conversation().toServer(
      Buffer.concat([PREFACE, SETTINGS, frame(1, 4, 1, FIRST), frame(0, 0, 1, 'half')]),
    );
    t.toClient(Buffer.concat([SETTINGS, frame(3, 0, 1, u32(8))]));
    const c = collect(pcap(t.packets));
    expect(c.messages).toMatchObject([{ kind: 'http-request', fields: { bodyBytes: 4, incomplete: true } }]);
  });

  it('unwraps gRPC messages, compressed ones too', () => {
    const message = (flag: number, bytes: Buffer): Buffer =>
      Buffer.concat([Buffer.from([flag]), u32(bytes.length), bytes]);
    const literal = (name: string, value: string): Buffer =>
      Buffer.concat([
        Buffer.from([0, name.length]),
        Buffer.from(name),
        Buffer.from([value.length]),
        Buffer.from(value),
      ]);
    const section = Buffer.concat([
      FIRST,
      literal('content-type', 'application/grpc+proto'),
      literal('grpc-encoding', 'gzip'),
    ]);
    const body = Buffer.concat([
      message(0, Buffer.from(`\x0a\x0f${IMEI}`)),
      message(1, gzipSync(Buffer.from(`second ${IMEI}`))),
      message(0, Buffer.alloc(0)),
    ]);
    for (const piece of [3, 1000]) {
      const parts: Buffer[] = [];
      for (let at = 0; at < body.length; at += piece) parts.push(frame(0, 0, 1, body.subarray(at, at + piece)));
      const t = new Conversation().toServer(
        Buffer.concat([PREFACE, SETTINGS, frame(1, 4, 1, section), ...parts, frame(0, 1, 1, '')]),
      );
      const c = collect(pcap(t.packets), { needle: IMEI });
      expect(c.found.filter((f) => f.layer === 'body').map((f) => f.decodings)).toEqual([
        ['http2', 'grpc'],
        ['http2', 'grpc', 'gzip'],
      ]);
    }
  });

  it('bounds the streams that are open at once, and says so', () => {
    const many = Array.from({ length: 1500 }, (_, i) => frame(1, 4, i * 2 + 1, FIRST));
    const c = collect(pcap(new Conversation().toServer(Buffer.concat([PREFACE, SETTINGS, ...many]), 1400).packets));
    expect(c.messages).toHaveLength(1500);
    expect(c.flows[0]?.incomplete).toEqual(expect.arrayContaining(['cap-streams', 'message-cut']));
  });

  it('is not made to hand on a long field for every byte that names it', () => {
    const long = Buffer.concat([Buffer.from('82864001617fa11e', 'hex'), Buffer.alloc(4000, 98)]);
    const again = Array.from({ length: 300 }, (_, i) => frame(1, 5, i * 2 + 3, '\xbe'.repeat(60)));
    const bytes = Buffer.concat([PREFACE, SETTINGS, frame(1, 5, 1, long), ...again]);
    const c = collect(pcap(new Conversation().toServer(bytes, 1400).packets));
    const handed = bodies(c).reduce((sum, b) => sum + b.bytes.length, 0);
    expect(handed).toBeLessThan(1024 * 1024 + 256 * bytes.length);
    expect(c.flows[0]?.incomplete).toEqual(['cap-header']);
    expect(c.messages).toHaveLength(301);
  });

  it('reads DNS that is carried over HTTP', () => {
    const query = Buffer.from('00000100000100000000000007657861' + '6d706c6503636f6d0000010001', 'hex');
    const get = `GET /dns-query?dns=${query.toString('base64url')} HTTP/1.1\r\nHost: doh\r\n\r\n`;
    const head = `POST /dns-query HTTP/1.1\r\nHost: doh\r\nContent-Type: application/dns-message\r\nContent-Length: ${query.length}\r\n\r\n`;
    const c = collect(
      pcap(new Conversation().toServer(get).toServer(Buffer.concat([Buffer.from(head), query]), 50).packets),
    );
    expect(c.messages.filter((m) => m.kind === 'dns-query').map((m) => m.fields['name'])).toEqual([
      'example.com',
      'example.com',
    ]);
  });
});
