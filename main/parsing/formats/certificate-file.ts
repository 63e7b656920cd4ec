import { createHash, X509Certificate } from 'node:crypto';
import type { FormatInput, ParseSink } from '../parse-result.ts';

/** A certificate is some kilobytes; more is none. */
const maxCertificateBytes = 256 * 1024;
const maxNameCharacters = 1000;

/** The file that a command reads. */
export function fileOf(command: string): string {
  return /(\/\S{1,256})$/.exec(command)?.[1] ?? '';
}

/**
 * `cat …/cacerts-added/HASH.N`: for whom a certificate stands, who issued it, from when till when it is valid and the SHA-256 over
 * it (DER), one fact each. Android writes DER (TrustedCertificateStore.writeCertificate: `cert.getEncoded()`); PEM is read as well.
 */
export function parseCertificateFile({ command, bytes, text }: FormatInput, sink: ParseSink): void {
  if (bytes.length === 0) return;
  const certificate = readCertificate(bytes);
  if (certificate === null) {
    sink.skip(1, text.split('\n', 1)[0] ?? '', 'not-a-certificate');
    return;
  }
  const file = fileOf(command);
  const facts = {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    'valid from': instant(certificate.validFrom),
    'valid to': instant(certificate.validTo),
    'SHA-256': createHash('sha256').update(certificate.raw).digest('hex'),
  };
  for (const [what, value] of Object.entries(facts))
    sink.add({ kind: 'fact', topic: 'certificate', package: null, name: `${file} ${what}`, value, atHandset: null });
}

function readCertificate(bytes: Uint8Array): X509Certificate | null {
  if (bytes.length > maxCertificateBytes) return null;
  return tryToRead(bytes) ?? tryToRead(withoutReturns(bytes));
}

function tryToRead(bytes: Uint8Array): X509Certificate | null {
  try {
    return new X509Certificate(bytes);
  } catch {
    return null;
  }
}

/** A shell behind a terminal makes CR LF of each LF, also in what is no text: each CR LF was an LF. */
function withoutReturns(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, i) => byte !== 0x0d || bytes[i + 1] !== 0x0a);
}

/** Node tells a name as one line a part. */
function oneLine(name: string | undefined): string {
  return (name ?? '').replaceAll('\n', ', ').slice(0, maxNameCharacters);
}

/** `Jan  1 00:00:00 2030 GMT` as RFC 3339; as it stands where it is no such instant. */
function instant(said: string): string {
  const at = Date.parse(said);
  return Number.isNaN(at) ? said.slice(0, 100) : new Date(at).toISOString().replace('.000Z', 'Z');
}
