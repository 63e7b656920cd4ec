import { type CbcKeys, CbcOpener } from './cbc-opener.ts';
import type { KeyLog } from './key-log.ts';
import type { CbcCipher, RecordCipher } from './record-cipher.ts';
import { Tls12Opener, Tls13Opener } from './sealed-openers.ts';
import { prf10, prf12 } from './tls-prf.ts';

/** What a record held. */
export interface OpenedRecord {
  readonly type: number;
  readonly plain: Uint8Array;
  /** Where the plaintext's first byte stands in the record's body: the ciphers read here keep places. */
  readonly skipped: number;
  /** What was opened before it was not taken up by the other side, and does not go on here. */
  readonly anew?: true;
}

/** Deciphers the records of one direction, in their order. */
export interface RecordOpener {
  /**
   * @returns null when it cannot: the keys are not its keys, or a record before it is missing; `unread` when it cannot
   *   but those after it may be opened
   */
  open(type: number, version: number, body: Uint8Array): OpenedRecord | 'unread' | null;
  /** The sender is done with its early data or its handshake: what follows is under the next keys. */
  finished(): void;
  /** The sender takes new keys (RFC 8446, 4.6.3). */
  updated(): void;
  /** Bytes are missing. @returns whether records behind them may be opened all the same */
  survivesLoss(): boolean;
}

/** What both hellos say that decides about the keys. */
export interface SessionFacts {
  readonly clientRandom: string;
  readonly serverRandom: string;
  readonly version: string;
  readonly cipher: RecordCipher;
  /** The authentication code stands outside what is enciphered (RFC 7366); only for CBC. */
  readonly encryptThenMac: boolean;
}

/** The parts of a key block, in the order in which it is cut up (RFC 5246, 6.3). */
class KeyBlock {
  private readonly bytes: Uint8Array;
  private readonly fromClient: boolean;
  private at = 0;

  constructor(bytes: Uint8Array, fromClient: boolean) {
    this.bytes = bytes;
    this.fromClient = fromClient;
  }

  /** One for each side; that of this direction is given. */
  next(length: number): Uint8Array {
    const start = this.at + (this.fromClient ? 0 : length);
    this.at += 2 * length;
    return this.bytes.subarray(start, start + length);
  }
}

/**
 * What opens the records of one direction behind the early data, or null when the key log does not have the session's secrets or the session
 * uses what is not read (SSL 3.0, RC4, 3DES).
 */
export function recordOpener(log: KeyLog, facts: SessionFacts, fromClient: boolean): RecordOpener | null {
  return facts.version === '1.3' ? opener13(log, facts, fromClient) : openerBefore13(log, facts, fromClient);
}

function opener13(log: KeyLog, { clientRandom, cipher }: SessionFacts, fromClient: boolean): RecordOpener | null {
  if (cipher.kind !== 'sealed') return null;
  const labels = fromClient
    ? (['CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'CLIENT_TRAFFIC_SECRET_0'] as const)
    : (['SERVER_HANDSHAKE_TRAFFIC_SECRET', 'SERVER_TRAFFIC_SECRET_0'] as const);
  const secrets = labels.map((label) => log.secret(label, clientRandom)).filter((s) => s !== null);
  return secrets.length === 0 ? null : new Tls13Opener(cipher, secrets);
}

function openerBefore13(log: KeyLog, facts: SessionFacts, fromClient: boolean): RecordOpener | null {
  const { clientRandom, serverRandom, cipher, version } = facts;
  const master = log.secret('CLIENT_RANDOM', clientRandom);
  if (master === null || !['1.0', '1.1', '1.2'].includes(version)) return null;
  const seed = Buffer.from(serverRandom + clientRandom, 'hex');
  const block = (length: number): KeyBlock =>
    new KeyBlock(
      version === '1.2'
        ? prf12(cipher.hash, master, 'key expansion', seed, length)
        : prf10(master, 'key expansion', seed, length),
      fromClient,
    );
  if (cipher.kind === 'cbc') {
    const keys = cbcKeys(block(2 * (cipher.macBytes + cipher.keyBytes + 16)), cipher, version);
    return new CbcOpener(cipher, keys, facts.encryptThenMac);
  }
  const ivBytes = cipher.algorithm === 'chacha20-poly1305' ? 12 : 4;
  const parts = block(2 * (cipher.keyBytes + ivBytes));
  return new Tls12Opener(cipher, parts.next(cipher.keyBytes), parts.next(ivBytes));
}

function cbcKeys(block: KeyBlock, cipher: CbcCipher, version: string): CbcKeys {
  const macKey = block.next(cipher.macBytes);
  const key = block.next(cipher.keyBytes);
  return { key, macKey, iv: version === '1.0' ? block.next(16) : null };
}
