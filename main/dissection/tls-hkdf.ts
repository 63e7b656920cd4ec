import { createHmac } from 'node:crypto';

/** Hash of a TLS 1.3 cipher suite. */
export type SecretHash = 'sha256' | 'sha384';

/** HKDF-Extract (RFC 5869, 2.2). */
export function hkdfExtract(hash: SecretHash, salt: Uint8Array, secret: Uint8Array): Uint8Array {
  return createHmac(hash, salt).update(secret).digest();
}

/**
 * HKDF-Expand-Label (RFC 8446, 7.1) with an empty context.
 * @param length bytes, at most one output of the hash: more is never asked for here
 */
export function expandLabel(hash: SecretHash, secret: Uint8Array, label: string, length: number): Uint8Array {
  const full = Buffer.from(`tls13 ${label}`, 'latin1');
  const info = Buffer.alloc(full.length + 5);
  info.writeUInt16BE(length, 0);
  info[2] = full.length;
  info.set(full, 3);
  // An empty context, then the counter of the only block.
  info[info.length - 1] = 1;
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}
