import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Conversation } from '../dissection/conversation.ts';
import { talkHttp2 } from '../dissection/http2-talk.ts';
import { pcap } from '../dissection/packet-builder.ts';
import { wsConsent, wsDeflate, wsFrame, WS_ASK } from '../dissection/websocket-frames.ts';
import { findingsIn } from './findings-of-capture.ts';

const IMEI = '490154203237518';
const json = Buffer.from(`{"a":"${'x'.repeat(40)}","imei":"${IMEI}","z":1}`);

function chunked(body: Buffer, size: number, trailer = ''): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const piece = body.subarray(at, at + size);
    parts.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from(`0\r\n${trailer}\r\n`)]);
}

function post(body: Buffer, ...headers: string[]): Buffer {
  const transfer = headers.some((h) => h.startsWith('Transfer-Encoding')) ? [] : [`Content-Length: ${body.length}`];
  const lines = ['POST /report HTTP/1.1', 'Host: api.account.xiaomi.com', ...headers, ...transfer, '', ''];
  return Buffer.concat([Buffer.from(lines.join('\r\n')), body]);
}

const part = (name: string, coding: string, body: string): string =>
  `--B\r\nContent-Disposition: form-data; name="${name}"\r\n${coding}\r\n${body}\r\n`;
const form = (...parts: string[]): Buffer => Buffer.from(`${parts.join('')}--B--\r\n`);
const FORM = 'Content-Type: multipart/form-data; boundary=B';
const BASE64 = 'Content-Transfer-Encoding: base64\r\n';
const asMail = (text: string): string => Buffer.from(text).toString('base64').replaceAll(/.{20}/g, '$&\r\n');
const secret = `device is ${'y'.repeat(30)} imei=${IMEI} end`;

/** Ways in which an HTTP/1 request carries the identifier once: what is sent, and what the finding says. */
const requests: [string, Buffer, readonly string[] | undefined, string][] = [
  ['chunked', post(chunked(json, 50), 'Transfer-Encoding: chunked'), ['chunked'], 'imei'],
  ['whole in one chunk', post(chunked(json, 999), 'Transfer-Encoding: chunked'), ['chunked'], 'imei'],
  [
    'a trailer',
    post(chunked(Buffer.from('abc'), 2, `X-Imei: ${IMEI}\r\n`), 'Transfer-Encoding: chunked'),
    undefined,
    'X-Imei',
  ],
  [
    'chunked and gzip',
    post(chunked(gzipSync(json), 30), 'Transfer-Encoding: chunked', 'Content-Encoding: gzip'),
    ['chunked', 'gzip'],
    'imei',
  ],
  [
    'a transfer coding',
    post(chunked(gzipSync(json), 30), 'Transfer-Encoding: gzip, chunked'),
    ['chunked', 'gzip'],
    'imei',
  ],
  ['deflate', post(deflateSync(json), 'Content-Encoding: deflate'), ['deflate'], 'imei'],
  ['raw deflate', post(deflateRawSync(json), 'Content-Encoding: deflate'), ['deflate-raw'], 'imei'],
  ['br', post(brotliCompressSync(json), 'Content-Encoding: br'), ['br'], 'imei'],
  ['zstd', post(zstdCompressSync(json), 'Content-Encoding: zstd'), ['zstd'], 'imei'],
  [
    'three codings in a row',
    post(gzipSync(zstdCompressSync(brotliCompressSync(json))), 'Content-Encoding: br, zstd, x-gzip'),
    ['gzip', 'zstd', 'br'],
    'imei',
  ],
  ['plain under a header that says gzip', post(json, 'Content-Encoding: gzip'), undefined, 'imei'],
  ['gzip under a header that says br', post(gzipSync(json), 'Content-Encoding: br'), ['gzip?'], 'imei'],
  ['zstd under a header that says gzip', post(zstdCompressSync(json), 'Content-Encoding: gzip'), ['zstd?'], 'imei'],
  ['gzip under an unknown name', post(gzipSync(json), 'Content-Encoding: pack'), ['gzip?'], 'imei'],
  ['a compressed body that is cut', post(gzipSync(json).subarray(0, -9), 'Content-Encoding: gzip'), ['gzip'], 'imei'],
  ['a plain part', post(form(part('imei', '', IMEI), part('b', '', 'x')), FORM), undefined, 'imei'],
  [
    'a part in base64',
    post(form(part('a', '', 'x'), part('note', BASE64, asMail(secret))), FORM),
    ['multipart', 'base64'],
    'imei',
  ],
  [
    'a part in quoted-printable',
    post(
      form(
        part(
          'q',
          'Content-Transfer-Encoding: quoted-printable\r\n',
          `imei=3D${IMEI.slice(0, 7)}=\r\n${IMEI.slice(7)}=`,
        ),
      ),
      FORM,
    ),
    ['multipart', 'quoted-printable'],
    'imei',
  ],
  [
    'a part in base64, chunked and gzip',
    post(
      chunked(gzipSync(form(part('a', '', 'x'), part('note', BASE64, asMail(secret)))), 40),
      FORM,
      'Transfer-Encoding: chunked',
      'Content-Encoding: gzip',
    ),
    ['chunked', 'gzip', 'multipart', 'base64'],
    'imei',
  ],
  [
    'gzip that nothing announces, chunked',
    post(chunked(gzipSync(json), 60), 'Transfer-Encoding: chunked'),
    ['chunked'],
    'imei',
  ],
];

/** The bytes in segments of `size`, in order or with each pair of segments swapped. */
function capture(bytes: Buffer, size: number, swapped: boolean): Buffer {
  const t = new Conversation();
  const segments: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) segments.push(t.clientSegment(at, bytes.subarray(at, at + size)));
  if (swapped) {
    for (let i = 0; i + 1 < segments.length; i += 2)
      segments.splice(i, 2, segments[i + 1] as Buffer, segments[i] as Buffer);
  }
  return pcap([...t.packets, ...segments]);
}

function said(file: Buffer): unknown[] {
  return findingsIn(file).map((f) => [f.identifier?.kind, f.decodings, f.field, f.confidence]);
}

describe('an identifier in a request is found exactly once', () => {
  it.each(requests)('%s', (_, bytes, decodings, field) => {
    for (const [size, swapped] of [
      [1400, false],
      [61, true],
      [7, true],
    ] as const)
      expect(said(capture(bytes, size, swapped)), `${size}`).toEqual([['imei', decodings, field, 'certain']]);
  });

  it('and twice where it is sent twice, in a plain part and in one of base64', () => {
    const bytes = post(form(part('imei', '', IMEI), part('note', BASE64, asMail(secret))), FORM);
    expect(findingsIn(capture(bytes, 1400, false)).map((f) => f.decodings)).toEqual([
      undefined,
      ['multipart', 'base64'],
    ]);
  });
});

function talk(...parts: { toServer: boolean; bytes: Buffer | string }[]): Buffer {
  const t = new Conversation();
  for (const { toServer, bytes } of parts) {
    if (toServer) t.toServer(bytes, 100);
    else t.toClient(bytes, 100);
  }
  return pcap(t.packets);
}

describe('an identifier in a WebSocket message is found exactly once', () => {
  const opening = (extensions = ''): { toServer: boolean; bytes: string }[] => [
    { toServer: true, bytes: WS_ASK },
    { toServer: false, bytes: wsConsent(extensions) },
  ];
  const client = (bytes: Buffer): { toServer: boolean; bytes: Buffer } => ({ toServer: true, bytes });

  it('masked, plain, and in fragments with a ping between them', () => {
    for (const frames of [
      [wsFrame(json, { mask: 0x1badcafe })],
      [wsFrame(json)],
      [
        wsFrame(json.subarray(0, 65), { mask: 0x01020304, final: false }),
        wsFrame('beat', { opcode: 9, mask: 0x0a0b0c0d }),
        wsFrame(json.subarray(65), { mask: 0xffeeddcc, opcode: 0 }),
      ],
    ])
      expect(said(talk(...opening(), client(Buffer.concat(frames))))).toEqual([
        ['imei', ['websocket'], 'imei', 'certain'],
      ]);
  });

  it('masked and deflated, in a context that goes on', () => {
    const first = Buffer.from('{"hello":"the same words","imei":"no"}');
    const frames = [
      wsFrame(wsDeflate(first), { mask: 0x11223344, compressed: true }),
      wsFrame(wsDeflate(json, first), { mask: 0x55667788, compressed: true }),
    ];
    expect(said(talk(...opening('permessage-deflate'), client(Buffer.concat(frames))))).toEqual([
      ['imei', ['websocket', 'deflate'], 'imei', 'certain'],
    ]);
  });
});

describe('an identifier in HTTP/2 is found exactly once', () => {
  it('in a header without Huffman coding, and again where the table repeats it', () => {
    const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0';
    const first = `\x82\x86\x84\x40\x06x-imei\x0f${IMEI}`;
    const frame = (stream: number, block: string): string =>
      `\0\0${String.fromCharCode(block.length)}\x01\x05\0\0\0${String.fromCharCode(stream)}${block}`;
    const bytes = Buffer.from(preface + frame(1, first) + frame(3, '\x82\x86\x84\xbe'), 'latin1');
    const once = ['imei', ['hpack'], 'x-imei', 'certain'];
    expect(said(capture(bytes, 1400, false))).toEqual([once, once]);
    expect(said(capture(bytes, 9, true))).toEqual([once, once]);
  });

  const answer = { headers: {}, body: Buffer.from('ok') };
  it.each([
    ['in the path', { path: `/x?imei=${IMEI}&z=1` }, ['hpack'], 'imei'],
    ['in a header', { path: '/', headers: { 'x-imei': IMEI } }, ['hpack'], 'x-imei'],
    ['in a trailer', { path: '/', body: Buffer.from('a'), trailers: { 'x-imei': IMEI } }, ['hpack'], 'x-imei'],
    ['in plain data', { path: '/', body: json }, ['http2'], 'imei'],
    [
      'in compressed data',
      { path: '/', headers: { 'content-encoding': 'gzip' }, body: gzipSync(json) },
      ['http2', 'gzip'],
      'imei',
    ],
    ['in compressed data that nothing announces', { path: '/', body: gzipSync(json) }, ['http2'], 'imei'],
  ])('%s', async (_, asked, decodings, field) => {
    const all = await talkHttp2([asked], answer);
    for (const piece of [1400, 13]) {
      const t = new Conversation();
      for (const { toServer, bytes } of all) {
        if (toServer) t.toServer(bytes, piece);
        else t.toClient(bytes, piece);
      }
      expect(said(pcap(t.packets))).toEqual([['imei', decodings, field, 'certain']]);
    }
  });
});
