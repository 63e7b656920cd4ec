const FIXED_BYTES = 10;
const HEADER_SUM = 2;
const EXTRA_FIELD = 4;
/** Name and comment, each of them up to its zero. */
const TEXTS = [8, 16];

/**
 * Bytes in front of the deflate data of a gzip member: ten, and what its flags announce (RFC 1952, 2.3). More than there are where
 * the header itself is cut. Nothing of it is judged: its mark, its method and its reserved flags are the caller's.
 */
export function gzipHeaderBytes(b: Uint8Array): number {
  const flags = b[3] ?? 0;
  if (flags === 0) return FIXED_BYTES;
  let at = FIXED_BYTES;
  if ((flags & EXTRA_FIELD) !== 0) at += 2 + ((b[at] ?? 0) | ((b[at + 1] ?? 0) << 8));
  for (const text of TEXTS) {
    if ((flags & text) === 0) continue;
    const zero = b.indexOf(0, at);
    at = zero === -1 ? Math.max(at, b.length) + 1 : zero + 1;
  }
  return (flags & HEADER_SUM) === 0 ? at : at + 2;
}
