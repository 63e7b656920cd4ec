import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createDissector } from '../../../main/dissection/dissector.ts';
import type { Origin, OriginSource } from '../../../main/dissection/sink.ts';
import { bodies, collect, type Collected } from './collector.ts';
import { Conversation } from './conversation.ts';
import { pcap } from './packet-builder.ts';

const IMEI = '490154203237518';

function sent(payload: Buffer | string, pieceBytes = 1400): Buffer {
  return pcap(new Conversation().toServer(payload, pieceBytes).close().packets);
}

function told(c: Collected): unknown[] {
  return c.messages.map((m) => [m.fields['uri'] ?? m.fields['status'], m.fields['bodyBytes']]);
}

describe('heads of HTTP/1', () => {
  it('takes bare line feeds and folded fields', () => {
    const c = collect(sent(`GET /lf HTTP/1.1\nHost: h\nX-Long: a\n  imei=${IMEI}\n\nGET /next HTTP/1.1\n\n`), {
      needle: IMEI,
    });
    expect(told(c)).toEqual([
      ['/lf', 0],
      ['/next', 0],
    ]);
    expect(c.found).toMatchObject([{ field: 'header:x-long', message: 0 }]);
  });

  it.each([
    ['GET http://API.example.com:80/x HTTP/1.1\r\nHost: other.example\r\n\r\n', ['api.example.com', 'other.example']],
    ['GET http://user:a@b@api.example.com HTTP/1.1\r\nHost: api.example.com\r\n\r\n', ['api.example.com']],
    ['CONNECT api.example.com:443 HTTP/1.1\r\nHost: other.example\r\n\r\n', ['api.example.com', 'other.example']],
    ['GET http://[2001:DB8::1]:8080/ HTTP/1.1\r\n\r\n', ['[2001:db8::1]']],
    ['GET /to?url=http://other.example/ HTTP/1.1\r\nHost: api.example.com.:80\r\n\r\n', ['api.example.com']],
    ['OPTIONS * HTTP/1.1\r\nHost: api.example.com\r\n\r\n', ['api.example.com']],
  ])('names the host that the request line names before that of the Host field: %s', (request, names) => {
    expect(collect(sent(request)).flows[0]?.serverNames).toEqual(names);
  });

  it('believes a length that is repeated, not one that contradicts itself without saying so', () => {
    const post = (lengths: string): string => `POST /p HTTP/1.1\r\n${lengths}\r\nabcdeGET /n HTTP/1.1\r\n\r\n`;
    for (const lengths of ['Content-Length: 5\r\nContent-Length: 5\r\n', 'Content-Length: 5, 5\r\n']) {
      const c = collect(sent(post(lengths)));
      expect(told(c)).toEqual([
        ['/p', 5],
        ['/n', 0],
      ]);
      expect(c.flows[0]?.incomplete).toEqual([]);
    }
    expect(collect(sent(post('Content-Length: 5\r\nContent-Length: 7\r\n'))).flows[0]?.incomplete).toEqual([
      'malformed',
    ]);
  });

  it('reads interim responses, and those that have no body whatever they say', () => {
    const t = new Conversation().toServer('PUT /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n');
    t.toClient('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n').toServer('ok');
    t.toClient('HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n').toServer(
      'HEAD /b HTTP/1.1\r\n\r\nGET /c HTTP/1.1\r\n\r\n',
    );
    t.toClient('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nc');
    const c = collect(pcap(t.packets));
    expect(c.messages.filter((m) => m.way === 1).map((m) => [m.fields['status'], m.fields['bodyBytes']])).toEqual([
      [100, 0],
      [103, 0],
      [204, 0],
      [200, 0],
      [200, 1],
    ]);
    expect(c.messages.filter((m) => m.way === 0).map((m) => m.fields['bodyBytes'])).toEqual([2, 0, 0]);
    expect(c.flows[0]?.incomplete).toEqual([]);
  });

  it('reads responses without their requests, also those that answered HEAD', () => {
    const t = new Conversation({ syn: false });
    t.toClient('HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc');
    expect(told(collect(pcap(t.packets)))).toEqual([
      [200, 0],
      [200, 3],
    ]);
  });
});

describe('transfer codings', () => {
  const chunk = (text: string, extension = ''): string => `${text.length.toString(16)}${extension}\r\n${text}\r\n`;
  const head = 'POST /t HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n';

  it('names the fields of a trailer section, however it is cut', () => {
    const all = `${head}${chunk('abc')}0\r\nX-Sum: 1\r\nX-Imei: ${IMEI}\r\n\r\nGET /n HTTP/1.1\r\n\r\n`;
    for (const piece of [1400, 1, 7]) {
      const c = collect(sent(all, piece), { needle: IMEI });
      expect(c.found).toMatchObject([{ layer: 'stream', field: 'header:x-imei', message: 0 }]);
      expect(told(c)).toEqual([
        ['/t', 3],
        ['/n', 0],
      ]);
    }
  });

  it('tells what stands in a chunk extension from what stands in the body', () => {
    const c = collect(sent(`${head}${chunk('abc', `;id=${IMEI}`)}${chunk(`x${IMEI}`)}0\r\n\r\n`), { needle: IMEI });
    expect(c.found.map((f) => [f.layer, f.field])).toEqual([
      ['body', 'body'],
      ['stream', 'chunk-extension'],
      ['stream', 'body'],
    ]);
  });

  it('reads a response with another transfer coding to its end, whatever length it names', () => {
    const packed = gzipSync(Buffer.from(`imei=${IMEI}`));
    const t = new Conversation().toServer('GET / HTTP/1.1\r\n\r\n');
    t.toClient(
      Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 4\r\n\r\n'), packed]),
    );
    const c = collect(pcap(t.close().packets), { needle: IMEI });
    expect(c.found).toMatchObject([{ decodings: ['gzip'] }]);
  });
});

describe('places', () => {
  it('are known long after the message, for every kind of body', () => {
    const text = Buffer.from(`imei=${IMEI}&${'z'.repeat(400)}`);
    const packed = gzipSync(text);
    const chunks = (b: Buffer): Buffer[] => [
      Buffer.from(`${b.length.toString(16)}\r\n`),
      b,
      Buffer.from('\r\n0\r\n\r\n'),
    ];
    const head = (more: string): Buffer => Buffer.from(`POST / HTTP/1.1\r\n${more}\r\n\r\n`);
    const t = new Conversation();
    const wanted = [
      [head('Transfer-Encoding: chunked'), ...chunks(text)],
      [head(`Content-Encoding: gzip\r\nContent-Length: ${packed.length}`), packed],
      [head('Content-Encoding: gzip\r\nTransfer-Encoding: chunked'), ...chunks(packed)],
    ].map((parts) => {
      t.toServer(Buffer.concat(parts), 300);
      const last = t.packets.length;
      t.toServer(`GET /between HTTP/1.1\r\n\r\n`);
      return last;
    });
    const asked: [OriginSource, number][] = [];
    const ignore = (): void => undefined;
    const dissector = createDissector({
      run(run, source) {
        const at = Buffer.from(run.bytes.subarray(run.start, run.end)).indexOf(IMEI);
        if (run.layer === 'body' && at >= 0) asked.push([source, run.offset + at]);
      },
      endSequence: ignore,
      message: ignore,
      flow: ignore,
    });
    const file = pcap(t.close().packets);
    dissector.push(file);
    // Nothing of what was handed on may be looked at any more.
    file.fill(0xee);
    dissector.finish();
    const origins = asked.map(([source, at]): Origin => source.locate(at, at + IMEI.length));
    expect(origins.map((o) => [o.field, o.message])).toEqual([
      ['body', 0],
      ['body', 2],
      ['body', 4],
    ]);
    origins.forEach((o, i) => {
      expect(o.frames.length).toBeGreaterThan(0);
      for (const frame of o.frames) expect(frame).toBeLessThanOrEqual(wanted[i] as number);
      for (const frame of o.frames) expect(frame).toBeGreaterThan((wanted[i] as number) - 4);
    });
  });
});

describe('multipart', () => {
  const part = (head: string, body: string): string => `--B\r\n${head}\r\n\r\n${body}\r\n`;
  const named = (name: string): string => `Content-Disposition: form-data; name="${name}"`;
  const post = (body: string | Buffer, type = 'multipart/form-data; boundary=B'): Buffer => {
    const bytes = Buffer.from(body as string);
    return Buffer.concat([
      Buffer.from(`POST /m HTTP/1.1\r\nContent-Type: ${type}\r\nContent-Length: ${bytes.length}\r\n\r\n`),
      bytes,
    ]);
  };

  it('names the fields of a form, in the stream itself', () => {
    const body = `${part(named('a'), 'x')}${part(named('dev"); '.slice(0, 3)), IMEI)}${part(`${named('file')}; filename="f.bin"`, `--Bx\r\n${IMEI}`)}--B--\r\n`;
    for (const piece of [1400, 1, 11]) {
      const c = collect(sent(post(body), piece), { needle: IMEI });
      expect(c.found.map((f) => [f.field, f.layer])).toEqual([
        ['body:dev', 'stream'],
        ['body:file', 'stream'],
      ]);
      expect(bodies(c)).toEqual([]);
    }
  });

  it('names them in a body that is compressed too', () => {
    const packed = gzipSync(Buffer.from(`${part(named('a'), 'x')}${part(named('imei'), IMEI)}--B--\r\n`));
    const head = `POST /m HTTP/1.1\r\nContent-Type: multipart/form-data; boundary="B"\r\nContent-Encoding: gzip\r\nContent-Length: ${packed.length}\r\n\r\n`;
    const c = collect(sent(Buffer.concat([Buffer.from(head), packed])), { needle: IMEI });
    expect(c.found).toMatchObject([{ field: 'body:imei', layer: 'body', decodings: ['gzip'] }]);
  });

  it('decodes what a part says it is encoded in, and names its packets', () => {
    const secret = `${'q'.repeat(600)}${IMEI}${'r'.repeat(600)}`;
    const lines = Buffer.from(secret).toString('base64').replaceAll(/.{76}/g, '$&\r\n');
    const body = `${part(`${named('note')}\r\nContent-Transfer-Encoding: base64`, lines)}--B--`;
    const whole = collect(sent(post(body)), { needle: IMEI });
    expect(bodies(whole).map((b) => [b.bytes.toString(), b.decodings, b.ended])).toEqual([
      [secret, ['multipart', 'base64'], true],
    ]);
    const cut = collect(sent(post(body), 100), { needle: IMEI });
    expect(cut.found).toMatchObject([{ field: 'body:note', layer: 'body' }]);
    const { frames = [], streamOffset = 0 } = cut.found[0] ?? {};
    expect(frames.length).toBeLessThanOrEqual(2);
    expect(frames[0]).toBe(4 + Math.floor(streamOffset / 100));
  });

  it('goes into a body within a body', () => {
    const inner = `--C\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nimei=3D${IMEI.slice(0, 5)}=\r\n${IMEI.slice(5)}\r\n--C--\r\n`;
    const body = `preamble\r\n--B\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\n${inner}${part(named('b'), IMEI)}--B--\r\nepilogue`;
    for (const piece of [1400, 1, 17]) {
      const c = collect(sent(post(body, 'multipart/related; type=x; boundary=B'), piece), { needle: IMEI });
      expect(
        c.found.map((f) => [f.field, f.decodings.join()]).sort((a, b) => ((a[1] ?? '') < (b[1] ?? '') ? -1 : 1)),
      ).toEqual([
        ['body:b', ''],
        ['body', 'multipart,quoted-printable'],
      ]);
    }
  });
});
