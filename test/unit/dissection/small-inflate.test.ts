import { crc32, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { inflate } from '../../../main/analysis/search/inflate.ts';
import { BodyBudget } from '../../../main/dissection/body-budget.ts';
import { decodeContent } from '../../../main/dissection/content-coding.ts';
import * as small from '../../../main/dissection/small-inflate.ts';
import { MessageInflater } from '../../../main/dissection/websocket-deflate.ts';
import { wsDeflate } from './websocket-frames.ts';
import { bothAnswers } from './zlib-answer.ts';

vi.mock('../../../main/dissection/small-inflate.ts', { spy: true });
afterEach(() => vi.clearAllMocks());

const text = JSON.stringify(Array.from({ length: 300 }, (_, i) => ({ imei: i * 7919, os: '4.3' })));
const noise = (length: number): Buffer => {
  let state = 1;
  return Buffer.from(Array.from({ length }, () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 24));
};

/** Bits in the order of the stream: numbers with their lowest bit first, codes as they are written. */
class Bits {
  private readonly all: number[] = [];
  number(value: number, count: number): this {
    for (let i = 0; i < count; i++) this.all.push((value >> i) & 1);
    return this;
  }
  code(text: string): this {
    for (const bit of text) this.all.push(Number(bit));
    return this;
  }
  bytes(): Uint8Array {
    const out = new Uint8Array(Math.ceil(this.all.length / 8));
    this.all.forEach((bit, i) => (out[i >> 3] = (out[i >> 3] as number) | (bit << (i & 7))));
    return out;
  }
}

const headOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** A last block whose codes have the given lengths: each length is written with four bits, and 16 to 18 are not used. */
function block(literals: readonly number[], distances: readonly number[]): Bits {
  const bits = new Bits().number(1, 1).number(2, 2);
  bits
    .number(literals.length - 257, 5)
    .number(distances.length - 1, 5)
    .number(15, 4);
  for (const symbol of headOrder) bits.number(symbol < 16 ? 4 : 0, 3);
  for (const length of [...literals, ...distances]) bits.code(length.toString(2).padStart(4, '0'));
  return bits;
}

/** Lengths of 257 codes and more, none but the given. */
const lengthsOf = (given: Readonly<Record<number, number>>, count = 258): number[] =>
  Array.from({ length: count }, (_, i) => given[i] ?? 0);

describe('what zlib refuses is refused, and nothing else', () => {
  const some = { 97: 2, 98: 2, 256: 2, 257: 2 };
  it.each<[string, Bits, 'done' | 'cut' | 'damaged']>([
    ['codes that fill all there is', block(lengthsOf(some), [1, 1]).code('00').code('11').code('0').code('10'), 'done'],
    ['too many codes', block(lengthsOf({ ...some, 65: 2 }), [1, 1]).code('10'), 'damaged'],
    ['too few codes', block(lengthsOf({ 97: 2, 256: 2 }), [1, 1]).code('01'), 'damaged'],
    ['no end of the block', block(lengthsOf({ 97: 1, 98: 1 }), [1, 1]).code('00'), 'damaged'],
    ['nothing but the end', block(lengthsOf({ 256: 1 }), [0]).code('0'), 'done'],
    ['nothing but the end, and another code', block(lengthsOf({ 256: 1 }), [0]).code('1'), 'damaged'],
    ['one distance', block(lengthsOf(some), [1]).code('00').code('11').code('0').code('10'), 'done'],
    ['one distance, and another code', block(lengthsOf(some), [1]).code('00').code('11').code('1'), 'damaged'],
    ['one distance of two bits', block(lengthsOf(some), [2]).code('10'), 'damaged'],
    ['no distance, and none used', block(lengthsOf(some), [0]).code('00').code('10'), 'done'],
    ['no distance, and one used', block(lengthsOf(some), [0]).code('00').code('11').code('0'), 'damaged'],
    ['too many distances', block(lengthsOf(some), [1, 1, 1]).code('10'), 'damaged'],
    ['a distance before the first byte', block(lengthsOf(some), [1, 1]).code('11').code('0').code('10'), 'damaged'],
    ['287 literals', block(lengthsOf(some, 287), [1, 1]).code('10'), 'damaged'],
    ['31 distances', block(lengthsOf(some), [1, 1, ...Array<number>(29).fill(0)]).code('10'), 'damaged'],
    ['30 distances', block(lengthsOf(some), [1, 1, ...Array<number>(28).fill(0)]).code('10'), 'done'],
    ['heads without codes', new Bits().number(5, 3).number(0, 14).number(0, 12).number(0, 258), 'damaged'],
    ['heads without codes that are cut', new Bits().number(5, 3).number(0, 14).number(0, 12).number(0, 250), 'cut'],
    [
      'a repetition of nothing',
      new Bits().number(5, 3).number(0, 14).number(0o11, 12).code('0').number(0, 40),
      'damaged',
    ],
    ['length 286 of the fixed code', new Bits().number(3, 3).code('00110000').code('11000110'), 'damaged'],
    [
      'distance 30 of the fixed code',
      new Bits().number(3, 3).code('00110000').code('0000001').code('11110'),
      'damaged',
    ],
    ['a kind of block that is none', new Bits().number(7, 3).number(0, 60), 'damaged'],
    ['another length stored', new Bits().number(1, 8).number(1, 16).number(1, 16).number(0, 40), 'damaged'],
  ])('%s', (_, bits, end) => {
    const bytes = bits.bytes();
    for (let length = 0; length <= bytes.length; length++) {
      const [ours, zlibs] = bothAnswers('raw-deflate', bytes.subarray(0, length));
      expect(ours).toEqual(zlibs);
    }
    // Whatever follows, also where more than a few bytes are read at once.
    const [ours, zlibs] = bothAnswers('raw-deflate', Buffer.concat([bytes, Buffer.alloc(40, 0x5a)]));
    expect(ours).toEqual(zlibs);
    expect(bothAnswers('raw-deflate', bytes)[0]).toMatchObject({ end });
  });

  it('codes of fifteen bits, which no table holds', () => {
    const steps = Object.fromEntries(Array.from({ length: 15 }, (_, i) => [65 + i, i + 1]));
    const all = block(lengthsOf({ ...steps, 256: 15 }), [1, 1]);
    for (let i = 14; i >= 0; i--) all.code('1'.repeat(i) + '0');
    const bytes = Buffer.concat([all.bytes()]);
    const ended = Buffer.concat([bytes, Buffer.alloc(30, 0xff)]);
    for (const input of [bytes, ended]) {
      const [ours, zlibs] = bothAnswers('raw-deflate', input);
      expect(ours).toEqual(zlibs);
      expect((ours as { bytes: string }).bytes).toMatch(/^ONMLKJIHGFEDCBA/);
    }
  });
});

describe('the rooms of the kernel', () => {
  it.each([0, 1, 255, 256, 257])('output of 1 MiB and %i bytes less or more', (few) => {
    for (const length of [2 ** 20 - few, 2 ** 20 + few]) {
      const bytes = Buffer.alloc(length, 'abcdefghijklmnopqrstuvw');
      const answer = small.inflateSmall('raw-deflate', deflateRawSync(bytes));
      if (length <= 2 ** 20) expect(answer?.end).toBe('done');
      if (length > 2 ** 20 + 300) expect(answer).toBeNull();
      if (answer !== null) expect(bytes.equals(answer.bytes)).toBe(true);
    }
  });

  it('what does not fit is left to zlib, in every kind of block', () => {
    const zeros = Buffer.alloc(3 * 2 ** 20);
    for (const [level, strategy] of [
      [9, 0],
      [9, 2],
      [9, 4],
      [0, 0],
    ] as const) {
      const bytes = deflateRawSync(zeros, { level, strategy });
      expect(small.inflateSmall('raw-deflate', bytes)).toBeNull();
      expect(small.inflateSmall('gzip', gzipSync(zeros, { level, strategy }))).toBeNull();
      expect(decodeContent(['gzip'], gzipSync(zeros, { level, strategy })).bytes.length).toBe(zeros.length);
    }
  });

  it('input that is too long: what fails early or ends early is told, the rest left to zlib', () => {
    const long = noise(300 * 1024);
    expect(small.inflateSmall('raw-deflate', deflateRawSync(long))).toBeNull();
    const ended = Buffer.concat([deflateRawSync(text.slice(0, 2000)), long]);
    const [ours, zlibs] = bothAnswers('raw-deflate', ended);
    expect(ours).toEqual(zlibs);
    expect(ours).toMatchObject({ end: 'done' });
    long[0] = 7;
    expect(small.inflateSmall('raw-deflate', long)?.end).toBe('damaged');
  });

  it.each([16, 20, 200, 250])('input of some %i KiB', (size) => {
    const bytes = noise(size * 1024);
    for (const wrapping of ['gzip', 'zlib', 'raw-deflate'] as const) {
      const pack = { gzip: gzipSync, zlib: deflateSync, 'raw-deflate': deflateRawSync }[wrapping];
      const packed = pack(bytes);
      const [ours, zlibs] = bothAnswers(wrapping, packed);
      expect(ours).toEqual(zlibs);
      expect(ours).toMatchObject({ end: 'done' });
      const [cut, zlibsCut] = bothAnswers(wrapping, packed.subarray(0, packed.length - 9));
      // What stands at the end of a gzip that is cut may say that there is no room for it.
      if (wrapping === 'gzip' && cut === null) continue;
      expect(cut).toEqual(zlibsCut);
      expect(cut).toMatchObject({ end: 'cut' });
    }
  });

  it('more history than matches can reach is left to zlib', () => {
    const history = noise(32 * 1024);
    const packed = deflateRawSync(history, { dictionary: history });
    const [ours, zlibs] = bothAnswers('raw-deflate', packed, history);
    expect(ours).toEqual(zlibs);
    expect(small.inflateSmall('raw-deflate', packed, Buffer.concat([Buffer.of(1), history]))).toBeNull();
  });

  it('what it gives is a copy of its own, aligned', () => {
    const first = small.inflateSmall('raw-deflate', deflateRawSync(text));
    small.inflateSmall('raw-deflate', deflateRawSync(noise(9000)));
    expect(Buffer.from(first?.bytes ?? []).toString()).toBe(text);
    expect([first?.bytes.byteOffset, first?.bytes.buffer.byteLength]).toEqual([0, text.length]);
  });
});

describe('gzip', () => {
  /** RFC 1952, 2.3, with the given flags and what they announce. */
  const member = (flags: number, extra: Buffer | string, body = text): Buffer => {
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(crc32(body), 0);
    trailer.writeUInt32LE(body.length, 4);
    const head = Buffer.from([0x1f, 0x8b, 8, flags, 1, 2, 3, 4, 0, 3]);
    return Buffer.concat([head, Buffer.from(extra as string), deflateRawSync(body), trailer]);
  };

  it.each<[string, number, string, boolean]>([
    ['nothing more', 0, '', true],
    ['said to be text', 1, '', true],
    ['extra bytes', 4, '\x03\0abc', true],
    ['no extra bytes', 4, '\0\0', true],
    ['a name', 8, 'name\0', true],
    ['a long name', 8, `${'name'.repeat(900)}\0`, true],
    ['a comment', 16, 'comment\0', true],
    ['all three', 28, '\x02\0abname\0comment\0', true],
    ['a check sum that is wrong', 2, 'xx', false],
    ['unknown flags', 0x20, '', false],
  ])('a header with %s', (_, flags, extra, taken) => {
    const whole = member(flags, extra);
    for (const input of [
      whole,
      Buffer.concat([whole, noise(20_000)]),
      whole.subarray(0, -3),
      whole.subarray(0, -900),
    ]) {
      const [ours, zlibs] = bothAnswers('gzip', input);
      if (input.length > whole.length || !taken) expect(ours).toBeNull();
      else expect(ours).toEqual(zlibs);
    }
    for (let length = 0; length < 24; length++) {
      const [ours, zlibs] = bothAnswers('gzip', whole.subarray(0, length));
      if (ours !== null) expect(ours).toEqual(zlibs);
    }
    expect(decodeContent(['gzip'], whole).problems.length).toBe(taken ? 0 : 1);
  });

  it('several members, and zeros behind them, are left to zlib, and undone', () => {
    const two = Buffer.concat([member(0, ''), member(8, 'b\0', 'second'), Buffer.alloc(5)]);
    expect(small.inflateSmall('gzip', two)).toBeNull();
    expect(Buffer.from(decodeContent(['gzip'], two).bytes).toString()).toBe(`${text}second`);
  });

  it.each([8, 7, 5, 4, 1])('check sum and length are compared as far as they go: byte %i from the end', (fromEnd) => {
    const whole = member(0, '');
    const at = whole.length - fromEnd;
    whole[at] = (whole[at] as number) ^ 1;
    for (let cut = 0; cut < 10; cut++) {
      const [ours, zlibs] = bothAnswers('gzip', whole.subarray(0, whole.length - cut));
      expect(ours).toEqual(zlibs);
    }
  });
});

describe('zlib', () => {
  it('a header, cut and wrong', () => {
    for (let first = 0; first < 256; first++) {
      for (const second of [0, 1, 0x20, 0x5e, 0x9c, 0xbb, 0xda, 31 - ((first << 8) % 31)]) {
        const packed = deflateSync('abc');
        packed.set([first, second]);
        for (const length of [1, 2, 3, 5, 6, 7, packed.length]) {
          const [ours, zlibs] = bothAnswers('zlib', packed.subarray(0, length));
          expect(ours).toEqual(zlibs);
        }
      }
    }
  });

  it('its check sum, of lengths about a multiple of its period', () => {
    for (const length of [0, 1, 15, 16, 17, 5551, 5552, 5553, 11_104, 40_000]) {
      for (const bytes of [Buffer.alloc(length, 255), noise(length)]) {
        const packed = deflateSync(bytes);
        expect(bothAnswers('zlib', packed)[0]).toMatchObject({ end: 'done', consumed: packed.length });
        packed[packed.length - 1] = (packed[packed.length - 1] as number) ^ 1;
        const [ours, zlibs] = bothAnswers('zlib', packed);
        expect(ours).toEqual(zlibs);
        expect(ours).toMatchObject({ end: 'damaged' });
      }
    }
  });
});

describe('is what inflates', () => {
  const answers = (): readonly unknown[] =>
    vi.mocked(small.inflateSmall).mock.results.map(({ value }) => (value as small.SmallInflated | null)?.end ?? null);

  it('bodies', () => {
    decodeContent(['gzip'], gzipSync(text));
    decodeContent(['deflate'], deflateSync(text));
    decodeContent(['deflate'], deflateRawSync(text));
    expect(decodeContent(['gzip'], gzipSync(text).subarray(0, 300)).problems).toEqual(['message-cut']);
    expect(answers()).toEqual(['done', 'done', 'done', 'cut']);
  });

  it('values that are searched', () => {
    const of = (b: Buffer): Uint8Array => Uint8Array.from(b);
    expect(inflate(of(gzipSync(text)))).toMatchObject({ step: 'gzip', complete: true });
    expect(inflate(of(deflateSync(text)))).toMatchObject({ step: 'zlib', complete: true });
    expect(inflate(of(deflateRawSync(text)))).toMatchObject({ step: 'deflate-raw', complete: true });
    expect(inflate(of(deflateRawSync(text).subarray(0, 300)))).toMatchObject({ complete: false, consumed: 300 });
    expect(answers()).toEqual(['done', 'done', 'done', 'cut']);
  });

  it('messages of WebSocket, with what came before', () => {
    const inflater = new MessageInflater({ takeover: true }, new BodyBudget());
    inflater.inflate(wsDeflate(text));
    const again = inflater.inflate(wsDeflate(text, Buffer.from(text)));
    expect(Buffer.from(again.bytes).toString()).toBe(text);
    expect(answers()).toEqual(['cut', 'cut']);
  });
});
