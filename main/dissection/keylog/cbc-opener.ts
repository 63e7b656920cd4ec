import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import type { OpenedRecord, RecordOpener } from './record-opener.ts';
import type { CbcCipher } from './record-cipher.ts';

const BLOCK = 16;

export interface CbcKeys {
  readonly key: Uint8Array;
  readonly macKey: Uint8Array;
  /** For TLS 1.0, where each record goes on from the one before it (RFC 2246, 6.2.3.2); later ones bring their own. */
  readonly iv: Uint8Array | null;
}

/** AES-CBC with HMAC: the code inside what is enciphered (RFC 5246, 6.2.3.2) or outside it (RFC 7366). */
export class CbcOpener implements RecordOpener {
  private readonly cipher: CbcCipher;
  private readonly keys: CbcKeys;
  private readonly macOutside: boolean;
  private iv: Uint8Array | null;
  private sequence = 0;

  constructor(cipher: CbcCipher, keys: CbcKeys, macOutside: boolean) {
    this.cipher = cipher;
    this.keys = keys;
    this.macOutside = macOutside;
    this.iv = keys.iv;
  }

  open(type: number, version: number, body: Uint8Array): OpenedRecord | null {
    const { macBytes } = this.cipher;
    const sealedEnd = this.macOutside ? body.length - macBytes : body.length;
    const skipped = this.iv === null ? BLOCK : 0;
    if (sealedEnd - skipped < BLOCK || (sealedEnd - skipped) % BLOCK !== 0) return null;
    if (this.macOutside && !this.isMac(type, version, body.subarray(0, sealedEnd), body.subarray(sealedEnd)))
      return null;
    const padded = this.decipher(this.iv ?? body.subarray(0, BLOCK), body.subarray(skipped, sealedEnd));
    const plain = this.macOutside ? withoutPadding(padded) : this.checked(type, version, padded);
    if (plain === null) return null;
    if (this.iv !== null) this.iv = new Uint8Array(body.subarray(sealedEnd - BLOCK, sealedEnd));
    this.sequence++;
    return { type, plain, skipped };
  }

  private decipher(iv: Uint8Array, sealed: Uint8Array): Uint8Array {
    const decipher = createDecipheriv(this.cipher.algorithm, this.keys.key, iv);
    decipher.setAutoPadding(false);
    return decipher.update(sealed);
  }

  /** The content before its code, when the code is right. */
  private checked(type: number, version: number, padded: Uint8Array): Uint8Array | null {
    const signed = withoutPadding(padded);
    const end = (signed?.length ?? 0) - this.cipher.macBytes;
    if (signed === null || end < 0) return null;
    const plain = signed.subarray(0, end);
    return this.isMac(type, version, plain, signed.subarray(end)) ? plain : null;
  }

  private isMac(type: number, version: number, content: Uint8Array, mac: Uint8Array): boolean {
    const head = Buffer.alloc(13);
    head.writeBigUInt64BE(BigInt(this.sequence), 0);
    head[8] = type;
    head.writeUInt16BE(version, 9);
    head.writeUInt16BE(content.length, 11);
    const own = createHmac(this.cipher.mac, this.keys.macKey).update(head).update(content).digest();
    return own.length === mac.length && timingSafeEqual(own, mac);
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

/** The last byte says how many more like it stand before it. */
function withoutPadding(padded: Uint8Array): Uint8Array | null {
  const count = padded.at(-1) ?? 0;
  const end = padded.length - 1 - count;
  if (end < 0) return null;
  for (let i = end; i < padded.length; i++) if (padded[i] !== count) return null;
  return padded.subarray(0, end);
}
