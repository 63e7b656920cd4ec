import { type Cipheriv, createCipheriv } from 'node:crypto';
import { u32le } from '../bytes.ts';
import { type OpenPacket, uncoverHeader, wholeNumber } from '../quic-keys.ts';
import { expandLabel } from '../tls-hkdf.ts';
import { chacha20Block } from './chacha20-poly1305.ts';
import { nonceOf, openSealed, type SealedCipher } from './record-cipher.ts';

const SAMPLE_BYTES = 16;
const KEY_PHASE = 0x04;

/** Beginning of the labels of the key derivation: RFC 9001, or RFC 9369 for version 2. */
export type QuicLabel = 'quic' | 'quicv2';

interface PhaseKeys {
  readonly secret: Uint8Array;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

/** Opens the packets that one side sends at one level of encryption (RFC 9001, 5 and 6), in whatever order they come. */
export class QuicOpener {
  private readonly cipher: SealedCipher;
  private readonly label: QuicLabel;
  private readonly coverKey: Uint8Array;
  private cover: Cipheriv | null = null;
  private largest: number;
  private keys: PhaseKeys;
  /** Those of the phase before, for packets that come late. */
  private before: PhaseKeys | null = null;
  private phase = 0;
  /** Lowest packet number known to be of this phase. */
  private phaseFrom = 0;

  /** @param largest the highest packet number known before */
  constructor(cipher: SealedCipher, secret: Uint8Array, label: QuicLabel, largest = -1) {
    this.cipher = cipher;
    this.label = label;
    this.largest = largest;
    this.coverKey = expandLabel(cipher.hash, secret, `${label} hp`, cipher.keyBytes);
    this.keys = this.keysOf(secret);
  }

  private keysOf(secret: Uint8Array): PhaseKeys {
    const { hash, keyBytes } = this.cipher;
    const key = expandLabel(hash, secret, `${this.label} key`, keyBytes);
    return { secret, key, iv: expandLabel(hash, secret, `${this.label} iv`, 12) };
  }

  private next(keys: PhaseKeys): PhaseKeys {
    const { hash } = this.cipher;
    return this.keysOf(expandLabel(hash, keys.secret, `${this.label} ku`, hash === 'sha384' ? 48 : 32));
  }

  /**
   * @param at where the packet's number stands, behind the fields in clear
   * @returns null when these are not its keys, or it was damaged
   */
  open(b: Uint8Array, start: number, at: number, end: number): OpenPacket | null {
    if (end - at < 4 + SAMPLE_BYTES) return null;
    const { header, truncated } = uncoverHeader(b, start, at, this.mask(b.subarray(at + 4, at + 4 + SAMPLE_BYTES)));
    const payloadStart = start + header.length;
    const number = wholeNumber(truncated, payloadStart - at, this.largest);
    const first = header[0] as number;
    const phase = (first & 0x80) === 0 && (first & KEY_PHASE) !== 0 ? 1 : 0;
    const payload = this.unseal(header, number, b.subarray(payloadStart, end), phase);
    if (payload === null) return null;
    if (number > this.largest) this.largest = number;
    return { number, payload, payloadStart };
  }

  private unseal(header: Uint8Array, number: number, sealed: Uint8Array, phase: number): Uint8Array | null {
    const open = ({ key, iv }: PhaseKeys): Uint8Array | null =>
      openSealed(this.cipher, key, nonceOf(iv, number), header, sealed);
    if (phase === this.phase) {
      const payload = open(this.keys);
      if (payload !== null) return payload;
    } else if (this.before !== null && number < this.phaseFrom) {
      return open(this.before);
    }
    // The next phase; or the one after it, when every packet of the next is missing.
    let before = this.keys;
    let keys = this.next(before);
    if (phase === this.phase) {
      before = keys;
      keys = this.next(keys);
    }
    const payload = open(keys);
    if (payload === null) return null;
    this.before = before;
    this.keys = keys;
    this.phase = phase;
    this.phaseFrom = number;
    return payload;
  }

  private mask(sample: Uint8Array): Uint8Array {
    const { cipher, coverKey } = this;
    if (cipher.algorithm === 'chacha20-poly1305') return chacha20Block(coverKey, sample.subarray(4), u32le(sample, 0));
    if (this.cover === null) {
      this.cover = createCipheriv(cipher.keyBytes === 16 ? 'aes-128-ecb' : 'aes-256-ecb', coverKey, null);
      this.cover.setAutoPadding(false);
    }
    return this.cover.update(sample);
  }
}
