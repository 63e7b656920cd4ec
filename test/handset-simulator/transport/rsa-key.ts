import { constants, createPublicKey, publicDecrypt } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** The workstation's public key as the AUTH packet carries it: base64 of Android's RSAPublicKey struct, a space, `user@host`, NUL. */
export interface HostKey {
  readonly key: KeyObject;
  readonly owner: string;
  readonly text: string;
}

const words = 64;
const structBytes = 4 + 4 + words * 4 * 2 + 4;
/** DER prefix of a SHA-1 DigestInfo (RFC 8017, section 9.2): the 20-byte token is signed as if it were a digest. */
const sha1DigestInfo = Buffer.from('3021300906052b0e03021a05000414', 'hex');

/** null when it is no 2048-bit key of that form. */
export function parseHostKey(payload: Uint8Array): HostKey | null {
  const text = Buffer.from(payload).toString('latin1').replace(/\0.*$/s, '');
  const space = text.indexOf(' ');
  const struct = Buffer.from(space < 0 ? text : text.slice(0, space), 'base64');
  if (struct.length !== structBytes || struct.readUInt32LE(0) !== words) return null;
  const modulus = Buffer.from(struct.subarray(8, 8 + words * 4)).reverse();
  const exponent = Buffer.alloc(4);
  exponent.writeUInt32BE(struct.readUInt32LE(structBytes - 4));
  const jwk = {
    kty: 'RSA',
    n: modulus.toString('base64url'),
    e: exponent.subarray(exponent.findIndex((byte) => byte !== 0)).toString('base64url'),
  };
  return { key: createPublicKey({ key: jwk, format: 'jwk' }), owner: space < 0 ? '' : text.slice(space + 1), text };
}

/** Is `signature` the token signed with that key? */
export function verifyToken(key: HostKey, token: Uint8Array, signature: Uint8Array): boolean {
  try {
    const opened = publicDecrypt({ key: key.key, padding: constants.RSA_PKCS1_PADDING }, signature);
    return opened.equals(Buffer.concat([sha1DigestInfo, token]));
  } catch {
    // A signature of another key does not even have the right padding.
    return false;
  }
}
