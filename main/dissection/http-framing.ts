import { u8 } from './bytes.ts';
import type { HttpHead } from './http-head.ts';

/** Printable ASCII and white space only? */
export function isText(b: Uint8Array, length: number): boolean {
  for (let i = 0; i < length; i++) if (u8(b, i) < 9 || u8(b, i) >= 127) return false;
  return true;
}

/** RFC 9112, 6.3: messages that end with their head whatever their fields say. */
export function hasNoBody(head: HttpHead, asked: string | null): boolean {
  if (head.kind === 'request') return false;
  if (head.status < 200 || head.status === 204 || head.status === 304) return true;
  return asked === 'HEAD' || (asked === 'CONNECT' && head.status < 300);
}

/** Null for a missing or senseless length (negative, not a number, repeated with other values). */
export function contentLength(value: string | undefined): number | null {
  if (value === undefined || !/^\d{1,15}$/.test(value)) return null;
  return Number(value);
}

/** The host without its port. */
export function hostName(host: string): string {
  const match = /^(\[[^\]]*\]|[^:]*)(?::\d+)?$/.exec(host);
  return (match?.[1] ?? host).toLowerCase();
}
