import { type Cipheriv, createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { u8 } from './bytes.ts';
import { isAuthentic } from './is-authentic.ts';
import type { LongPacket } from './quic-packet.ts';
import { expandLabel, hkdfExtract } from './tls-hkdf.ts';

const TAG_BYTES = 16;
const SAMPLE_BYTES = 16;

/** What is under the protection of a packet. */
export interface OpenPacket {
  readonly number: number;
  readonly payload: Uint8Array;
  /** Where the payload stands in the bytes given: as long as its ciphertext, and in the same place. */
  readonly payloadStart: number;
}

/** Keys for the Initial packets of one side: AES-128-GCM, header protection with AES-128 (RFC 9001, 5.2 to 5.4). */
export class InitialKeys {
  /** Made a key object once: plain bytes cost five times as much, each time a cipher is made. */
  private readonly key: KeyObject;
  private readonly iv: Uint8Array;
  /** Block by block without state, so that one serves all packets. */
  private readonly mask: Cipheriv;
  private largest = -1;

  constructor(secret: Uint8Array, label: string) {
    this.key = createSecretKey(expandLabel('sha256', secret, `${label} key`, 16));
    this.iv = expandLabel('sha256', secret, `${label} iv`, 12);
    this.mask = createCipheriv('aes-128-ecb', createSecretKey(expandLabel('sha256', secret, `${label} hp`, 16)), null);
    this.mask.setAutoPadding(false);
  }

  /** @returns null when these are not its keys, or it was damaged */
  open(b: Uint8Array, packet: LongPacket): OpenPacket | null {
    const at = packet.bodyStart;
    if (packet.end - at < 4 + SAMPLE_BYTES) return null;
    const mask = this.mask.update(b.subarray(at + 4, at + 4 + SAMPLE_BYTES));
    const { header, truncated } = uncoverHeader(b, packet.start, at, mask);
    const payloadStart = packet.start + header.length;
    const number = wholeNumber(truncated, payloadStart - at, this.largest);
    const payload = this.decrypt(b, header, number, payloadStart, packet.end);
    if (payload === null) return null;
    if (number > this.largest) this.largest = number;
    return { number, payload, payloadStart };
  }

  private decrypt(b: Uint8Array, header: Uint8Array, number: number, start: number, end: number): Uint8Array | null {
    const nonce = new Uint8Array(this.iv);
    for (let i = 11, rest = number; rest > 0; i--, rest = Math.floor(rest / 256)) {
      nonce[i] = u8(nonce, i) ^ (rest & 0xff);
    }
    const cut = end - TAG_BYTES;
    if (cut < start) return null;
    const decipher = createDecipheriv('aes-128-gcm', this.key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(header);
    decipher.setAuthTag(b.subarray(cut, end));
    const payload = decipher.update(b.subarray(start, cut));
    return isAuthentic(decipher) ? payload : null;
  }
}

export interface UncoveredHeader {
  /** From the first byte of the packet through its number. */
  readonly header: Uint8Array;
  /** The lowest bytes of the packet's number. */
  readonly truncated: number;
}

/**
 * A header without its protection (RFC 9001, 5.4.1), as a copy: the capture's own bytes stay as they are.
 * @param at where the packet's number stands
 */
export function uncoverHeader(b: Uint8Array, start: number, at: number, mask: Uint8Array): UncoveredHeader {
  const covered = (u8(b, start) & 0x80) === 0 ? 0x1f : 0x0f;
  const first = u8(b, start) ^ (u8(mask, 0) & covered);
  const numberBytes = (first & 3) + 1;
  const header = new Uint8Array(b.subarray(start, at + numberBytes));
  header[0] = first;
  let truncated = 0;
  for (let i = 0; i < numberBytes; i++) {
    const byte = u8(b, at + i) ^ u8(mask, 1 + i);
    header[at - start + i] = byte;
    truncated = truncated * 256 + byte;
  }
  return { header, truncated };
}

/** Packet number from its lowest bytes: the one nearest to what is expected next (RFC 9000, appendix A.3). */
export function wholeNumber(truncated: number, bytes: number, largest: number): number {
  const window = 256 ** bytes;
  const expected = largest + 1;
  const candidate = expected - (expected % window) + truncated;
  if (candidate <= expected - window / 2) return candidate + window;
  if (candidate > expected + window / 2 && candidate >= window) return candidate - window;
  return candidate;
}

export interface InitialSecrets {
  readonly client: InitialKeys;
  /** Made when it is first asked for: many captures hold one side of a conversation only. */
  readonly server: InitialKeys;
}

/**
 * Keys of both sides, from what anybody on the path can see (RFC 9001, 5.2; RFC 9369, 3.3).
 * @param salt hexadecimal, of the version
 * @param target hexadecimal: the connection id to which the client sent its first Initial, or its first after a Retry
 */
export function initialSecrets(salt: string, target: string, label: 'quic' | 'quicv2'): InitialSecrets {
  const common = hkdfExtract('sha256', Buffer.from(salt, 'hex'), Buffer.from(target, 'hex'));
  const side = (name: string): InitialKeys => new InitialKeys(expandLabel('sha256', common, name, 32), label);
  let server: InitialKeys | null = null;
  return {
    client: side('client in'),
    get server(): InitialKeys {
      return (server ??= side('server in'));
    },
  };
}
