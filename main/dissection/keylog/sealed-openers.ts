import { expandLabel } from '../tls-hkdf.ts';
import { nonceOf, openSealed, type SealedCipher } from './record-cipher.ts';
import type { OpenedRecord, RecordOpener } from './record-opener.ts';

interface Keys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  sequence: number;
}

/** TLS 1.3 (RFC 8446, 5.2 and 7.3): the keys of one secret follow those of another. */
export class Tls13Opener implements RecordOpener {
  private readonly cipher: SealedCipher;
  /** Secrets in the order in which the direction uses them. */
  private readonly secrets: Uint8Array[];
  private keys: Keys | null = null;
  /** The secret that `keys` were made of. */
  private current: Uint8Array | null = null;

  constructor(cipher: SealedCipher, secrets: readonly Uint8Array[]) {
    this.cipher = cipher;
    this.secrets = [...secrets];
  }

  open(_type: number, version: number, body: Uint8Array): OpenedRecord | null {
    const header = new Uint8Array([23, version >>> 8, version & 0xff, body.length >>> 8, body.length & 0xff]);
    let plain = this.keys === null ? null : this.tryKeys(this.keys, header, body);
    // The end of a phase may not have been seen: then its successor's keys fit from their beginning on.
    for (let i = 0; plain === null && i < this.secrets.length; i++) {
      const keys = this.keysOf(this.secrets[i] ?? new Uint8Array(0));
      plain = this.tryKeys(keys, header, body);
      if (plain === null) continue;
      this.keys = keys;
      this.current = this.secrets[i] ?? null;
      this.secrets.splice(0, i + 1);
    }
    if (plain === null) return null;
    // Padding is zeros behind the type.
    let end = plain.length - 1;
    while (end >= 0 && plain[end] === 0) end--;
    return end < 0 ? null : { type: plain[end] ?? 0, plain: plain.subarray(0, end), skipped: 0 };
  }

  private tryKeys(keys: Keys, header: Uint8Array, body: Uint8Array): Uint8Array | null {
    const plain = openSealed(this.cipher, keys.key, nonceOf(keys.iv, keys.sequence), header, body);
    if (plain !== null) keys.sequence++;
    return plain;
  }

  private keysOf(secret: Uint8Array): Keys {
    const { hash, keyBytes } = this.cipher;
    return {
      key: expandLabel(hash, secret, 'key', keyBytes),
      iv: expandLabel(hash, secret, 'iv', 12),
      sequence: 0,
    };
  }

  finished(): void {
    // The next record does not fit the keys there are, and those that follow are tried.
    this.keys = null;
  }

  updated(): void {
    if (this.current === null) return;
    const { hash } = this.cipher;
    this.current = expandLabel(hash, this.current, 'traffic upd', hash === 'sha384' ? 48 : 32);
    this.keys = this.keysOf(this.current);
  }

  survivesLoss(): boolean {
    return false;
  }
}

/** TLS 1.2 with AEAD: AES-GCM (RFC 5288), AES-CCM (RFC 6655) and ChaCha20-Poly1305 (RFC 7905). */
export class Tls12Opener implements RecordOpener {
  private readonly cipher: SealedCipher;
  private readonly keys: Keys;

  constructor(cipher: SealedCipher, key: Uint8Array, iv: Uint8Array) {
    this.cipher = cipher;
    this.keys = { key, iv, sequence: 0 };
  }

  open(type: number, version: number, body: Uint8Array): OpenedRecord | null {
    const { cipher, keys } = this;
    // AES-GCM and AES-CCM send half of their nonce with each record.
    const skipped = cipher.algorithm === 'chacha20-poly1305' ? 0 : 8;
    const length = body.length - skipped - cipher.tagBytes;
    if (length < 0) return null;
    const header = Buffer.alloc(13);
    header.writeBigUInt64BE(BigInt(keys.sequence), 0);
    header[8] = type;
    header.writeUInt16BE(version, 9);
    header.writeUInt16BE(length, 11);
    const nonce =
      skipped === 0 ? nonceOf(keys.iv, keys.sequence) : Buffer.concat([keys.iv.subarray(0, 4), body.subarray(0, 8)]);
    const plain = openSealed(cipher, keys.key, nonce, header, body.subarray(skipped));
    if (plain === null) return null;
    keys.sequence++;
    return { type, plain, skipped };
  }

  finished(): void {
    // One set of keys serves from the change of keys on.
  }

  updated(): void {
    // Only TLS 1.3 has that.
  }

  survivesLoss(): boolean {
    return false;
  }
}
