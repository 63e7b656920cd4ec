import { latin1 } from '../bytes.ts';

/** Secrets kept of one capture: some hundred bytes each. */
const MAX_SECRETS = 200_000;
const MAX_LINE_BYTES = 512;

/** What a line of an NSS key log can hold that is of use here. */
export type SecretLabel =
  | 'CLIENT_RANDOM'
  | 'CLIENT_EARLY_TRAFFIC_SECRET'
  | 'CLIENT_HANDSHAKE_TRAFFIC_SECRET'
  | 'SERVER_HANDSHAKE_TRAFFIC_SECRET'
  | 'CLIENT_TRAFFIC_SECRET_0'
  | 'SERVER_TRAFFIC_SECRET_0';

const LABELS: ReadonlySet<string> = new Set<SecretLabel>([
  'CLIENT_RANDOM',
  'CLIENT_EARLY_TRAFFIC_SECRET',
  'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
  'SERVER_HANDSHAKE_TRAFFIC_SECRET',
  'CLIENT_TRAFFIC_SECRET_0',
  'SERVER_TRAFFIC_SECRET_0',
]);

const LINE = /^([A-Z0-9_]{1,40}) ([0-9a-fA-F]{64}) ([0-9a-fA-F]{64,96})$/;

/**
 * Secrets of TLS sessions, as browsers and libraries write them (SSLKEYLOGFILE; draft-ietf-tls-keylogfile): a label, the
 * client's random value, the secret. Lines of other kinds are passed over.
 */
export class KeyLog {
  /** Secrets by label and random value. */
  private readonly secrets = new Map<string, Uint8Array>();
  /** More secrets came than are kept. */
  capped = false;
  private readonly maxSecrets: number;

  constructor(maxSecrets = MAX_SECRETS) {
    this.maxSecrets = maxSecrets;
  }

  /** How many secrets are known. */
  get size(): number {
    return this.secrets.size;
  }

  /** Takes the text of a key log, of any length; a line that makes no sense is passed over. */
  add(text: Uint8Array): void {
    let at = 0;
    while (at < text.length && !this.capped) {
      const found = text.indexOf(10, at);
      const end = found < 0 ? text.length : found;
      if (end - at <= MAX_LINE_BYTES) this.line(latin1(text, at, end).trim());
      at = end + 1;
    }
  }

  private line(line: string): void {
    const [, label = '', random = '', secret = ''] = LINE.exec(line) ?? [];
    // Older writers say QUIC_ before the same labels (draft-ietf-quic-tls).
    const name = label.startsWith('QUIC_') ? label.slice(5) : label;
    if (!LABELS.has(name) || secret.length % 2 === 1) return;
    if (this.secrets.size >= this.maxSecrets) {
      this.capped = true;
      return;
    }
    this.secrets.set(`${name} ${random.toLowerCase()}`, Buffer.from(secret, 'hex'));
  }

  /** @param random hexadecimal: the random value of the session's ClientHello */
  secret(label: SecretLabel, random: string): Uint8Array | null {
    return this.secrets.get(`${label} ${random}`) ?? null;
  }
}
