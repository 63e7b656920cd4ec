import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Conversation } from '../dissection/conversation.ts';
import { pcap } from '../dissection/packet-builder.ts';
import { findingsIn } from './findings-of-capture.ts';
import { lz4Frame } from './lz4-frames.ts';
import { zipEntry } from './zip-files.ts';

const json = '{"model":"HM 1SW","deviceId":"490154203237518","phone":"0912345678"}';
const mixed = Array.from({ length: 90 }, (_, i) => `"k${i * 7}":"${(i * 2654435761) % 9973}",`).join('');

const post = (body: Buffer, ...headers: string[]): Buffer => {
  const head = ['POST /r HTTP/1.1', 'Host: a.example', `Content-Length: ${body.length}`, ...headers, '', ''];
  return Buffer.concat([Buffer.from(head.join('\r\n')), body]);
};

/** Kind, path of transforms, stream offset and frames of each finding. */
const told = (stream: Buffer, pieceBytes = stream.length): string[] =>
  findingsIn(pcap(new Conversation().toServer(stream, pieceBytes).close().packets))
    .map((f) =>
      [
        f.identifier?.kind,
        f.transform.join('>'),
        f.streamOffset,
        f.frames.map(({ frame }) => frame).join(),
        f.confidence,
      ].join('|'),
    )
    .sort();

const own = Buffer.from([1, 0, 0x20, 0, 0x17, 0, 0x80]);

describe('a compressed value in the body of an HTTP message whose head does not announce it', () => {
  const values: [string, string, Buffer][] = [
    ['gzip', 'gzip', gzipSync(json)],
    ['zlib', 'zlib', deflateSync(json)],
    ['Zstandard', 'zstd', zstdCompressSync(mixed + json)],
    ['LZ4', 'lz4', lz4Frame(mixed.slice(0, 20) + json)],
    ['an entry of a ZIP file', 'zip', zipEntry({ content: json })],
  ];
  it.each(values)('behind a header of its own: %s', (_, step, value) => {
    for (const length of [1, 3, 7]) {
      const stream = post(Buffer.concat([own.subarray(0, length), value]));
      const at = stream.length - value.length;
      expect(
        told(stream).filter((one) => one.startsWith('imei')),
        `${length} bytes`,
      ).toEqual([`imei|${step}|${at}|4|certain`]);
    }
  });

  it('and in messages one behind the other in one packet, those that are announced told once', () => {
    const packed = Buffer.concat([own, gzipSync(json)]);
    const messages = [
      post(Buffer.from('a=1')),
      post(gzipSync(json), 'Content-Encoding: gzip'),
      post(packed),
      post(gzipSync('a=1'), 'Content-Encoding: gzip'),
      post(deflateRawSync(json)),
      post(Buffer.from('a=1')),
    ];
    const stream = Buffer.concat(messages);
    const second = stream.indexOf(packed) + own.length;
    const third = stream.lastIndexOf(deflateRawSync(json));
    const first = stream.indexOf(gzipSync(json));
    const lines = told(stream).filter((one) => one.startsWith('imei'));
    expect(lines.filter((one) => one.includes(`|${second}|`))).toEqual([`imei|gzip|${second}|4|certain`]);
    expect(lines.filter((one) => one.includes(`|${third}|`))).toEqual([`imei|deflate-raw|${third}|4|certain`]);
    expect(lines).toHaveLength(3);
    expect(lines.every((one) => !one.startsWith(`imei|gzip|${first}|`))).toBe(true);
  });
});
