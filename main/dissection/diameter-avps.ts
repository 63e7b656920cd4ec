import { u24, u32, u8 } from './bytes.ts';

/** An attribute-value pair and where its value stands. */
export interface Avp {
  readonly code: number;
  /** IANA enterprise number, 0 for those of the IETF. */
  readonly vendor: number;
  readonly from: number;
  readonly to: number;
}

const MAX_AVPS = 1024;
const MAX_DEPTH = 8;

/**
 * Grouped AVPs on the way to identities, by vendor and code: Subscription-Id, User-Equipment-Info (RFC 8506); 3GPP:
 * Terminal-Information, Subscription-Data and what may surround them (TS 29.272, 7.3; TS 32.299, 7.2).
 */
const GROUPED: ReadonlySet<string> = new Set([
  '0.443',
  '0.458',
  '0.456',
  '0.279',
  '0.284',
  '10415.1400',
  '10415.1401',
  '10415.1429',
  '10415.1430',
  '10415.873',
  '10415.874',
  '10415.876',
  '10415.2000',
  '10415.1250',
  '10415.3102',
  '10415.702',
]);

/** RFC 6733, 4.1: reads the AVPs in `[from, end)` and those nested in known groups, in their order. Never throws. */
export function readAvps(b: Uint8Array, from: number, end: number): { avps: Avp[]; malformed: boolean } {
  const avps: Avp[] = [];
  const ok = read(b, from, end, avps, 0);
  return { avps, malformed: !ok };
}

function read(b: Uint8Array, start: number, end: number, avps: Avp[], depth: number): boolean {
  let at = start;
  while (at + 8 <= end) {
    const flags = u8(b, at + 4);
    const length = u24(b, at + 5);
    const header = (flags & 0x80) === 0 ? 8 : 12;
    const to = at + length;
    if (length < header || to > end || avps.length >= MAX_AVPS) return false;
    const avp: Avp = { code: u32(b, at), vendor: header === 12 ? u32(b, at + 8) : 0, from: at + header, to };
    avps.push(avp);
    const grouped = GROUPED.has(`${avp.vendor}.${avp.code}`);
    if (grouped && (depth >= MAX_DEPTH || !read(b, avp.from, to, avps, depth + 1))) return false;
    at += (length + 3) & ~3;
  }
  return at >= end;
}
