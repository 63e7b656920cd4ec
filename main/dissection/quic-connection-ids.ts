/** Ids known at the same time; the oldest is forgotten for a new one. */
const MAX_IDS = 65_536;
/** Shorter ones stand at the beginning of many a datagram of something else. */
const MIN_ID_BYTES = 4;

/**
 * Connection ids by which a connection is known again when it goes on from another address or port (RFC 9000, 9): a phone that
 * leaves the Wi-Fi, or a router that gives it another port. A short header does not say how long its id is.
 */
export class QuicConnectionIds<Owner> {
  private readonly owners = new Map<string, Owner>();
  private readonly lengths = new Set<number>();

  /** @param id hexadecimal */
  add(id: string, owner: Owner): void {
    const bytes = id.length / 2;
    if (bytes < MIN_ID_BYTES || this.owners.has(id)) return;
    if (this.owners.size >= MAX_IDS) {
      const [oldest] = this.owners.keys();
      if (oldest !== undefined) this.owners.delete(oldest);
    }
    this.owners.set(id, owner);
    this.lengths.add(bytes);
  }

  /** Whose id stands behind the first byte of the short header at `start`; null for a long header, and where it is nobody's. */
  ownerOf(b: Uint8Array, start: number, end: number): Owner | null {
    if (this.owners.size === 0 || ((b[start] ?? 0) & 0xc0) !== 0x40) return null;
    for (const bytes of this.lengths) {
      const to = start + 1 + bytes;
      if (to >= end) continue;
      const owner = this.owners.get(Buffer.from(b.buffer, b.byteOffset + start + 1, bytes).toString('hex'));
      if (owner !== undefined) return owner;
    }
    return null;
  }
}
