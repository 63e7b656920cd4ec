import { deflateSync, gzipSync } from 'node:zlib';
import { luhnCheckDigit } from '../../../main/analysis/identifiers/luhn.ts';
import { randomOf } from './feeding.ts';

/** Makes traffic like a handset's that holds no identifier of ours: what it is made of is what identifiers look like. */
export interface Noise {
  /** The next message: a request with a query, headers and a body. Text, compressed text and binary take turns. */
  next(): Uint8Array;
}

const fields = [
  'ts',
  'sid',
  'uid',
  'imei',
  'imsi',
  'device_id',
  'did',
  'mac',
  'phone',
  'to',
  'from',
  'price',
  'order',
  'token',
  'sign',
  'id',
  'lat',
  'lon',
  'android_id',
  'oaid',
  'email',
  'ssid',
  'sn',
  'externalId',
  'num',
  'size',
  'v',
  'sim',
  'name',
  'key',
];
const words =
  'the of phone model network lab demo home wifi contact name order price device android market update'.split(' ');
const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Deterministic for a seed. */
export function createNoise(seed: number): Noise {
  const random = randomOf(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const run = (alphabet: string, length: number): string => {
    let text = '';
    for (let i = 0; i < length; i++) text += alphabet.charAt(below(alphabet.length));
    return text;
  };
  const digits = (length: number): string => run('0123456789', length);
  const hex = (length: number): string => run('0123456789abcdef', length);
  const luhn = (body: string): string => body + String(luhnCheckDigit(body));
  const some = (count: number, make: () => string): readonly string[] => Array.from({ length: count }, make);
  // Other people's: a handset sees many times the same ones.
  const numbers = some(2000, () => digits(8));
  // Handsets of the same model have the same type allocation code, and the same first half of hardware addresses.
  const neighbours = some(500, () => luhn(`49015420${digits(6)}`));
  const stations = some(500, () => `64:09:80:${hex(6).replace(/(..)(?=.)/g, '$1:')}`);
  const makers: readonly (() => string)[] = [
    () => luhn(digits(14)),
    () => pick(neighbours),
    () => pick(stations),
    () => `46692${digits(10)}`,
    () => `8988692${digits(13)}`,
    () => `09${pick(numbers)}`,
    () => `+8869${pick(numbers)}`,
    () => `8869${pick(numbers)}`,
    () => String(1_400_000_000_000 + below(300_000_000) * 1000 + below(1000)),
    () => String(1_400_000_000 + below(300_000_000)),
    () => `${below(10_000)}.${digits(2)}`,
    () => digits(6 + below(20)),
    () => hex(pick([8, 12, 16, 32, 40, 64, 128])),
    () => hex(32).toUpperCase(),
    () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
    () => run(base64Alphabet, 4 * (4 + below(40))),
    () => encodeURIComponent(run(base64Alphabet, 24)),
    () => Buffer.from(`{"ts":${String(1_400_000_000 + below(1000))},"imei":"${luhn(digits(14))}"}`).toString('base64'),
    () => Buffer.from(hex(30)).toString('hex'),
    () => `${pick(words)}-${pick(words)}-${hex(4)}`,
    () => `${pick(words)}${digits(3)}@example.${pick(['org', 'net'])}`,
    () => `HC${digits(1)}${run('ABCDEFGHIJKLMNOPQRSTUVWXYZ', 4)}${digits(5)}`,
    () => `陳${pick(['大', '小', '美'])}${pick(['明', '華', '玲'])}`,
    () => `\\u9673\\u5c0f\\u${hex(4)}`,
    () => everyByteEscaped(digits(10)),
  ];
  const value = (): string => pick(makers)();
  const query = (count: number): string =>
    Array.from({ length: count }, () => `${pick(fields)}=${encodeURIComponent(value())}`).join('&');
  const json = (count: number): string =>
    `{${Array.from({ length: count }, () => `"${pick(fields)}":${JSON.stringify(value())}`).join(',')}}`;
  let turn = 0;
  return {
    next() {
      turn = (turn + 1) % 4;
      const head = `POST /${pick(words)}/${hex(8)}?${query(6)} HTTP/1.1\r\nHost: ${pick(words)}.example\r\nCookie: ${query(3)}\r\n\r\n`;
      if (turn === 1 || turn === 3) return Buffer.from(head + json(60));
      // What nothing announces is tried: compressed content is noise of its own, and so is what is in it.
      if (turn === 2) return Buffer.concat([Buffer.from(head), (below(2) === 0 ? gzipSync : deflateSync)(json(120))]);
      const bytes = new Uint8Array(4096);
      for (let i = 0; i < bytes.length; i++) bytes[i] = below(256);
      return Buffer.concat([Buffer.from(head), bytes]);
    },
  };
}

function everyByteEscaped(text: string): string {
  return Buffer.from(text).toString('hex').replace(/../g, '%$&');
}
