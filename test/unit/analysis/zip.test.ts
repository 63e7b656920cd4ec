import { describe, expect, it } from 'vitest';
import { inflate } from '../../../main/analysis/search/inflate.ts';
import { zipContentAt } from '../../../main/analysis/search/zip-entry.ts';
import { Conversation } from '../dissection/conversation.ts';
import { pcap } from '../dissection/packet-builder.ts';
import { randomOf } from './feeding.ts';
import { findingsIn } from './findings-of-capture.ts';
import { zipEntry, zipFile, type ZipPart } from './zip-files.ts';

const json = '{"model":"HM 1SW","deviceId":"490154203237518","phone":"0912345678"}';

const random = randomOf(23);
/** Text that does not become much shorter. */
const filling = (length: number): string =>
  Array.from({ length }, () => Math.floor(random() * 36).toString(36)).join('');

const post = (body: Buffer, ...headers: string[]): Buffer => {
  const head = ['POST /r HTTP/1.1', 'Host: a.example', `Content-Length: ${body.length}`, ...headers, '', ''];
  return Buffer.concat([Buffer.from(head.join('\r\n')), body]);
};
const inForm = (file: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from('--B\r\nContent-Disposition: form-data; name="log"; filename="log.zip"\r\n'),
    Buffer.from('Content-Type: application/zip\r\n\r\n'),
    file,
    Buffer.from('\r\n--B--\r\n'),
  ]);

/** Path, stream offset and confidence of each IMEI found. */
const imeisIn = (stream: Buffer, pieceBytes = stream.length): string[] =>
  findingsIn(pcap(new Conversation().toServer(stream, pieceBytes).close().packets))
    .filter((one) => one.identifier?.kind === 'imei')
    .map((one) => [one.transform.join('>'), one.streamOffset, one.confidence].join('|'));

const wraps: [string, (file: Buffer) => Buffer][] = [
  ['as application/zip', (file) => post(file, 'Content-Type: application/zip')],
  ['as application/octet-stream', (file) => post(file, 'Content-Type: application/octet-stream')],
  ['as the file of a form', (file) => post(inForm(file), 'Content-Type: multipart/form-data; boundary=B')],
  ['in a stream of no known protocol', (file) => Buffer.concat([Buffer.from([0, 1, 2, 3, 0x80]), file])],
];

describe('a value in a deflated entry of a ZIP file', () => {
  const parts: [string, ZipPart][] = [
    ['short', { content: json }],
    ['with a data descriptor', { content: json, described: true }],
    ['with an extra field', { content: json, extra: Buffer.alloc(28, 7) }],
    ['with a long name', { content: json, name: `logs/${'n'.repeat(200)}.json` }],
    ['in the midst of a long log', { content: filling(3000) + json + filling(3000), described: true }],
    ['longer than what is searched at once', { content: filling(700_000) + json, described: true }],
  ];
  it.each(wraps.flatMap(([where, wrap]) => parts.map(([what, part]) => [where, what, wrap, part] as const)))(
    '%s, %s, is found wherever it is cut',
    (_, __, wrap, part) => {
      const entry = zipEntry(part);
      const stream = wrap(zipFile([part]));
      const sizes = stream.length > 100_000 ? [1448] : [stream.length, 1448, 7];
      for (const size of sizes)
        expect(imeisIn(stream, size), `pieces of ${size}`).toEqual([`zip|${stream.indexOf(entry)}|certain`]);
    },
  );

  it.each(wraps)('of several, each is found by itself: %s', (_, wrap) => {
    const all: ZipPart[] = [
      { name: 'logs/', content: '', stored: true },
      { name: 'a.json', content: json, described: true },
      { name: 'note.txt', content: filling(2000), stored: true },
      { name: 'b.json', content: filling(100) + json },
      { name: 'c.json', content: json + filling(2000), described: true },
    ];
    const stream = wrap(zipFile(all));
    const expected = [1, 3, 4].map((i) => `zip|${stream.indexOf(zipEntry(all[i] as ZipPart))}|certain`);
    for (const size of [stream.length, 100]) expect(imeisIn(stream, size)).toEqual(expected);
  });

  it('that is stored is found as it lies, once', () => {
    const stream = post(zipFile([{ content: json, stored: true }]));
    expect(imeisIn(stream)).toEqual([`|${stream.indexOf('490154203237518')}|certain`]);
  });

  it('that is encrypted gives nothing, and the next one is found', () => {
    const open: ZipPart = { name: 'open', content: json };
    const stream = post(zipFile([{ content: json, encrypted: true }, open]));
    expect(imeisIn(stream)).toEqual([`zip|${stream.indexOf(zipEntry(open))}|certain`]);
  });

  it('that is cut short gives what came', () => {
    const entry = zipEntry({ content: filling(500) + json + filling(20_000), described: true });
    const cut = entry.subarray(0, 6000);
    const stream = Buffer.concat([Buffer.from([0, 1, 2, 3, 0x80]), cut]);
    for (const size of [stream.length, 1000]) expect(imeisIn(stream, size)).toEqual(['zip|5|certain']);
    expect(imeisIn(stream.subarray(0, 300))).toEqual([]);
  });
});

describe('the local file header', () => {
  const entry = zipEntry({ name: 'a', content: json, extra: Buffer.alloc(3) });

  it('says where the stream begins, as far as it has come', () => {
    expect(zipContentAt(entry, 0, entry.length)).toBe(34);
    expect(zipContentAt(Buffer.concat([Buffer.alloc(5), entry]), 5, entry.length + 5)).toBe(39);
    expect(zipContentAt(entry, 0, 10)).toBe(30);
    expect(zipContentAt(entry, 0, 9)).toBeNull();
  });

  it.each([
    ['another signature', 3, 5],
    ['encryption', 6, 1],
    ['another method', 8, 12],
    ['a method of two bytes', 9, 1],
  ])('with %s shows no stream', (_, at, byte) => {
    const other = Buffer.from(entry);
    other[at] = byte;
    expect(zipContentAt(other, 0, other.length)).toBeNull();
    expect(inflate(other)).toBeNull();
  });

  it('is followed by a data descriptor that belongs to the value, where one stands', () => {
    const described = zipEntry({ content: json, described: true });
    const long = Buffer.concat([described.subarray(0, -8), Buffer.alloc(16)]);
    long.writeUInt32LE(described.readUInt32LE(described.length - 8), long.length - 16);
    long.writeUInt32LE(json.length, long.length - 8);
    for (const whole of [described, long]) {
      const followed = Buffer.concat([whole, zipEntry({ content: json })]);
      expect(inflate(followed)).toMatchObject({ complete: true, consumed: whole.length });
      const cut = inflate(followed.subarray(0, described.length - 15));
      expect(cut).toMatchObject({ complete: false, consumed: described.length - 15 });
      expect(Buffer.from(cut?.bytes ?? []).toString()).toBe(json);
    }
    const without = described.subarray(0, -16);
    for (const lie of [Buffer.alloc(30), Buffer.concat([Buffer.from('PK\x07\x08', 'latin1'), Buffer.alloc(30)])])
      expect(inflate(Buffer.concat([without, lie]))).toMatchObject({ complete: true, consumed: without.length });
  });

  it('and its stream are what the value is, whether or not all of it is there', () => {
    expect(inflate(Buffer.concat([entry, entry]))).toMatchObject({
      step: 'zip',
      complete: true,
      consumed: entry.length,
    });
    for (let length = 10; length <= 42; length++)
      expect(inflate(entry.subarray(0, length)), String(length)).toMatchObject({ complete: false, consumed: length });
    expect(Buffer.from(inflate(entry)?.bytes ?? []).toString()).toBe(json);
  });
});
