import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { IdentifierKind } from '../../shared/model/identifier.ts';
import { makeRandom } from '../demo-world/random.ts';
import type { World } from '../demo-world/world.ts';

export interface BenchIdentifier {
  readonly kind: IdentifierKind;
  readonly value: string;
  /** Name of a field that usually holds such a value. */
  readonly field: string;
}

/** What the handset of the benchmark is searched for. All values are synthetic. */
export function identifiersOf(world: World): BenchIdentifier[] {
  const { H1, H2 } = world.handsets;
  const hex = makeRandom(world.seed, 'bench advertising id').hex(32);
  return [
    { kind: 'imei', value: H1.imei, field: 'imei' },
    { kind: 'imsi', value: H1.imsi, field: 'imsi' },
    { kind: 'iccid', value: H1.iccid, field: 'iccid' },
    { kind: 'msisdn', value: H1.msisdn, field: 'phone' },
    { kind: 'android-id', value: H1.androidId, field: 'android_id' },
    { kind: 'wifi-mac', value: H1.wifiMac, field: 'wifi_mac' },
    { kind: 'bluetooth-mac', value: H1.bluetoothMac, field: 'bt_mac' },
    { kind: 'advertising-id', value: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'), field: 'adid' },
    ...[...H1.contacts, H1.smsSender, ...H2.contacts, H2.smsSender].map(({ msisdn }): BenchIdentifier => ({
      kind: 'contact-msisdn',
      value: msisdn,
      field: 'mobile',
    })),
    ...H1.contacts.map(({ name }): BenchIdentifier => ({ kind: 'contact-name', value: name, field: 'name' })),
  ];
}

/** An identifier as it is sent, and which characters of that it takes up: what stands beside it may lie in another packet. */
export interface Written {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** One way in which an identifier goes over the wire, written without the product's own code. */
export interface Writing {
  readonly name: string;
  /** Null when the identifier has no such writing of its own. */
  readonly write: (value: string) => Written | null;
  /** The transform a finding must name, URL-safe base64 taken for base64: the alphabets share all but two characters. */
  readonly steps: readonly string[];
}

const whole = (text: string): Written => ({ text, from: 0, to: text.length });
const hexOf = (text: string): string => Buffer.from(text).toString('hex');
const base64Of = (text: string | Buffer): string => Buffer.from(text).toString('base64url');
const escaped = (text: string): string => hexOf(text).replace(/../g, '%$&');
const digest = (algorithm: string, value: string): Buffer => createHash(algorithm).update(value, 'utf8').digest();

/** The value after `alignment` other bytes, and with others after it. */
function base64At(alignment: 0 | 1 | 2): (value: string) => Written {
  return (value) => ({
    text: base64Of(`${'"=:'.slice(0, alignment)}${value};v=1`),
    from: Math.floor((alignment * 4) / 3),
    to: Math.ceil(((alignment + Buffer.byteLength(value)) * 4) / 3),
  });
}

export const writings: readonly Writing[] = [
  { name: 'plain', write: whole, steps: [] },
  {
    name: 'percent',
    write: (v) => (encodeURIComponent(v) === v ? null : whole(encodeURIComponent(v))),
    steps: ['percent'],
  },
  { name: 'percent, every byte', write: (v) => whole(escaped(v)), steps: ['percent'] },
  { name: 'hex', write: (v) => whole(hexOf(v)), steps: ['hex'] },
  { name: 'base64, aligned', write: base64At(0), steps: ['base64'] },
  { name: 'base64, one off', write: base64At(1), steps: ['base64'] },
  { name: 'base64, two off', write: base64At(2), steps: ['base64'] },
  { name: 'base64 in percent', write: (v) => whole(escaped(base64Of(v))), steps: ['base64', 'percent'] },
  { name: 'hex in base64', write: (v) => whole(base64Of(hexOf(v))), steps: ['hex', 'base64'] },
  {
    name: 'UTF-16 in base64',
    write: (v) => whole(base64Of(Buffer.from(v, 'utf16le'))),
    steps: ['utf-16le', 'base64'],
  },
  {
    name: 'gzip in base64',
    write: (v) => whole(base64Of(gzipSync(`{"os":"4.3","id":"${v}","t":1407376800}`))),
    steps: ['gzip', 'base64'],
  },
  { name: 'MD5', write: (v) => whole(digest('md5', v).toString('hex')), steps: ['md5', 'hex'] },
  { name: 'SHA-1', write: (v) => whole(digest('sha1', v).toString('hex').toUpperCase()), steps: ['sha1', 'hex'] },
  { name: 'SHA-256', write: (v) => whole(digest('sha256', v).toString('hex')), steps: ['sha256', 'hex'] },
  {
    name: 'SHA-256 base64',
    write: (v) => whole(digest('sha256', v).toString('base64')),
    steps: ['sha256', 'base64'],
  },
  {
    name: 'H16',
    write: (v) => whole(base64Of(digest('sha1', v)).slice(0, 16)),
    steps: ['sha1', 'base64', 'first-16'],
  },
  { name: 'H27', write: (v) => whole(base64Of(digest('sha1', v))), steps: ['sha1', 'base64', 'first-27'] },
];
