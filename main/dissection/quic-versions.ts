/** Meaning of the two type bits of a long header (RFC 9000, 17.2; RFC 9369, 3.2 has another order). */
export type LongType = 'initial' | 'zero-rtt' | 'handshake' | 'retry';

/** What must be known of a QUIC version to open its Initial packets. */
export interface QuicVersion {
  readonly name: string;
  /** Salts of the Initial secret, hexadecimal; several where documents do not say which one a version took. */
  readonly salts: readonly string[];
  /** Beginning of the key derivation labels. */
  readonly label: 'quic' | 'quicv2';
  readonly types: readonly [LongType, LongType, LongType, LongType];
}

const SALT_V1 = '38762cf7f55934b34d179ae6a4c80cadccbb7f0a';
const SALT_DRAFT_29 = 'afbfec289993d24c9e9786f19c6111e04390a899';
const SALT_DRAFT_23 = 'c3eef712c72ebb5a11a7d2432bb46365bef9f502';
const SALT_DRAFT_21 = '7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a';
const SALT_DRAFT_17 = 'ef4fb0abb47470c41befcf8031334fae485e09a0';

const TYPES_V1 = ['initial', 'zero-rtt', 'handshake', 'retry'] as const;
const TYPES_V2 = ['retry', 'initial', 'zero-rtt', 'handshake'] as const;

const one = (name: string, ...salts: string[]): QuicVersion => ({ name, salts, label: 'quic', types: TYPES_V1 });

const NAMED: ReadonlyMap<number, QuicVersion> = new Map([
  // RFC 9001, 5.2
  [1, one('v1', SALT_V1)],
  // RFC 9369, 3.3, and the draft before it that had a number of its own.
  [0x6b3343cf, { name: 'v2', salts: ['0dede3def700a6db819381be6e269dcbf9bd2ed9'], label: 'quicv2', types: TYPES_V2 }],
  [
    0x709a50c4,
    { name: 'v2-draft', salts: ['a707c203a59b47184a1d62ca570406ea7ae3e5d3'], label: 'quicv2', types: TYPES_V2 },
  ],
  // Google's own: the salts stand in Chromium's crypto_utils.cc.
  [0x51303530, one('Q050', '504574efd066fe2f9d945cfcdbd3a7f0d3b56b45')],
  [0x54303530, one('T050', '7ff579e5acd072915580304c43a2367c60488310')],
  [0x54303531, one('T051', '7a4edef4e7ccee5fa4506c19124fc8ccda6e033d')],
  // Facebook's mvfst takes the salt of the draft it follows.
  [0xfaceb001, one('mvfst-22', SALT_DRAFT_21)],
  [0xfaceb002, one('mvfst-27', SALT_DRAFT_23)],
]);

/** Draft-ietf-quic-tls: the salt was changed with drafts 21, 23 and 29. */
function draft(number: number): QuicVersion | null {
  const name = `draft-${number}`;
  if (number >= 29 && number <= 34) return one(name, SALT_DRAFT_29);
  if (number >= 23) return number <= 28 ? one(name, SALT_DRAFT_23) : null;
  if (number >= 21) return one(name, SALT_DRAFT_21);
  return number >= 17 ? one(name, SALT_DRAFT_17) : null;
}

/** @returns null for a version whose Initial packets are not readable */
export function quicVersionOf(code: number): QuicVersion | null {
  const named = NAMED.get(code);
  if (named !== undefined) return named;
  if (code >>> 8 === 0xff0000) return draft(code & 0xff);
  // Further ones of Facebook, and numbers that exist to be refused (0x?a?a?a?a): nobody says which salt they take.
  if (code >>> 8 === 0xfaceb0) return one(numbered(code), SALT_DRAFT_23, SALT_DRAFT_29, SALT_V1);
  if ((code & 0x0f0f0f0f) >>> 0 === 0x0a0a0a0a) return one(numbered(code), SALT_V1, SALT_DRAFT_29, SALT_DRAFT_23);
  return null;
}

/** `v1`, `draft-29`, `Q050`, or the number. */
export function quicVersionName(code: number): string {
  return quicVersionOf(code)?.name ?? numbered(code);
}

function numbered(code: number): string {
  return `0x${(code >>> 0).toString(16).padStart(8, '0')}`;
}
