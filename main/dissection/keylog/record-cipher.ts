import { createDecipheriv, getCipherInfo } from 'node:crypto';
import type { SecretHash } from '../tls-hkdf.ts';
import { isAuthentic } from '../is-authentic.ts';
import { cipherName } from '../tls-names.ts';
import { openAesCcm } from './aes-ccm.ts';
import { openChaCha20Poly1305 } from './chacha20-poly1305.ts';

/** Enciphered and sealed in one (RFC 5116). */
export interface SealedCipher {
  readonly kind: 'sealed';
  readonly algorithm: 'aes-128-gcm' | 'aes-256-gcm' | 'aes-ccm' | 'chacha20-poly1305';
  readonly keyBytes: number;
  readonly tagBytes: number;
  /** Hash of the key derivation (RFC 8446, 7.1; RFC 5246, 5). The same for the next. */
  readonly hash: SecretHash;
}

/** AES in CBC mode, with a message authentication code beside it. */
export interface CbcCipher {
  readonly kind: 'cbc';
  readonly algorithm: 'aes-128-cbc' | 'aes-256-cbc';
  readonly keyBytes: number;
  readonly hash: SecretHash;
  readonly mac: 'sha1' | 'sha256' | 'sha384';
  readonly macBytes: number;
}

/** How the records of a cipher suite are protected. */
export type RecordCipher = SealedCipher | CbcCipher;

/** Electron's cryptography has no ChaCha20; ours gives the same, slower. */
const HAS_CHACHA20 = getCipherInfo('chacha20-poly1305') !== undefined;

/** @returns null for a suite whose records are not deciphered here */
export function recordCipherOf(suite: number): RecordCipher | null {
  const name = cipherName(suite);
  const hash = name.endsWith('SHA384') ? 'sha384' : 'sha256';
  const sealed = { kind: 'sealed', tagBytes: 16, hash } as const;
  if (name.includes('AES_128_GCM')) return { ...sealed, algorithm: 'aes-128-gcm', keyBytes: 16 };
  if (name.includes('AES_256_GCM')) return { ...sealed, algorithm: 'aes-256-gcm', keyBytes: 32 };
  if (name.includes('CHACHA20_POLY1305')) return { ...sealed, algorithm: 'chacha20-poly1305', keyBytes: 32 };
  // RFC 6655, 3 and 4: a tag of sixteen bytes, or of eight.
  const [, ccmBits, short] = /AES_(128|256)_CCM(_8)?(?:_SHA256)?$/.exec(name) ?? [];
  if (ccmBits !== undefined)
    return { ...sealed, algorithm: 'aes-ccm', keyBytes: Number(ccmBits) / 8, tagBytes: short === undefined ? 16 : 8 };
  const [, bits, code] = /AES_(128|256)_CBC_SHA(256|384)?$/.exec(name) ?? [];
  if (bits === undefined) return null;
  const mac = code === '384' ? 'sha384' : code === '256' ? 'sha256' : 'sha1';
  const macBytes = { sha1: 20, sha256: 32, sha384: 48 }[mac];
  const algorithm = bits === '128' ? 'aes-128-cbc' : 'aes-256-cbc';
  return { kind: 'cbc', algorithm, keyBytes: Number(bits) / 8, hash, mac, macBytes };
}

/** Suites of TLS 1.3 (RFC 8446, B.4). */
const SUITES_13 = [0x1301, 0x1302, 0x1303, 0x1304, 0x1305];

/** Ciphers of TLS 1.3 that a secret of this length may belong to: it is as long as what their hash gives. */
export function sealedCiphersOf(secret: Uint8Array): SealedCipher[] {
  const hash = secret.length === 48 ? 'sha384' : 'sha256';
  return SUITES_13.map(recordCipherOf).filter((c) => c?.kind === 'sealed' && c.hash === hash) as SealedCipher[];
}

/** Decrypts ciphertext with its tag; null when key, nonce, header and bytes do not belong together. */
export function openSealed(
  cipher: SealedCipher,
  key: Uint8Array,
  nonce: Uint8Array,
  header: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | null {
  const cut = sealed.length - cipher.tagBytes;
  if (cut < 0) return null;
  const [content, tag] = [sealed.subarray(0, cut), sealed.subarray(cut)];
  if (cipher.algorithm === 'aes-ccm') return openAesCcm(key, nonce, header, content, tag);
  if (cipher.algorithm === 'chacha20-poly1305' && !HAS_CHACHA20)
    return openChaCha20Poly1305(key, nonce, header, content, tag);
  const length = { authTagLength: cipher.tagBytes };
  const decipher =
    cipher.algorithm === 'chacha20-poly1305'
      ? createDecipheriv(cipher.algorithm, key, nonce, length)
      : createDecipheriv(cipher.algorithm, key, nonce, length);
  decipher.setAAD(header, { plaintextLength: cut });
  decipher.setAuthTag(tag);
  const plain = decipher.update(content);
  return isAuthentic(decipher) ? plain : null;
}

/** The nonce of record `sequence` (RFC 8446, 5.3; RFC 7905, 2). */
export function nonceOf(iv: Uint8Array, sequence: number): Uint8Array {
  const nonce = new Uint8Array(iv);
  for (let i = nonce.length - 1, rest = sequence; rest > 0 && i >= 0; i--, rest = Math.floor(rest / 256)) {
    nonce[i] = (nonce[i] ?? 0) ^ (rest & 0xff);
  }
  return nonce;
}
