import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bodies, collect, streamText } from './collector.ts';
import { Conversation } from './conversation.ts';
import { clientHello, pcap, tlsRecord } from './packet-builder.ts';

const IMEI = '490154203237518';

function post(body: Buffer, headers: readonly string[]): Buffer {
  const head = ['POST /report HTTP/1.1', 'Host: api.example', ...headers, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head), body]);
}

function chunked(body: Buffer, size: number, trailer = ''): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const piece = body.subarray(at, at + size);
    parts.push(Buffer.from(`${piece.length.toString(16)};x=1\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from(`0\r\n${trailer}\r\n`)]);
}

function sent(payload: Buffer | string, pieceBytes = 1400): Buffer {
  return pcap(new Conversation().toServer(payload, pieceBytes).close().packets);
}

describe('HTTP messages', () => {
  it('reads pipelined requests and their responses', () => {
    const t = new Conversation();
    t.toServer('GET /a HTTP/1.1\r\nHost: one\r\n\r\nHEAD /b HTTP/1.1\r\nHost: two:8080\r\n\r\nGET /c HTTP/1.1\r\n\r\n');
    t.toClient(
      'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nHTTP/1.1 304 Not\r\nContent-Length: 9\r\n\r\n',
    );
    const c = collect(pcap(t.packets));
    expect(c.messages.map((m) => [m.index, m.fields['uri'] ?? m.fields['status'], m.fields['bodyBytes']])).toEqual([
      [0, '/a', 0],
      [1, '/b', 0],
      [2, '/c', 0],
      [3, 200, 3],
      [4, 200, 0],
      [5, 304, 0],
    ]);
    expect(c.messages.map((m) => m.fields['host']).slice(0, 3)).toEqual(['one', 'two:8080', null]);
    expect(c.flows[0]).toMatchObject({ serverNames: ['one', 'two'], application: 'http', channel: 'cleartext' });
  });

  it('does not take 100 Continue for the response', () => {
    const t = new Conversation();
    t.toServer('HEAD /x HTTP/1.1\r\nExpect: 100-continue\r\n\r\n');
    t.toClient('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n');
    const c = collect(pcap(t.packets));
    expect(c.messages.map((m) => m.fields['status'] ?? 'request')).toEqual(['request', 100, 200]);
    expect(c.messages.every((m) => m.fields['incomplete'] === undefined)).toBe(true);
  });

  it('shows a request with its body where the last byte came, a response without length where its FIN came', () => {
    const t = new Conversation();
    t.toServer(post(Buffer.alloc(30, 0x61), ['Content-Length: 30']), 40);
    const done = t.packets.length;
    t.toClient('HTTP/1.0 200 OK\r\n\r\nno length').toClient(' at all').close();
    const c = collect(pcap(t.packets));
    expect(c.messages).toMatchObject([
      { kind: 'http-request', frame: done, fields: { bodyBytes: 30 } },
      { kind: 'http-response', frame: done + 3, fields: { bodyBytes: 16 } },
    ]);
  });

  it('tells an unfinished request for what it is', () => {
    const c = collect(pcap(new Conversation().toServer(post(Buffer.from('abc'), ['Content-Length: 30'])).packets));
    expect(c.messages).toMatchObject([
      { kind: 'http-request', fields: { uri: '/report', bodyBytes: 3, incomplete: true } },
    ]);
    expect(c.flows[0]?.incomplete).toEqual(['message-cut']);
  });

  it('attributes bytes to the field of a message before the message is complete', () => {
    const t = new Conversation();
    t.toServer(`GET /x?imei=${IMEI}&y=1 HTTP/1.1\r\nHost: h\r\nCoo`)
      .toServer(`kie: id=${IMEI.slice(0, 8)}`)
      .toServer(`${IMEI.slice(8)}\r\n\r\n`);
    const c = collect(pcap(t.packets), { needle: IMEI });
    expect(c.found).toMatchObject([
      { field: 'uri', message: 0, frames: [4], layer: 'stream' },
      { field: 'header:cookie', message: 0, frames: [5, 6] },
    ]);
    expect(c.messages[0]).toMatchObject({ index: 0, frame: 6 });
  });

  it('finds the next message after a gap in a head, a body or a chunk', () => {
    const next = 'GET /after HTTP/1.1\r\nHost: h\r\n\r\n';
    for (const broken of [
      Buffer.from(`GET /${'a'.repeat(300)} HTTP/1.1\r\n\r\n`),
      post(Buffer.alloc(300, 0x61), ['Content-Length: 300']),
      post(chunked(Buffer.alloc(300, 0x61), 200), ['Transfer-Encoding: chunked']),
    ]) {
      const t = new Conversation();
      const head = broken.length - 280;
      t.packets.push(
        t.clientSegment(0, broken.subarray(0, head)),
        t.clientSegment(head + 60, broken.subarray(head + 60)),
      );
      t.packets.push(t.clientSegment(broken.length, next));
      const c = collect(pcap(t.packets));
      expect(c.messages.at(-1)).toMatchObject({ fields: { uri: '/after' }, frame: 6 });
      expect(c.messages.some((m) => m.fields['uri'] === '/after' && m.fields['incomplete'] === true)).toBe(false);
      expect(c.flows[0]?.incomplete).toContain('tcp-gap');
    }
  });

  it('caps a head without end and says so', () => {
    const c = collect(sent(`GET /${'a'.repeat(70_000)}`));
    expect(c.flows[0]?.incomplete).toContain('cap-header');
    expect(c.summary.faults.map((f) => f.code)).toEqual(['cap-header']);
    expect(streamText(c, 0, 0)).toHaveLength(70_005);
  });

  it('tells what it knows of a request whose head is too long, and reads the next one', () => {
    const long = `GET /a HTTP/1.1\r\nHost: h.example\r\nX-Long: ${'a'.repeat(70_000)}\r\n\r\n`;
    const c = collect(sent(`${long}GET /b HTTP/1.1\r\nHost: h.example\r\n\r\n`));
    expect(c.messages.map(({ kind, fields }) => [kind, fields['uri'], fields['host'], fields['incomplete']])).toEqual([
      ['http-request', '/a', 'h.example', true],
      ['http-request', '/b', 'h.example', undefined],
    ]);
    expect(c.flows[0]?.incomplete).toEqual(expect.arrayContaining(['cap-header', 'message-cut']));
  });

  it('follows CONNECT into the tunnel and leaves HTTP at an upgrade', () => {
    const t = new Conversation().toServer(
      'CONNECT account.xiaomi.com:443 HTTP/1.1\r\nHost: account.xiaomi.com\r\n\r\n',
    );
    t.toClient('HTTP/1.1 200 Connection established\r\n\r\n').toServer(
      tlsRecord(22, clientHello('account.xiaomi.com')),
    );
    const c = collect(pcap(t.packets));
    expect(c.messages.map((m) => m.kind)).toEqual(['http-request', 'http-response', 'tls-client-hello']);
    expect(c.flows[0]).toMatchObject({ channel: 'tls', serverNames: ['account.xiaomi.com'] });

    const u = new Conversation().toServer('GET /chat HTTP/1.1\r\nUpgrade: websocket\r\nHost: w\r\n\r\n');
    u.toClient('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n')
      .toClient(Buffer.from([0x81, 5, 0x68]))
      .toServer(IMEI);
    const w = collect(pcap(u.packets), { needle: IMEI });
    expect(w.messages.map((m) => m.kind)).toEqual(['http-request', 'http-response', 'websocket-message']);
    expect(w.flows[0]?.application).toBe('websocket');
    expect(w.found).toMatchObject([{ message: null, field: null }]);
  });
});

describe('HTTP bodies', () => {
  const text = Buffer.from(JSON.stringify({ noise: 'x'.repeat(3000), imei: IMEI, more: 'y'.repeat(3000) }));

  it('hands a plain body on once, in the stream', () => {
    const c = collect(sent(post(text, [`Content-Length: ${text.length}`])), { needle: IMEI });
    expect(bodies(c)).toEqual([]);
    expect(c.found).toMatchObject([{ field: 'body', layer: 'stream', message: 0 }]);
  });

  it('joins chunks, so that what a chunk boundary splits is found', () => {
    const at = text.indexOf(IMEI) + 7;
    const body = Buffer.concat([
      chunked(text.subarray(0, at), at).subarray(0, -5),
      chunked(text.subarray(at), 5000, 'X-Sum: 1\r\n'),
    ]);
    const c = collect(sent(post(body, ['Transfer-Encoding: chunked'])), { needle: IMEI });
    expect(bodies(c).map((b) => [b.bytes.equals(text), b.decodings, b.ended])).toEqual([[true, ['chunked'], true]]);
    expect(c.found).toMatchObject([{ layer: 'body', field: 'body', message: 0, decodings: ['chunked'] }]);
    expect(c.messages).toMatchObject([{ fields: { bodyBytes: text.length } }]);
  });

  it.each([
    ['gzip', gzipSync(text), 'gzip'],
    ['x-gzip', gzipSync(text), 'gzip'],
    ['deflate', deflateSync(text), 'deflate'],
    ['deflate', deflateRawSync(text), 'deflate-raw'],
    ['br', brotliCompressSync(text), 'br'],
  ])('undoes %s', (coding, body, name) => {
    for (const inChunks of [false, true]) {
      const headers = [
        `Content-Encoding: ${coding}`,
        inChunks ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`,
      ];
      const c = collect(sent(post(inChunks ? chunked(body, 11) : body, headers), 30), { needle: IMEI });
      const decodings = inChunks ? ['chunked', name] : [name];
      expect(bodies(c).map((b) => [b.bytes.equals(text), b.decodings])).toEqual([[true, decodings]]);
      expect(c.found).toMatchObject([{ layer: 'body', field: 'body', message: 0 }]);
    }
  });

  it('names the packets whose compressed bytes gave what was found', () => {
    const noise = Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * i * 31 + (i >> 3) * 7) & 255));
    const plain = Buffer.concat([noise, Buffer.from(IMEI), noise.reverse()]);
    const body = gzipSync(plain);
    const c = collect(sent(post(body, ['Content-Encoding: gzip', `Content-Length: ${body.length}`]), 200), {
      needle: IMEI,
    });
    const frames = c.found[0]?.frames ?? [];
    expect(frames.length).toBeGreaterThan(0);
    expect(frames.length).toBeLessThanOrEqual(2);
    const where = c.found[0]?.streamOffset ?? 0;
    expect(frames).toContain(4 + Math.floor(where / 200));
  });

  it('undoes two layers in their order', () => {
    const body = brotliCompressSync(gzipSync(text));
    const c = collect(sent(post(body, ['Content-Encoding: gzip, br', `Content-Length: ${body.length}`])), {
      needle: IMEI,
    });
    expect(bodies(c)[0]?.decodings).toEqual(['br', 'gzip']);
    expect(c.found).toHaveLength(1);
  });

  it('survives a header that lies', () => {
    const c = collect(sent(post(text, ['Content-Encoding: gzip', `Content-Length: ${text.length}`])), { needle: IMEI });
    expect(bodies(c)).toEqual([]);
    expect(c.found).toMatchObject([{ layer: 'stream', field: 'body' }]);
    expect(c.flows[0]?.incomplete).toEqual(['decoding-failed']);
    const inChunks = post(chunked(text, 999), ['Content-Encoding: gzip', 'Transfer-Encoding: chunked']);
    expect(bodies(collect(sent(inChunks))).map((b) => [b.bytes.equals(text), b.decodings])).toEqual([
      [true, ['chunked']],
    ]);
  });

  it('keeps what stands before the fault in damaged compressed data', () => {
    const noise = Buffer.from(Array.from({ length: 9000 }, (_, i) => (i * i * 31 + (i >> 3) * 7) & 255));
    const body = gzipSync(Buffer.concat([Buffer.from(IMEI), noise]));
    body.fill(0xff, body.length - 300);
    const c = collect(sent(post(body, ['Content-Encoding: gzip', `Content-Length: ${body.length}`])), { needle: IMEI });
    expect(c.found).toMatchObject([{ layer: 'body', decodings: ['gzip'] }]);
    expect(c.flows[0]?.incomplete).toEqual(['decoding-failed']);
  });

  it('decodes the beginning of a compressed body that was cut', () => {
    const body = gzipSync(
      Buffer.concat([Buffer.from(IMEI), Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * i * 31) & 255))]),
    );
    const whole = post(body, ['Content-Encoding: gzip', `Content-Length: ${body.length}`]);
    const c = collect(pcap(new Conversation().toServer(whole.subarray(0, whole.length - 40)).packets), {
      needle: IMEI,
    });
    expect(c.found).toMatchObject([{ layer: 'body' }]);
    expect(c.messages).toMatchObject([{ fields: { incomplete: true } }]);
  });

  it('stops a body that would grow without end, and says so', () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024), { level: 9 });
    const c = collect(sent(post(bomb, ['Content-Encoding: gzip', `Content-Length: ${bomb.length}`])));
    expect(bodies(c)[0]?.bytes).toHaveLength(64 * 1024 * 1024);
    expect(c.flows[0]?.incomplete).toEqual(['cap-inflate']);
    expect(c.summary.faults.map((f) => f.code)).toEqual(['cap-inflate']);
  });
});
