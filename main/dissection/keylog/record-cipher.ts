import { createDecipheriv } from 'node:crypto';
import { cipherName } from '../tls-names.ts';

export type Algorithm = 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';

/** How the records of a cipher suite are protected. */
export interface RecordCipher {
  readonly algorithm: Algorithm;
  readonly keyBytes: number;
  /** Hash of the key derivation (RFC 8446, 7.1; RFC 5246, 5). */
  readonly hash: 'sha256' | 'sha384';
}

const TAG_BYTES = 16;

/** @returns null for a suite whose records are not deciphered here */
export function recordCipherOf(suite: number): RecordCipher | null {
  const name = cipherName(suite);
  const hash = name.endsWith('SHA384') ? 'sha384' : 'sha256';
  if (name.includes('AES_128_GCM')) return { algorithm: 'aes-128-gcm', keyBytes: 16, hash };
  if (name.includes('AES_256_GCM')) return { algorithm: 'aes-256-gcm', keyBytes: 32, hash };
  if (name.includes('CHACHA20_POLY1305')) return { algorithm: 'chacha20-poly1305', keyBytes: 32, hash };
  return null;
}

/** AEAD decryption (RFC 5116) of ciphertext with its tag; null when key, nonce, header or bytes do not belong together. */
export function openSealed(
  cipher: RecordCipher,
  key: Uint8Array,
  nonce: Uint8Array,
  header: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | null {
  const cut = sealed.length - TAG_BYTES;
  if (cut < 0) return null;
  const decipher =
    cipher.algorithm === 'chacha20-poly1305'
      ? createDecipheriv(cipher.algorithm, key, nonce, { authTagLength: TAG_BYTES })
      : createDecipheriv(cipher.algorithm, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(header, { plaintextLength: cut });
  decipher.setAuthTag(sealed.subarray(cut));
  const plain = decipher.update(sealed.subarray(0, cut));
  try {
    decipher.final();
  } catch {
    return null;
  }
  return plain;
}

/** The nonce of record `sequence` (RFC 8446, 5.3; RFC 7905, 2). */
export function nonceOf(iv: Uint8Array, sequence: number): Uint8Array {
  const nonce = new Uint8Array(iv);
  for (let i = nonce.length - 1, rest = sequence; rest > 0 && i >= 0; i--, rest = Math.floor(rest / 256)) {
    nonce[i] = (nonce[i] ?? 0) ^ (rest & 0xff);
  }
  return nonce;
}
