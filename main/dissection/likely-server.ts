import type { IpLayer } from './ip-layer.ts';

/** From here on systems take the ports of those who open: Linux and Android 32768–60999, RFC 6335 6 from 49152. */
const FIRST_EPHEMERAL_PORT = 32_768;

/**
 * Whether the sender of a first packet looks like the server, where no opening was seen. Services live on low ports; where the ports do not
 * tell, a handset's own network is behind a translator of addresses, which lets nobody in who was not asked: the side beyond it is the
 * server. Else the first to speak opened.
 */
export function senderLooksLikeServer(ip: IpLayer, sourcePort: number, targetPort: number): boolean {
  const source = isServicePort(sourcePort);
  if (source !== isServicePort(targetPort)) return source;
  return isWithin(ip.family, ip.target) && !isWithin(ip.family, ip.source);
}

/**
 * The same of TCP, where nobody chooses the port he opens from: of a lasting push connection of which only the middle was captured, the side
 * with the port of a service is the server, whoever speaks first.
 */
export function tcpSenderLooksLikeServer(ip: IpLayer, sourcePort: number, targetPort: number): boolean {
  const told =
    isServicePort(sourcePort) !== isServicePort(targetPort) ||
    isWithin(ip.family, ip.source) !== isWithin(ip.family, ip.target);
  if (told) return senderLooksLikeServer(ip, sourcePort, targetPort);
  return sourcePort < FIRST_EPHEMERAL_PORT && targetPort >= FIRST_EPHEMERAL_PORT;
}

const isServicePort = (port: number): boolean => port < 1024 || port === 5222 || port === 8080 || port === 8443;

/** First address, bits of the prefix: private (RFC 1918), of operators' translators (RFC 6598), and what never leaves a link or a host. */
const inner: readonly (readonly [number, number])[] = [
  [0x0a000000, 8],
  [0xac100000, 12],
  [0xc0a80000, 16],
  [0x64400000, 10],
  [0xa9fe0000, 16],
  [0x7f000000, 8],
  [0x00000000, 8],
];

function isWithin(family: number, address: Int32Array): boolean {
  const first = (address[0] ?? 0) >>> 0;
  if (family === 4) return inner.some(([block, bits]) => first >>> (32 - bits) === block >>> (32 - bits));
  // fc00::/7 (RFC 4193), fe80::/10, and what is not set.
  return first >>> 25 === 0x7e || first >>> 22 === 0x3fa || first === 0;
}
