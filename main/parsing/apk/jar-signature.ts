import { children, element } from '../../dissection/der.ts';
import { maxCertificates } from './signing-block.ts';

const SEQUENCE = 0x30;
const EXPLICIT_0 = 0xa0;
/** 1.2.840.113549.1.7.2, signedData (RFC 2315, 14). */
const signedData = Buffer.from('2a864886f70d010702', 'hex');

/** The files of a JAR's signatures (JAR file specification, «Signature block file»). */
export const isSignatureFile = (name: string): boolean => /^META-INF\/[^/]{1,255}\.(?:RSA|DSA|EC)$/i.test(name);

/**
 * The certificates of a signature file of a JAR: PKCS#7 signed data (RFC 2315, 9.1), in DER. The signature is not checked.
 * @returns null where it is no such file; `whole` false where there are more than the limit
 */
export function readJarSignature(
  b: Uint8Array,
): { readonly certificates: readonly Uint8Array[]; readonly whole: boolean } | null {
  const outer = element(b, 0, b.length);
  const [type, explicit] = outer?.tag === SEQUENCE ? children(b, outer) : [];
  if (type === undefined || !signedData.equals(b.subarray(type.start, type.end))) return null;
  if (explicit?.tag !== EXPLICIT_0) return null;
  const content = element(b, explicit.start, explicit.end);
  if (content?.tag !== SEQUENCE) return null;
  // version, digest algorithms, content, then certificates [0] IMPLICIT: where there are none, none can be named.
  const held = children(b, content)[3];
  if (held?.tag !== EXPLICIT_0) return null;
  const certificates: Uint8Array[] = [];
  for (let at = held.start; at < held.end;) {
    const one = certificates.length < maxCertificates ? element(b, at, held.end) : null;
    if (one === null) return { certificates, whole: false };
    certificates.push(b.subarray(at, one.end));
    at = one.end;
  }
  return { certificates, whole: true };
}
