import { hash } from 'node:crypto';
import { u8 } from './bytes.ts';
import type { ClientHello } from './tls-hello.ts';

/** What carried the hello: TLS over TCP, QUIC or DTLS. */
export type HelloCarrier = 't' | 'q' | 'd';

const SERVER_NAME = 0;
const ALPN = 16;
const NOTHING = '000000000000';

const VERSIONS: ReadonlyMap<number, string> = new Map([
  [0x0304, '13'],
  [0x0303, '12'],
  [0x0302, '11'],
  [0x0301, '10'],
  [0x0300, 's3'],
  [0x0002, 's2'],
  [0xfeff, 'd1'],
  [0xfefd, 'd2'],
  [0xfefc, 'd3'],
]);

/**
 * JA4 fingerprint of a TLS client, as FoxIO publishes the method (github.com/FoxIO-LLC/ja4, «JA4: TLS client fingerprint»,
 * BSD-3-Clause; the other fingerprints of that family have another licence and are not made here).
 * It tells what software made the hello, not who used it. Values of RFC 8701 are left out everywhere.
 * @returns for example `t13d1516h2_8daaf6152771_e5627efa2ab1`
 */
export function ja4Of(hello: ClientHello, carrier: HelloCarrier): string {
  const version = VERSIONS.get(hello.versionCode) ?? '00';
  const destination = hello.extensions.includes(SERVER_NAME) ? 'd' : 'i';
  const count = (list: readonly number[]): string => String(Math.min(99, list.length)).padStart(2, '0');
  const head = `${carrier}${version}${destination}${count(hello.cipherSuites)}${count(hello.extensions)}${protocolEnds(hello.firstProtocol)}`;
  const ciphers = sortedHex(hello.cipherSuites);
  const extensions = sortedHex(hello.extensions.filter((type) => type !== SERVER_NAME && type !== ALPN));
  const signatures = hello.signatureAlgorithms.map(hex4).join(',');
  const tail = signatures === '' ? extensions : `${extensions}_${signatures}`;
  return `${head}_${shortHash(ciphers)}_${extensions === '' ? NOTHING : shortHash(tail)}`;
}

function hex4(code: number): string {
  return code.toString(16).padStart(4, '0');
}

function sortedHex(list: readonly number[]): string {
  return list.map(hex4).sort().join(',');
}

function shortHash(text: string): string {
  return text === '' ? NOTHING : hash('sha256', text, 'hex').slice(0, 12);
}

/** First and last character of the protocol; of its hexadecimal form where one of the two is neither letter nor digit. */
function protocolEnds(protocol: Uint8Array | null): string {
  if (protocol === null || protocol.length === 0) return '00';
  const first = u8(protocol, 0);
  const last = u8(protocol, protocol.length - 1);
  if (isAlphanumeric(first) && isAlphanumeric(last)) return String.fromCharCode(first, last);
  return `${(first >>> 4).toString(16)}${(last & 15).toString(16)}`;
}

function isAlphanumeric(c: number): boolean {
  return (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);
}
