import type { KeyLog } from './key-log.ts';
import { sealedCiphersOf } from './record-cipher.ts';
import type { OpenedRecord, RecordOpener } from './record-opener.ts';
import { Tls13Opener } from './sealed-openers.ts';

/**
 * What a client sends that announced early data (RFC 8446, 4.2.10): records under the early secret, EndOfEarlyData, and
 * records under the handshake's keys, which count from 0. A server that takes no early data passes over the records it
 * cannot open, and the client leaves EndOfEarlyData out: so a record that no keys open ends nothing here either, until
 * one is opened by the handshake's keys or those after them.
 */
export class EarlyDataOpener implements RecordOpener {
  /** One for each cipher that may be the right one; after the first record the one that was, or none. */
  private early: readonly RecordOpener[];
  private readonly later: () => RecordOpener | null | undefined;
  private next: RecordOpener | null | undefined = undefined;
  /** A record under the handshake's keys or later ones was opened. */
  private begun = false;
  /** Early data was opened, and no EndOfEarlyData. */
  private unended = false;

  /**
   * @param secret null when the key log has no early secret
   * @param later what opens the records behind the early data; undefined while the server has not answered
   */
  constructor(secret: Uint8Array | null, later: () => RecordOpener | null | undefined) {
    // Which suite it is, the session before decided; of those with a secret of this length only one fits.
    this.early = secret === null ? [] : sealedCiphersOf(secret).map((cipher) => new Tls13Opener(cipher, [secret]));
    this.later = later;
  }

  open(type: number, version: number, body: Uint8Array): OpenedRecord | 'unread' | null {
    const early = this.openEarly(type, version, body);
    if (early !== null) return early;
    if (this.next === undefined) this.next = this.later();
    const opened = this.next?.open(type, version, body) ?? null;
    if (opened === null || opened === 'unread') return this.begun ? null : 'unread';
    const anew = this.unended;
    this.begun = true;
    this.unended = false;
    this.early = [];
    return anew ? { ...opened, anew } : opened;
  }

  private openEarly(type: number, version: number, body: Uint8Array): OpenedRecord | null {
    for (const opener of this.early) {
      const opened = opener.open(type, version, body);
      if (opened === null || opened === 'unread') continue;
      this.early = [opener];
      this.unended = true;
      return opened;
    }
    // The first record opens or none does: they are counted.
    if (!this.unended) this.early = [];
    return null;
  }

  finished(): void {
    if (this.begun) this.next?.finished();
    this.early = [];
    this.unended = false;
  }

  updated(): void {
    if (this.begun) this.next?.updated();
  }

  survivesLoss(): boolean {
    if (this.begun) return false;
    // The early records behind the loss have other numbers; the handshake's begin anew.
    this.early = [];
    this.unended = false;
    return true;
  }
}

/**
 * @param announced the client's hello said that early data follows
 * @returns null when no early data is to be expected, or the key log has no secret of this client
 */
export function earlyDataOpener(
  log: KeyLog,
  clientRandom: string,
  announced: boolean,
  later: () => RecordOpener | null | undefined,
): EarlyDataOpener | null {
  const secret = log.secret('CLIENT_EARLY_TRAFFIC_SECRET', clientRandom);
  if (secret !== null) return new EarlyDataOpener(secret, later);
  const others = ['CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'CLIENT_TRAFFIC_SECRET_0'] as const;
  if (!announced || others.every((label) => log.secret(label, clientRandom) === null)) return null;
  return new EarlyDataOpener(null, later);
}
