import type { Random } from '../demo-world/random.ts';
import { randomBytes } from './tls-records.ts';

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length =
    body.length < 128
      ? Buffer.from([body.length])
      : body.length < 256
        ? Buffer.from([0x81, body.length])
        : Buffer.from([0x82, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), length, body]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const set = (...parts: readonly Buffer[]): Buffer => der(0x31, ...parts);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text));
const nothing = der(0x05);

const oids = {
  commonName: '550403',
  country: '550406',
  organisation: '55040a',
  rsa: '2a864886f70d010101',
  sha256Rsa: '2a864886f70d01010b',
  alternativeNames: '551d11',
  basicConstraints: '551d13',
};

function name(country: string, organisation: string, common: string): Buffer {
  const part = (id: string, value: Buffer): Buffer => set(sequence(oid(id), value));
  return sequence(
    part(oids.country, der(0x13, Buffer.from(country))),
    part(oids.organisation, utf8(organisation)),
    part(oids.commonName, utf8(common)),
  );
}

/** An unsigned integer of `count` bytes: odd, and with its highest bit set (so a zero goes before it). */
function bigInteger(random: Random, count: number): Buffer {
  const bytes = randomBytes(random, count);
  bytes[0] = (bytes[0] ?? 0) | 0x80;
  bytes[count - 1] = (bytes[count - 1] ?? 0) | 1;
  return der(0x02, Buffer.from([0]), bytes);
}

/**
 * A certificate that is valid in form only (RFC 5280): the key and the signature are random numbers.
 * The names are what the analysis reads: subject, and the alternative names.
 */
export function makeCertificate(random: Random, commonName: string, alternatives: readonly string[]): Buffer {
  const algorithm = sequence(oid(oids.sha256Rsa), nothing);
  const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text));
  const key = sequence(bigInteger(random, 256), der(0x02, Buffer.from([1, 0, 1])));
  const bits = (bytes: Buffer): Buffer => der(0x03, Buffer.from([0]), bytes);
  const names = sequence(...alternatives.map((one) => der(0x82, Buffer.from(one))));
  const extensions = sequence(
    sequence(oid(oids.alternativeNames), der(0x04, names)),
    sequence(oid(oids.basicConstraints), der(0x04, sequence())),
  );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([0x11]), randomBytes(random, 7)])),
    algorithm,
    name('ZZ', 'Synthetic demonstration authority', 'Demo CA 2014'),
    sequence(utcTime('140101000000Z'), utcTime('151231235959Z')),
    name('ZZ', 'Synthetic demonstration', commonName),
    sequence(sequence(oid(oids.rsa), nothing), bits(key)),
    der(0xa3, extensions),
  );
  return sequence(body, algorithm, bits(randomBytes(random, 256)));
}
