import { hash as digestOf } from 'node:crypto';

/** Hash of a TLS 1.3 cipher suite. */
export type SecretHash = 'sha256' | 'sha384';

const blockBytes: Readonly<Record<SecretHash, number>> = { sha256: 64, sha384: 128 };

/**
 * HMAC (RFC 2104) of short texts. The platform's own takes ten times as long for them: it makes an object of every key, and each QUIC
 * conversation needs nine.
 */
function hmac(hash: SecretHash, key: Uint8Array, text: Uint8Array): Uint8Array {
  const block = blockBytes[hash];
  const short = key.length > block ? digestOf(hash, key, 'buffer') : key;
  const inner = Buffer.alloc(block + text.length, 0x36);
  for (let i = 0; i < short.length; i++) inner[i] = 0x36 ^ (short[i] as number);
  inner.set(text, block);
  const digest = digestOf(hash, inner, 'buffer');
  const outer = Buffer.alloc(block + digest.length, 0x5c);
  for (let i = 0; i < short.length; i++) outer[i] = 0x5c ^ (short[i] as number);
  outer.set(digest, block);
  return digestOf(hash, outer, 'buffer');
}

/** HKDF-Extract (RFC 5869, 2.2). */
export function hkdfExtract(hash: SecretHash, salt: Uint8Array, secret: Uint8Array): Uint8Array {
  return hmac(hash, salt, secret);
}

const labels = new Map<string, Uint8Array>();

/** What HKDF-Expand-Label is given (RFC 8446, 7.1): length, label, an empty context, and the counter of the only block. */
function infoOf(label: string, length: number): Uint8Array {
  const name = `${length} ${label}`;
  const known = labels.get(name);
  if (known !== undefined) return known;
  const full = Buffer.from(`tls13 ${label}`, 'latin1');
  const info = Buffer.alloc(full.length + 5);
  info.writeUInt16BE(length, 0);
  info[2] = full.length;
  info.set(full, 3);
  info[info.length - 1] = 1;
  labels.set(name, info);
  return info;
}

/**
 * HKDF-Expand-Label (RFC 8446, 7.1) with an empty context.
 * @param label one of the few that TLS and QUIC name: each is kept
 * @param length bytes, at most one output of the hash: more is never asked for here
 */
export function expandLabel(hash: SecretHash, secret: Uint8Array, label: string, length: number): Uint8Array {
  return hmac(hash, secret, infoOf(label, length)).subarray(0, length);
}
