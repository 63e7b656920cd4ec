import { createHmac } from 'node:crypto';
import { expandLabel } from '../tls-hkdf.ts';
import type { KeyLog } from './key-log.ts';
import { nonceOf, openSealed, type RecordCipher } from './record-cipher.ts';

/** What a record held. */
export interface OpenedRecord {
  readonly type: number;
  readonly plain: Uint8Array;
  /** Where the plaintext's first byte stands in the record's body: the ciphers read here keep places. */
  readonly skipped: number;
}

/** Deciphers the records of one direction, in their order. */
export interface RecordOpener {
  /** @returns null when it cannot: the keys are not its keys, or a record before it is missing */
  open(type: number, version: number, body: Uint8Array): OpenedRecord | null;
  /** The sender's handshake is over: what follows is under the keys of the application. */
  finished(): void;
  /** The sender takes new keys (RFC 8446, 4.6.3). */
  updated(): void;
}

/** What both hellos say that decides about the keys. */
export interface SessionFacts {
  readonly clientRandom: string;
  readonly serverRandom: string;
  readonly isTls13: boolean;
  readonly isTls12: boolean;
  readonly cipher: RecordCipher;
}

interface Keys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  sequence: number;
}

/** TLS 1.3 (RFC 8446, 5.2 and 7.3): early, handshake and application keys follow each other. */
class Tls13Opener implements RecordOpener {
  private readonly cipher: RecordCipher;
  /** Secrets in the order in which the direction uses them. */
  private readonly secrets: Uint8Array[];
  private keys: Keys | null = null;

  constructor(cipher: RecordCipher, secrets: readonly (Uint8Array | null)[]) {
    this.cipher = cipher;
    this.secrets = secrets.filter((s) => s !== null);
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

  private current: Uint8Array | null = null;

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
}

/** TLS 1.2 with AEAD: AES-GCM (RFC 5288) and ChaCha20-Poly1305 (RFC 7905). */
class Tls12Opener implements RecordOpener {
  private readonly cipher: RecordCipher;
  private readonly keys: Keys;

  constructor(cipher: RecordCipher, key: Uint8Array, iv: Uint8Array) {
    this.cipher = cipher;
    this.keys = { key, iv, sequence: 0 };
  }

  open(type: number, version: number, body: Uint8Array): OpenedRecord | null {
    const { cipher, keys } = this;
    // AES-GCM sends half of its nonce with each record.
    const skipped = cipher.algorithm === 'chacha20-poly1305' ? 0 : 8;
    const length = body.length - skipped - 16;
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
}

/** The pseudorandom function of TLS 1.2 (RFC 5246, 5). */
export function prf12(
  hash: 'sha256' | 'sha384',
  secret: Uint8Array,
  label: string,
  seed: Uint8Array,
  length: number,
): Uint8Array {
  const labelled = Buffer.concat([Buffer.from(label, 'latin1'), seed]);
  const blocks: Uint8Array[] = [];
  let a: Uint8Array = labelled;
  for (let have = 0; have < length;) {
    a = createHmac(hash, secret).update(a).digest();
    const block = createHmac(hash, secret).update(a).update(labelled).digest();
    blocks.push(block);
    have += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}

/**
 * What opens the records of one direction, or null when the key log does not have the session's secrets or the session
 * uses what is not read (TLS before 1.2, CBC, CCM).
 */
export function recordOpener(log: KeyLog, facts: SessionFacts, fromClient: boolean): RecordOpener | null {
  const { clientRandom, serverRandom, cipher } = facts;
  if (facts.isTls13) {
    const secrets = fromClient
      ? ([
          log.secret('CLIENT_EARLY_TRAFFIC_SECRET', clientRandom),
          log.secret('CLIENT_HANDSHAKE_TRAFFIC_SECRET', clientRandom),
          log.secret('CLIENT_TRAFFIC_SECRET_0', clientRandom),
        ] as const)
      : ([
          log.secret('SERVER_HANDSHAKE_TRAFFIC_SECRET', clientRandom),
          log.secret('SERVER_TRAFFIC_SECRET_0', clientRandom),
        ] as const);
    return secrets.every((s) => s === null) ? null : new Tls13Opener(cipher, secrets);
  }
  const master = log.secret('CLIENT_RANDOM', clientRandom);
  if (master === null || !facts.isTls12) return null;
  const ivBytes = cipher.algorithm === 'chacha20-poly1305' ? 12 : 4;
  const { keyBytes } = cipher;
  const seed = Buffer.from(serverRandom + clientRandom, 'hex');
  const block = prf12(cipher.hash, master, 'key expansion', seed, 2 * (keyBytes + ivBytes));
  const key = fromClient ? block.subarray(0, keyBytes) : block.subarray(keyBytes, 2 * keyBytes);
  const ivAt = 2 * keyBytes + (fromClient ? 0 : ivBytes);
  return new Tls12Opener(cipher, key, block.subarray(ivAt, ivAt + ivBytes));
}
