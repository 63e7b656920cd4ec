import { createHash } from 'node:crypto';
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Origin } from '../../../main/dissection/sink.ts';
import { createSearcher, type Hit } from '../../../main/analysis/search/searcher.ts';
import { describe, expect, it } from 'vitest';
import { encodeBase32 } from '../../../main/analysis/transforms/base32.ts';
import { normalFormsOf } from '../../../main/analysis/transforms/normal-forms.ts';
import { lz4Frame } from './lz4-frames.ts';
import { zipFile } from './zip-files.ts';
import { cut, feed, feedText, patternsOf, samples } from './feeding.ts';

const imei = '490154203237518';
const h16 = 'l6IQUjLsyHVvA6Ap';
const brief = (text: string | Uint8Array): string[] =>
  feedText(text).map((h) => [h.kind, h.form ?? '', h.transform.join('>'), h.edges].join('|'));

describe('the forms of the founding case', () => {
  const cases: [string, string, string[]][] = [
    ['plain', `GET /a?imei=${imei}&x=1 HTTP/1.1\r\n`, ['imei|||clean']],
    [
      'H16 in a path',
      `GET /pass/activate/dev/${h16}/activating?imsi=OjUVzc6AR2uRKiP2 HTTP/1.1\r\n`,
      ['imei||sha1>base64url>first-16|unknown', 'imsi||sha1>base64url>first-16|unknown'],
    ],
    ['27 characters', 'x=YzNpok7UdgfbMExUprNe9_oFu-U;', ['msisdn||sha1>base64url>first-27|unknown']],
    ['27 characters, national', 'dev_ZvX8ibYkLEsGXKJ671QQQzOvKwM', ['msisdn|national|sha1>base64url>first-27|unknown']],
    ['MD5', 'k=0eaed834a1e6f4b2bf0c024e0013dea1&', ['imei||md5>hex|unknown']],
    ['MD5 upper case', 'k=0EAED834A1E6F4B2BF0C024E0013DEA1', ['imei||md5>hex|unknown']],
    ['SHA-1 hex', 'k=3a3515cdce80476b912a23f6da73d3596392dbde', ['imsi||sha1>hex|unknown']],
    ['middle of MD5', 'k=a1e6f4b2bf0c024e', ['imei||md5>hex>middle-16|unknown']],
    ['base64', 'k=NDkwMTU0MjAzMjM3NTE4', ['imei||base64|unknown']],
    ['base64 padded', 'k=Kzg4NjkxMjM0NTY3OA==&', ['msisdn||base64|unknown']],
    ['percent', 'k=%2B886912345678', ['msisdn||percent|clean']],
    ['national in a field', 'externalId=0912345678', ['msisdn|national||clean']],
    ['E.164 with plus contains the form without', 'tel:+886912345678,', ['msisdn|||clean']],
    ['digits of E.164', '{"phone":"886912345678"}', ['msisdn|e164-digits||clean']],
    ['IMEISV', 'sv 4901542032375101 ', ['imei|imeisv||clean']],
    ['IMEI in a longer number', 'n=00004901542032375180000', ['imei|||joined']],
    ['missing marker', 'GET /dev/tlifxqsNyCzxIJnR/x', []],
  ];
  it.each(cases)('%s', (_, text, expected) => {
    const found = brief(text);
    // Digests and bare base64 literals have no neighbours to judge: only what matters is compared.
    expect(found.map((f) => f.replace(/\|(clean|unknown)$/, '|ok'))).toEqual(
      expected.map((f) => f.replace(/\|(clean|unknown)$/, '|ok')),
    );
  });

  it('names the field beside the value', () => {
    expect(feedText(`GET /p/user@id?type=MXPH&externalId=0912345678 HTTP/1.1`)[0]).toMatchObject({
      name: 'externalId',
      agrees: true,
    });
    expect(feedText(`{"a":1,"imei" : "${imei}"}`)[0]).toMatchObject({ name: 'imei', agrees: true });
    expect(feedText(`q=%7B%22imei%22%3A%22${imei}%22%7D`)[0]).toMatchObject({
      name: 'imei',
      edges: 'clean',
      transform: [],
    });
    expect(feedText(`GET /pass/activate/dev/${h16}/activating`)[0]).toMatchObject({ name: null, agrees: true });
  });
});

describe('outer layers are undone', () => {
  const json = `{"model":"HM 1SW","deviceId":"${imei}","phone":"0912345678"}`;
  const b64 = (text: string | Uint8Array): string => Buffer.from(text as string).toString('base64');
  const mixed = Array.from({ length: 90 }, (_, i) => `"k${i * 7}":"${(i * 2654435761) % 9973}",`).join('');
  const behindHeader = (bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from([0, 1, 0x20, 0, 0, 0, bytes.length >> 8, bytes.length & 255]), bytes]);
  // 112 characters: the length is a `p`, which might be one of them.
  const packed = b64(gzipSync(json)).replace(/=+$/, '');
  const behindLength = Buffer.concat([Buffer.from([0, packed.length]), Buffer.from(packed), Buffer.from([0])]);
  const little = `${imei},466924500817263,8988692045008172631`;
  it('so little that a block with codes of its own is shorter', () => {
    expect(little.length).toBeLessThan(64);
    expect((deflateRawSync(little)[0] as number) & 6).toBe(4);
  });
  it('a length that may be base64', () => {
    expect(String.fromCharCode(packed.length)).toMatch(/[A-Za-z0-9]/);
  });
  const cases: [string, string | Uint8Array, string[]][] = [
    ['base64 of JSON', `data=${b64(json)}&`, ['imei||base64|clean', 'msisdn|national|base64|clean']],
    [
      'base64 in percent',
      `data=${encodeURIComponent(b64(json))}`,
      ['imei||base64|clean', 'msisdn|national|base64|clean'],
    ],
    ['base64 twice', `data=${b64(b64(json))}`, ['imei||base64>base64|clean', 'msisdn|national|base64>base64|clean']],
    ['hex of JSON', `data=${Buffer.from(json).toString('hex')}`, ['imei||hex|clean', 'msisdn|national|hex|clean']],
    ['percent twice', 'k=%252B886912345678', ['msisdn||percent>percent|clean']],
    ['digest in base64', `k=${b64(`device=${h16}&v=12`)}`, ['imei||sha1>base64url>first-16>base64|unknown']],
    [
      'zlib body without a header',
      Buffer.concat([Buffer.from('POST /x HTTP/1.1\r\nContent-Length: 9\r\n\r\n'), deflateSync(json)]),
      ['imei||zlib|clean', 'msisdn|national|zlib|clean'],
    ],
    [
      'deflate without any header in a body',
      Buffer.concat([Buffer.from('POST /x HTTP/1.1\r\nContent-Length: 9\r\n\r\n'), deflateRawSync(json)]),
      ['imei||deflate-raw|clean', 'msisdn|national|deflate-raw|clean'],
    ],
    [
      'long deflate without any header, with codes of its own',
      deflateRawSync(`${'[{"app":"com.example.one","t":1406700000},'.repeat(3)}${mixed}${json}`),
      ['imei||deflate-raw|clean', 'msisdn|national|deflate-raw|clean'],
    ],
    [
      'base64 of deflate without any header',
      `data=${b64(deflateRawSync(json))}`,
      ['imei||deflate-raw>base64|clean', 'msisdn|national|deflate-raw>base64|clean'],
    ],
    ...(['base64', 'hex'] as const).map((writing): [string, string, string[]] => [
      `${writing} of a little deflate without any header, with codes of its own`,
      `data=${deflateRawSync(little).toString(writing)}`,
      [`imei||deflate-raw>${writing}|clean`],
    ]),
    [
      'base64 of deflate without any header before a line that seems base64 too',
      `\r\n\r\n${b64(deflateRawSync(json))}\r\n--${'-'.repeat(24)}4f9ac2\r\n`,
      ['imei||deflate-raw>base64|clean', 'msisdn|national|deflate-raw>base64|clean'],
    ],
    ['base32', `id=${encodeBase32(Buffer.from(imei))}&`, ['imei||base32|clean']],
    ['base32 in small letters', `k: ${encodeBase32(Buffer.from(imei)).toLowerCase()} `, ['imei||base32|clean']],
    [
      'base32 of a raw digest behind a letter that belongs to nothing',
      ` q${encodeBase32(createHash('sha1').update(imei).digest()).toLowerCase()} `,
      ['imei||sha1>base32|unknown'],
    ],
    ['base32 of JSON', `${encodeBase32(Buffer.from(json))} `, ['imei||base32|clean', 'msisdn|national|base32|clean']],
    ['quoted-printable after a blank', `tel ${imei.replace(/./g, '=3$&')} `, ['imei||quoted-printable|clean']],
    ['Zstandard alone', zstdCompressSync(mixed + json), ['imei||zstd|clean', 'msisdn|national|zstd|clean']],
    [
      'an LZ4 frame in a body',
      Buffer.concat([
        Buffer.from('POST /x HTTP/1.1\r\nContent-Length: 9\r\n\r\n'),
        lz4Frame(json, json.indexOf(imei) + 5),
      ]),
      ['imei||lz4|clean', 'msisdn|national||clean'],
    ],
    [
      'gzip behind a header of its own',
      behindHeader(gzipSync(json)),
      ['imei||gzip|clean', 'msisdn|national|gzip|clean'],
    ],
    [
      'zlib behind a header of its own',
      behindHeader(deflateSync(json)),
      ['imei||zlib|clean', 'msisdn|national|zlib|clean'],
    ],
    [
      'Zstandard behind a header of its own',
      behindHeader(zstdCompressSync(mixed + json)),
      ['imei||zstd|clean', 'msisdn|national|zstd|clean'],
    ],
    [
      'base64 of gzip behind its length',
      behindLength,
      ['imei||gzip>base64|clean', 'msisdn|national|gzip>base64|clean'],
    ],
    [
      'base64 of gzip behind a word of its alphabet',
      `android-${b64(gzipSync(json))} `,
      ['imei||gzip>base64|clean', 'msisdn|national|gzip>base64|clean'],
    ],
    ['gzip alone', gzipSync(json), ['imei||gzip|clean', 'msisdn|national|gzip|clean']],
    ['base64 of gzip', `data=${b64(gzipSync(json))}`, ['imei||gzip>base64|clean', 'msisdn|national|gzip>base64|clean']],
    [
      'base64 of ZIP',
      `data=${b64(zipFile([{ content: json }]))}`,
      ['imei||zip>base64|clean', 'msisdn|national|zip>base64|clean'],
    ],
    [
      'base64 with line breaks',
      `data=${b64('x'.repeat(50) + json).replace(/(.{76})/g, '$1\n')}`,
      ['imei||base64|clean', 'msisdn|national|base64|clean'],
    ],
  ];
  it.each(cases)('%s', (_, text, expected) => {
    const ok = (f: string): string => f.replace(/\|(clean|unknown)$/, '');
    expect(brief(text).map(ok).sort()).toEqual(expected.map(ok).sort());
  });
  it('base64 of Zstandard, whose blocks have to be whole, in packets that hold more than its tail', () => {
    const text = `data=${b64(zstdCompressSync(mixed + json))}& `;
    for (const size of [700, 1400, 10_000]) {
      const { hits } = feed(patternsOf(), cut(Buffer.from(text), size));
      expect(hits.map((h) => `${h.kind} ${h.transform.join('>')}`).sort(), `size ${size}`).toEqual([
        'imei zstd>base64',
        'msisdn zstd>base64',
      ]);
    }
  });
  it.each(cases)('%s, in packets of 1, 7, 20 and 1000 bytes', (_, text) => {
    const set = patternsOf();
    const whole = feedText(text)
      .map((h) => [h.kind, h.transform.join('>')].join('|'))
      .sort();
    for (const size of [1, 7, 20, 1000]) {
      const bytes = Buffer.concat([Buffer.from(text as string), Buffer.from('\r\n '.repeat(800))]);
      const { hits } = feed(set, cut(bytes, size));
      expect(hits.map((h) => [h.kind, h.transform.join('>')].join('|')).sort(), `size ${size}`).toEqual(whole);
    }
  });
});

describe('every form × encoding × digest, wherever it is cut', () => {
  const filler = 'GET /index?q= lorem ipsum; ';
  const writings = (text: string): [string, Uint8Array][] => {
    const bytes = Buffer.from(text);
    const list: [string, Uint8Array][] = [
      ['plain', bytes],
      ['percent-full', Buffer.from(bytes.toString('hex').replace(/../g, '%$&'))],
      ['hex', Buffer.from(bytes.toString('hex'))],
      ['HEX', Buffer.from(bytes.toString('hex').toUpperCase())],
    ];
    for (const pad of ['', 'a', 'ab']) {
      list.push([`base64+${pad.length}`, Buffer.from(Buffer.from(`${pad}${text}~~~~`).toString('base64'))]);
      list.push([`base64url+${pad.length}`, Buffer.from(Buffer.from(`${pad}${text}~~~~`).toString('base64url'))]);
    }
    for (const name of ['md5', 'sha1', 'sha256', 'sha512']) {
      const digest = createHash(name).update(text).digest();
      list.push(
        [`${name}-hex`, Buffer.from(digest.toString('hex'))],
        [`${name}-HEX`, Buffer.from(digest.toString('hex').toUpperCase())],
      );
      list.push(
        [`${name}-base64`, Buffer.from(digest.toString('base64'))],
        [`${name}-base64url`, Buffer.from(digest.toString('base64url'))],
      );
      list.push([`${name}-16`, Buffer.from(digest.toString('base64url').slice(0, 16))], [`${name}-raw`, digest]);
    }
    return list;
  };
  it.each(samples.map((s) => [s.kind, s]))('%s', (_, sample) => {
    const set = patternsOf([sample.id]);
    const parts: Uint8Array[] = [];
    const plants: { what: string; from: number; to: number }[] = [];
    let at = 0;
    const put = (bytes: Uint8Array): void => {
      parts.push(bytes);
      at += bytes.length;
    };
    for (const form of normalFormsOf(sample.kind, sample.value)) {
      // A hundred software versions are one row.
      for (const text of form.digestOnly ? form.texts.slice(0, 3) : form.texts) {
        for (const [name, bytes] of writings(text)) {
          if (form.digestOnly && !/md5|sha/.test(name)) continue;
          if (form.form === 'imeisv' && /raw/.test(name)) continue;
          if (sample.kind === 'contact-msisdn' && form.rank > 0 && name === 'sha512-raw') continue;
          put(Buffer.from(filler));
          plants.push({ what: `${form.form} ${text} ${name}`, from: at - 1, to: at + bytes.length + 1 });
          put(bytes);
          put(Buffer.from(` ${filler}`));
        }
      }
    }
    const planted = Buffer.concat(parts);
    for (const pieces of [[planted], cut(planted, 9), cut(planted, 23)]) {
      const { hits } = feed(set, pieces);
      const found = hits.map((hit) => plants.filter((p) => hit.from >= p.from && hit.to <= p.to).map((p) => p.what));
      expect(found.flat(), `in ${pieces.length}`).toEqual(plants.map((p) => p.what));
      expect(found.every((one) => one.length === 1)).toBe(true);
    }
  });
});

it('bytes that seem to begin something compressed at every place come to an end, and that is told', () => {
  const { stats } = feed(patternsOf(), [Buffer.from('1f8b080000000000'.repeat(20_000), 'hex')]);
  expect(stats.capsBitten.map(({ cap }) => cap)).toEqual(['cap-collecting']);
});

it('Zstandard with a window larger than what is kept is told', () => {
  // RFC 8878 3.1.1: no single segment, a window of 16 MiB, and one raw block, the last.
  const frame = Buffer.concat([Buffer.from('28b52ffd0070a10000', 'hex'), Buffer.from('something of 20 byte')]);
  const { stats } = feed(patternsOf(), [frame]);
  expect(stats.capsBitten.map(({ cap }) => cap)).toEqual(['cap-inflate']);
});

describe('many short sequences at once', () => {
  it('searches a compressed value of each, and needs no more room for the last than for the first', () => {
    const hits: Hit[] = [];
    const searcher = createSearcher(patternsOf(), (hit) => hits.push(hit));
    const bytes = gzipSync(Buffer.from('{"imei":"490154203237518"}'));
    const known = { frames: [1], atUs: 0, channel: 'cleartext', message: null, field: null } as const;
    const locate = (from: number): Origin => ({ ...known, streamOffset: from });
    for (let sequence = 0; sequence < 600; sequence++) {
      const place = { flow: sequence, way: 0, layer: 'datagram', sequence, offset: 0 } as const;
      searcher.run({ ...place, bytes, start: 0, end: bytes.length, decodings: [], opaque: false }, { locate });
      searcher.endSequence(sequence);
    }
    searcher.finish();
    expect(new Set(hits.map((hit) => hit.flow)).size).toBe(600);
    expect(searcher.stats().capsBitten).toEqual([]);
  });
});
