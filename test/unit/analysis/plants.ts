import { createHash, createHmac } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';

/** What the handset has beside the identifier under test. */
export const androidId = 'f00dbeef12345671';
export const model = 'HM 1SW';
export const packageName = 'com.xiaomi.market';

/** One way in which software was seen to write an identifier. Null where the text has no such writing of its own. */
export interface Writing {
  readonly name: string;
  readonly write: (text: string) => Buffer | null;
}

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');
const b64 = (bytes: Uint8Array | string): string => Buffer.from(bytes as string).toString('base64');
const hex = (bytes: Uint8Array | string): string => Buffer.from(bytes as string).toString('hex');
const everyByte = (text: string, before: string): string => hex(text).replace(/../g, `${before}$&`);
const units = (text: string): string[] =>
  Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16).padStart(4, '0'));
const json = (text: string): string => `{"model":"HM 1SW","deviceId":"${text}","v":1}`;
const mail = (content: string): string => `Content-Transfer-Encoding: quoted-printable\r\n\r\n${content}\r\n`;
const changed = (text: string, written: string): Buffer | null => (written === text ? null : utf8(written));

const encoded: readonly Writing[] = [
  { name: 'plain', write: utf8 },
  { name: 'percent', write: (t) => changed(t, encodeURIComponent(t)) },
  { name: 'percent of every byte', write: (t) => utf8(everyByte(t, '%').toUpperCase()) },
  {
    name: 'percent of some bytes',
    // A space that is not escaped ends a URI, and with it what is undone.
    write: (t) => (t.includes(' ') ? null : utf8(t.slice(0, 4) + everyByte(t.slice(4, 9), '%') + t.slice(9))),
  },
  { name: 'percent twice', write: (t) => utf8(everyByte(everyByte(t, '%'), '%')) },
  { name: 'hex', write: (t) => utf8(hex(t)) },
  { name: 'HEX', write: (t) => utf8(hex(t).toUpperCase()) },
  ...['', 'a', 'ab'].flatMap((pad): Writing[] => [
    { name: `base64 after ${pad.length}`, write: (t) => utf8(b64(pad + t)) },
    { name: `base64 after ${pad.length}, unpadded`, write: (t) => utf8(b64(pad + t).replace(/=+$/, '')) },
    { name: `base64url after ${pad.length}`, write: (t) => utf8(Buffer.from(pad + t).toString('base64url')) },
    { name: `base64 after ${pad.length} in percent`, write: (t) => utf8(encodeURIComponent(b64(`${pad}${t}~?`))) },
  ]),
  {
    name: 'JSON escapes',
    write: (t) =>
      utf8(
        units(t)
          .map((u) => `\\u${u}`)
          .join(''),
      ),
  },
  { name: 'references', write: (t) => utf8(Array.from(t, (c) => `&#${c.codePointAt(0) ?? 0};`).join('')) },
  {
    name: 'references in hex',
    write: (t) =>
      utf8(
        units(t)
          .map((u) => `&#x${u};`)
          .join(''),
      ),
  },
  { name: 'quoted-printable', write: (t) => utf8(mail(everyByte(t, '=').toUpperCase())) },
  {
    name: 'quoted-printable over two lines',
    write: (t) => (/^[ -~]+$/.test(t) ? utf8(mail(`${t.slice(0, 4)}=\r\n${t.slice(4)}`)) : null),
  },
  { name: 'UTF-16LE', write: (t) => Buffer.from(t, 'utf16le') },
  { name: 'UTF-16BE', write: (t) => Buffer.from(t, 'utf16le').swap16() },
  { name: 'reversed', write: (t) => (t.length < 10 ? null : changed(t, Array.from(t).reverse().join(''))) },
];

const nested: readonly Writing[] = [
  { name: 'base64 of JSON', write: (t) => utf8(b64(json(t))) },
  { name: 'base64 of base64 of JSON', write: (t) => utf8(b64(b64(json(t)))) },
  { name: 'hex of JSON', write: (t) => utf8(hex(json(t))) },
  { name: 'base64 of gzip', write: (t) => utf8(b64(gzipSync(json(t)))) },
  { name: 'base64 of raw deflate', write: (t) => utf8(b64(deflateRawSync(json(t)))) },
  { name: 'hex of raw deflate', write: (t) => utf8(hex(deflateRawSync(json(t)))) },
  { name: 'base64 of zlib in percent', write: (t) => utf8(encodeURIComponent(b64(deflateSync(json(t))))) },
  {
    name: 'JSON escapes in base64',
    write: (t) =>
      utf8(
        b64(
          json(
            units(t)
              .map((u) => `\\u${u}`)
              .join(''),
          ),
        ),
      ),
  },
  {
    name: 'base64 whose slashes JSON escapes',
    write: (t) => utf8(b64(`\u00ff?\u00ff?${json(t)}`).replaceAll('/', '\\/')),
  },
];

const algorithms = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'];
const digest = (algorithm: string, input: string | Uint8Array): Buffer => createHash(algorithm).update(input).digest();

const digested: readonly Writing[] = algorithms.flatMap((a): Writing[] => {
  const of = (t: string): Buffer => digest(a, t);
  return [
    { name: `${a} hex`, write: (t) => utf8(hex(of(t))) },
    { name: `${a} HEX`, write: (t) => utf8(hex(of(t)).toUpperCase()) },
    { name: `${a} base64`, write: (t) => utf8(b64(of(t))) },
    { name: `${a} base64 in percent`, write: (t) => utf8(encodeURIComponent(b64(of(t)))) },
    { name: `${a} base64url`, write: (t) => utf8(of(t).toString('base64url')) },
    { name: `${a} base64url first 16`, write: (t) => utf8(of(t).toString('base64url').slice(0, 16)) },
    { name: `${a} base64url first 20`, write: (t) => utf8(of(t).toString('base64url').slice(0, 20)) },
    { name: `${a} hex first 16`, write: (t) => utf8(hex(of(t)).slice(0, 16)) },
    { name: `${a} hex first 24`, write: (t) => utf8(hex(of(t)).slice(0, 24)) },
    { name: `${a} raw`, write: of },
    { name: `${a} in base64 of JSON`, write: (t) => utf8(b64(json(hex(of(t))))) },
    { name: `${a} with slashes escaped`, write: (t) => utf8(b64(of(t)).replaceAll('/', '\\/')) },
    ...(a === 'md5'
      ? [
          { name: 'md5 middle 16', write: (t: string) => utf8(hex(of(t)).slice(8, 24)) },
          { name: 'md5 last 16', write: (t: string) => utf8(hex(of(t)).slice(16)) },
        ]
      : [
          { name: `${a} base64url first 27`, write: (t: string) => utf8(of(t).toString('base64url').slice(0, 27)) },
          { name: `${a} hex first 32`, write: (t: string) => utf8(hex(of(t)).slice(0, 32)) },
          { name: `${a} raw first 16`, write: (t: string) => of(t).subarray(0, 16) },
        ]),
  ];
});

/** Only of a handset's own identifiers. */
export const ownWritings: readonly Writing[] = [
  { name: 'md5 of md5', write: (t) => utf8(hex(digest('md5', hex(digest('md5', t))))) },
  { name: 'sha1 of MD5 in capitals', write: (t) => utf8(hex(digest('sha1', hex(digest('md5', t)).toUpperCase()))) },
  ...algorithms.map((a) => ({ name: `${a} of the line`, write: (t: string) => utf8(hex(digest(a, `${t}\n`))) })),
  { name: 'sha256 of UTF-16', write: (t) => utf8(hex(digest('sha256', Buffer.from(t, 'utf16le')))) },
  { name: 'md5 of base64', write: (t) => utf8(hex(digest('md5', b64(t)))) },
  { name: 'md5 of the reverse', write: (t) => utf8(hex(digest('md5', Array.from(t).reverse().join('')))) },
  {
    name: 'UUID of the name',
    write: (t) => {
      const bytes = digest('md5', t);
      bytes[6] = ((bytes[6] ?? 0) & 15) | 0x30;
      bytes[8] = ((bytes[8] ?? 0) & 63) | 0x80;
      return utf8(hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
    },
  },
];

/** Only of identifiers that a handset has once, with another value of the same handset. */
export const joinedWritings: readonly Writing[] = [
  { name: 'md5 with Android ID', write: (t) => utf8(hex(digest('md5', t + androidId))) },
  { name: 'sha1 after Android ID', write: (t) => utf8(b64(digest('sha1', `${androidId}_${t}`))) },
  { name: 'sha256 with model', write: (t) => utf8(hex(digest('sha256', `${t}|${model}`))) },
  { name: 'sha512 after package', write: (t) => utf8(hex(digest('sha512', packageName + t))) },
  { name: 'hmac with package', write: (t) => utf8(hex(createHmac('sha256', packageName).update(t).digest())) },
  {
    name: 'H16 with Android ID',
    write: (t) =>
      utf8(
        digest('sha1', t + androidId)
          .toString('base64url')
          .slice(0, 16),
      ),
  },
];

/** Of every identifier. */
export const writings: readonly Writing[] = [...encoded, ...nested, ...digested];

/** The first line of `GET`, a header, a body in its ways: where a writing is planted. Null where the bytes cannot stand there. */
export interface Place {
  readonly name: string;
  /** Of these, only a sample of the writings is planted in the quick tier. */
  readonly sampled?: true;
  /** The planted bytes stand in the stream as they are: frames and offset of the finding are checked. */
  readonly asIs?: true;
  readonly plant: (
    bytes: Buffer,
  ) => { readonly parts: readonly Buffer[]; readonly order?: 'repeated' | 'swapped'; readonly answer?: Buffer } | null;
}

const head = (...more: string[]): Buffer =>
  utf8(['POST /report?v=1 HTTP/1.1', 'Host: api.example.net', ...more, '', ''].join('\r\n'));
const around = (bytes: Buffer): Buffer => Buffer.concat([utf8(`a=${'x'.repeat(40)}&k="`), bytes, utf8('"&z=last\r\n')]);
const chunk = (bytes: Buffer): Buffer => Buffer.concat([utf8(`${bytes.length.toString(16)}\r\n`), bytes, utf8('\r\n')]);
const post = (bytes: Buffer): Buffer => Buffer.concat([head(`Content-Length: ${bytes.length}`), bytes]);

/** Cuts through the middle of what is planted, and elsewhere. */
function cutThrough(whole: Buffer, planted: Buffer): Buffer[] {
  const middle = whole.indexOf(planted) + Math.floor(planted.length / 2);
  const ends = [middle - 3, middle, middle + 1].filter((at) => at > 0 && at < whole.length);
  return [0, ...ends].map((at, i) => whole.subarray(at, ends[i] ?? whole.length));
}

const coded: readonly Place[] = (
  [
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const
).map(([coding, compress], i) => ({
  name: `${coding}${i === 1 ? ' without a wrapper' : ''}`,
  sampled: true,
  plant: (bytes) => {
    const packed = compress(around(bytes));
    return { parts: [head(`Content-Encoding: ${coding}`, `Content-Length: ${packed.length}`), packed] };
  },
}));

const h2Frame = (type: number, flags: number, stream: number, payload: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from([
      payload.length >> 16,
      (payload.length >> 8) & 255,
      payload.length & 255,
      type,
      flags,
      0,
      0,
      0,
      stream,
    ]),
    payload,
  ]);
/** RFC 7541 6.2.2: a literal that is not indexed, its name from the static table. */
const h2Field = (name: number, value: string): Buffer =>
  Buffer.concat([Buffer.from([name, value.length]), utf8(value)]);

/** A client's frame (RFC 6455 5.2): final, masked. */
function webSocketFrame(opcode: number, payload: Buffer): Buffer {
  const mask = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
  const length =
    payload.length < 126
      ? Buffer.from([0x80 | payload.length])
      : Buffer.from([0x80 | 126, payload.length >> 8, payload.length & 255]);
  return Buffer.concat([
    Buffer.from([0x80 | opcode]),
    length,
    mask,
    payload.map((byte, i) => byte ^ (mask[i & 3] ?? 0)),
  ]);
}

const others: readonly Place[] = [
  {
    name: 'cookie',
    sampled: true,
    asIs: true,
    plant: (bytes) =>
      /^[!-~]+$/.test(bytes.toString('latin1')) && !bytes.includes(';')
        ? {
            parts: [
              Buffer.concat([
                utf8('GET / HTTP/1.1\r\nHost: h.example\r\nCookie: a=b; k='),
                bytes,
                utf8('; z=1\r\n\r\n'),
              ]),
            ],
          }
        : null,
  },
  {
    name: 'multipart',
    sampled: true,
    plant: (bytes) => {
      const before = utf8('--line\r\nContent-Disposition: form-data; name="k"\r\n\r\n');
      const body = Buffer.concat([before, bytes, utf8('\r\n--line--\r\n')]);
      return {
        parts: [head('Content-Type: multipart/form-data; boundary=line', `Content-Length: ${body.length}`), body],
      };
    },
  },
  {
    name: 'base64 in JSON in gzip',
    sampled: true,
    plant: (bytes) => {
      const packed = gzipSync(
        `{"model":"HM 1SW","data":"${b64(Buffer.concat([utf8('k="'), bytes, utf8('"&z=last')]))}"}`,
      );
      return { parts: [head('Content-Encoding: gzip', `Content-Length: ${packed.length}`), packed] };
    },
  },
  {
    name: 'HTTP/2',
    sampled: true,
    plant: (bytes) => {
      const fields = [Buffer.from([0x83, 0x86]), h2Field(4, '/report'), h2Field(1, 'api.example.net')];
      const opening = utf8('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
      const start = Buffer.concat([
        opening,
        h2Frame(4, 0, 0, Buffer.alloc(0)),
        h2Frame(1, 4, 1, Buffer.concat(fields)),
      ]);
      return { parts: [start, ...cutThrough(h2Frame(0, 1, 1, around(bytes)), bytes)] };
    },
  },
  {
    name: 'WebSocket',
    sampled: true,
    plant: (bytes) => {
      const request = [
        'GET /chat HTTP/1.1',
        'Host: api.example.net',
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Version: 13',
      ];
      const answer = [
        'HTTP/1.1 101 Switching Protocols',
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
      ];
      return {
        parts: [utf8(`${request.join('\r\n')}\r\n\r\n`), webSocketFrame(2, around(bytes))],
        answer: utf8(`${answer.join('\r\n')}\r\n\r\n`),
      };
    },
  },
];

export const places: readonly Place[] = [
  {
    name: 'URI',
    asIs: true,
    plant: (bytes) =>
      /^[!-~]+$/.test(bytes.toString('latin1'))
        ? { parts: [Buffer.concat([utf8('GET /x?k='), bytes, utf8('&y=1 HTTP/1.1\r\nHost: h.example\r\n\r\n')])] }
        : null,
  },
  {
    name: 'header',
    asIs: true,
    plant: (bytes) =>
      /^[ -~]+$/.test(bytes.toString('latin1'))
        ? { parts: [Buffer.concat([utf8('GET / HTTP/1.1\r\nHost: h.example\r\nX-Key: '), bytes, utf8('\r\n\r\n')])] }
        : null,
  },
  { name: 'body', asIs: true, plant: (bytes) => ({ parts: [post(around(bytes))] }) },
  { name: 'split body', asIs: true, plant: (bytes) => ({ parts: cutThrough(post(around(bytes)), bytes) }) },
  {
    name: 'repeated packets',
    asIs: true,
    plant: (bytes) => ({ parts: cutThrough(post(around(bytes)), bytes), order: 'repeated' }),
  },
  {
    name: 'swapped packets',
    sampled: true,
    asIs: true,
    plant: (bytes) => ({ parts: cutThrough(post(around(bytes)), bytes), order: 'swapped' }),
  },
  {
    name: 'chunks',
    plant: (bytes) => {
      const pieces = cutThrough(around(bytes), bytes).map(chunk);
      return { parts: [head('Transfer-Encoding: chunked'), ...pieces, utf8('0\r\n\r\n')] };
    },
  },
  {
    name: 'gzip',
    plant: (bytes) => {
      const packed = gzipSync(around(bytes));
      return { parts: [head('Content-Encoding: gzip', `Content-Length: ${packed.length}`), packed] };
    },
  },
  { name: 'gzip that no header announces', plant: (bytes) => ({ parts: [post(gzipSync(around(bytes)))] }) },
  {
    name: 'gzip in chunks',
    sampled: true,
    plant: (bytes) => {
      const packed = gzipSync(around(bytes));
      const half = packed.length >> 1;
      const pieces = [packed.subarray(0, half), packed.subarray(half)].map(chunk);
      return { parts: [head('Content-Encoding: gzip', 'Transfer-Encoding: chunked'), ...pieces, utf8('0\r\n\r\n')] };
    },
  },
  ...coded,
  ...others,
];
