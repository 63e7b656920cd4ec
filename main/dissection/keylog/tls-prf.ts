import { createHmac } from 'node:crypto';
import type { SecretHash } from '../tls-hkdf.ts';

function expand(hash: string, secret: Uint8Array, seed: Uint8Array, length: number): Buffer {
  const blocks: Uint8Array[] = [];
  let a: Uint8Array = seed;
  for (let have = 0; have < length;) {
    a = createHmac(hash, secret).update(a).digest();
    const block = createHmac(hash, secret).update(a).update(seed).digest();
    blocks.push(block);
    have += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}

/** The pseudorandom function of TLS 1.2 (RFC 5246, 5). */
export function prf12(
  hash: SecretHash,
  secret: Uint8Array,
  label: string,
  seed: Uint8Array,
  length: number,
): Uint8Array {
  return expand(hash, secret, Buffer.concat([Buffer.from(label, 'latin1'), seed]), length);
}

/** That of TLS 1.0 and 1.1 (RFC 2246, 5): MD5 over one half of the secret, SHA-1 over the other, both halves with the middle byte. */
export function prf10(secret: Uint8Array, label: string, seed: Uint8Array, length: number): Uint8Array {
  const half = Math.ceil(secret.length / 2);
  const labelled = Buffer.concat([Buffer.from(label, 'latin1'), seed]);
  const md5 = expand('md5', secret.subarray(0, half), labelled, length);
  const sha1 = expand('sha1', secret.subarray(secret.length - half), labelled, length);
  return md5.map((byte, i) => byte ^ (sha1[i] ?? 0));
}
