import { latin1 } from '../bytes.ts';
import { type SecretLabel, SecretStore } from './secret-store.ts';

export type { SecretLabel } from './secret-store.ts';

/** Secrets kept of all key logs of a capture: a line is some 170 bytes of text, so that 100 MB of it fit. */
const MAX_SECRETS = 1_000_000;
const MAX_LINE_BYTES = 512;
const NO_BYTES = new Uint8Array(0);

const LINE = /^([A-Z0-9_]{1,40}) ([0-9a-fA-F]{64}) ([0-9a-fA-F]{64,96})$/;
/** Secrets that open no record (exporters), those of later keys, and the form of SSL 3 (`RSA`). */
const OTHER_LINE = /^[A-Z][A-Z0-9_]{1,40} [0-9a-fA-F]{16,} [0-9a-fA-F]+$/;

/** What a key log was made of, in lines. */
export interface KeyLogCounts {
  /** Secrets of the kinds that are used here. */
  readonly secrets: number;
  /** Lines that are no secret, remark or empty line. */
  readonly malformed: number;
  /** Secrets that were not kept because there were too many. */
  readonly dropped: number;
}

/**
 * Secrets of TLS sessions, as browsers and libraries write them (SSLKEYLOGFILE; draft-ietf-tls-keylogfile): a label, the
 * client's random value, the secret. Lines of other kinds are passed over.
 */
export class KeyLog {
  private readonly store: SecretStore;
  /** Sessions whose secrets were asked for and were there. */
  private readonly fitting = new Set<string>();
  private malformed = 0;
  private dropped = 0;
  /** Beginning of a line that ends in the next block. */
  private rest: Uint8Array = NO_BYTES;
  /** The line at hand is longer than any that is read. */
  private tooLong = false;

  constructor(maxSecrets = MAX_SECRETS) {
    this.store = new SecretStore(maxSecrets);
  }

  /** How many secrets are known. */
  get size(): number {
    return this.store.size;
  }

  /** More secrets came than are kept. */
  get capped(): boolean {
    return this.dropped > 0;
  }

  get counts(): KeyLogCounts {
    const { malformed, dropped } = this;
    return { secrets: this.store.size + dropped, malformed, dropped };
  }

  /** How many sessions secrets were found for. */
  get sessions(): number {
    return this.fitting.size;
  }

  /** Takes the text of a whole key log; a line that makes no sense is counted and passed over. */
  add(text: Uint8Array): void {
    this.push(text);
    this.endText();
  }

  /** Takes a block of a key log; lines may go on in the next one. */
  push(block: Uint8Array): void {
    let at = 0;
    while (at < block.length) {
      const found = block.indexOf(10, at);
      const end = found < 0 ? block.length : found;
      if (this.rest.length + end - at > MAX_LINE_BYTES) {
        this.tooLong = true;
        this.rest = NO_BYTES;
      } else if (!this.tooLong) {
        this.rest =
          this.rest.length === 0 ? block.subarray(at, end) : Buffer.concat([this.rest, block.subarray(at, end)]);
      }
      if (found >= 0) this.endLine();
      at = end + 1;
    }
    this.rest = this.rest.length === 0 ? NO_BYTES : new Uint8Array(this.rest);
  }

  /** The text ends: so does its last line. */
  endText(): void {
    if (this.rest.length > 0 || this.tooLong) this.endLine();
  }

  private endLine(): void {
    if (this.tooLong) this.malformed++;
    else this.line(latin1(this.rest, 0, this.rest.length).trim());
    this.rest = NO_BYTES;
    this.tooLong = false;
  }

  private line(line: string): void {
    if (line === '' || line.startsWith('#')) return;
    const [, label = '', random = '', secret = ''] = LINE.exec(line) ?? [];
    // Older writers say QUIC_ before the same labels (draft-ietf-quic-tls).
    const kept = this.store.add(label.startsWith('QUIC_') ? label.slice(5) : label, random, secret);
    if (kept === 'full') this.dropped++;
    else if (kept === 'unknown' && !OTHER_LINE.test(line)) this.malformed++;
  }

  /** @param random hexadecimal: the random value of the session's ClientHello */
  secret(label: SecretLabel, random: string): Uint8Array | null {
    const secret = this.store.find(label, random);
    if (secret !== null) this.fitting.add(random);
    return secret;
  }
}
