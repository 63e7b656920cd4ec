import { CIPHER_SUITES } from './tls-cipher-suites.ts';

export function cipherName(code: number): string {
  return CIPHER_SUITES.get(code) ?? `0x${code.toString(16).padStart(4, '0')}`;
}

/** `1.2` for 0x0303; SSL 3.0 is told as `ssl3.0`; what is unknown by number. */
export function versionName(code: number): string {
  if (code === 0x0300) return 'ssl3.0';
  if (code === 0x0002) return 'ssl2.0';
  if (code >= 0x0301 && code <= 0x0304) return `1.${code - 0x0301}`;
  // Drafts of TLS 1.3 carry their number in the low byte (RFC 8446, 4.2.1; Facebook's are 0xfb..).
  if (code >>> 8 === 0x7f || code >>> 8 === 0xfb) return '1.3';
  if (code === 0xfeff) return '1.0';
  if (code === 0xfefd) return '1.2';
  if (code === 0xfefc) return '1.3';
  return `0x${code.toString(16).padStart(4, '0')}`;
}

/** Values reserved to be ignored (RFC 8701). */
export function isGrease(code: number): boolean {
  return (code & 0x0f0f) === 0x0a0a && code >>> 8 === (code & 0xff);
}
