import { hash } from 'node:crypto';
import { latin1, textOf, u8 } from './bytes.ts';
import type { Element } from './der.ts';
import { children, element } from './der.ts';

export interface CertificateFacts {
  /** DNS names of the subject alternative name; the subject's common name where there are none. */
  readonly names: readonly string[];
  /** The subject's common name, or its organisation. */
  readonly subject: string | null;
  /** The issuer's common name, or its organisation. */
  readonly issuer: string | null;
  /** Bounds of its validity (RFC 3339, UTC); null where they are not readable. */
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  /** SHA-256 of the certificate as it was shown: what certificate logs and browsers call its fingerprint. */
  readonly sha256: string;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const OID = 6;
const EXPLICIT_0 = 0xa0;
const EXPLICIT_3 = 0xa3;
const DNS_NAME = 0x82;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const COMMON_NAME = '550403';
const ORGANISATION = '55040a';
const SUBJECT_ALT_NAME = '551d11';
/** RFC 1035, 2.3.4, without the root: longer ones are no names. */
const MAX_DNS_NAME = 253;
/** Bytes of text that are told of all certificates of one chain: some three thousand names. */
const MAX_TEXT = 64 * 1024;
/** What a text takes beside its bytes, so that empty ones do not come by the ten thousand. */
const TEXT_OVERHEAD = 4;

/** Bounds what is told of the certificates of one chain, and tells what was left out of them. */
export class CertificateRoom {
  /** Names or subjects were left out for want of room. */
  capped = false;
  /** Something stands where a name of a host belongs that cannot be one. */
  malformed = false;
  private left = MAX_TEXT;

  has(bytes: number): boolean {
    if (bytes + TEXT_OVERHEAD > this.left) {
      this.capped = true;
      return false;
    }
    this.left -= bytes + TEXT_OVERHEAD;
    return true;
  }
}

function hex(b: Uint8Array, e: Element): string {
  return Buffer.from(b.buffer, b.byteOffset + e.start, e.end - e.start).toString('hex');
}

/** The text of a directory string: BMPString is UTF-16BE, the others are read as UTF-8. */
function directoryText(b: Uint8Array, e: Element): string {
  if (e.tag !== 0x1e) return textOf(b, e.start, e.end);
  let text = '';
  for (let i = e.start; i + 1 < e.end; i += 2) text += String.fromCharCode((u8(b, i) << 8) | u8(b, i + 1));
  return text;
}

function attribute(b: Uint8Array, name: Element, wanted: string, room: CertificateRoom): string | null {
  for (const set of children(b, name)) {
    if (set.tag !== SET) continue;
    for (const pair of children(b, set)) {
      const [oid, value] = children(b, pair);
      if (oid?.tag === OID && value !== undefined && hex(b, oid) === wanted)
        return room.has(value.end - value.start) ? directoryText(b, value) : null;
    }
  }
  return null;
}

function alternativeNames(b: Uint8Array, extensions: Element, room: CertificateRoom): string[] {
  const names: string[] = [];
  const list = children(b, extensions)[0];
  for (const extension of list === undefined ? [] : children(b, list)) {
    const parts = children(b, extension);
    const oid = parts[0];
    const value = parts.at(-1);
    if (oid?.tag !== OID || value === undefined || hex(b, oid) !== SUBJECT_ALT_NAME) continue;
    const sequence = element(b, value.start, value.end);
    for (const name of sequence === null ? [] : children(b, sequence)) {
      const length = name.end - name.start;
      if (name.tag !== DNS_NAME) continue;
      if (length > MAX_DNS_NAME) room.malformed = true;
      else if (room.has(length)) names.push(latin1(b, name.start, name.end));
    }
  }
  return names;
}

/** UTCTime (two digits of the year, RFC 5280, 4.1.2.5.1) or GeneralizedTime as RFC 3339, or null. */
function instantOf(b: Uint8Array, e: Element | undefined): string | null {
  if (e === undefined || (e.tag !== UTC_TIME && e.tag !== GENERALIZED_TIME)) return null;
  const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?Z$/.exec(
    latin1(b, e.start, Math.min(e.end, e.start + 20)),
  );
  if (match === null) return null;
  const [, year = '', month, day, hour, minute, second = '00'] = match;
  if ((year.length === 2) !== (e.tag === UTC_TIME)) return null;
  const century = year.length === 4 ? '' : Number(year) >= 50 ? '19' : '20';
  return `${century}${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

/**
 * Reads who an X.509 certificate is for, who issued it and for how long (RFC 5280). Nothing is verified: it says what was
 * shown.
 * @param room that of the chain: what it has no room for is left out, and it says so
 * @returns null when it is not a certificate
 */
export function readCertificate(
  b: Uint8Array,
  start: number,
  end: number,
  room = new CertificateRoom(),
): CertificateFacts | null {
  const certificate = element(b, start, end);
  const tbs = certificate === null ? null : element(b, certificate.start, certificate.end);
  if (certificate?.tag !== SEQUENCE || tbs?.tag !== SEQUENCE) return null;
  const fields = children(b, tbs);
  // Version is optional and explicit; then serial, signature, issuer, validity, subject, key.
  const first = fields[0]?.tag === EXPLICIT_0 ? 1 : 0;
  const issuer = fields[first + 2];
  const validity = fields[first + 3];
  const subject = fields[first + 4];
  if (issuer === undefined || validity === undefined || subject === undefined) return null;
  const extensions = fields.find((f) => f.tag === EXPLICIT_3);
  const common = attribute(b, subject, COMMON_NAME, room);
  const issuedBy = attribute(b, issuer, COMMON_NAME, room) ?? attribute(b, issuer, ORGANISATION, room);
  const names = extensions === undefined ? [] : alternativeNames(b, extensions, room);
  const [notBefore, notAfter] = children(b, validity);
  return {
    names: names.length > 0 || common === null ? names : [common],
    subject: common ?? attribute(b, subject, ORGANISATION, room),
    issuer: issuedBy,
    notBefore: instantOf(b, notBefore),
    notAfter: instantOf(b, notAfter),
    sha256: hash('sha256', b.subarray(start, certificate.end), 'hex'),
  };
}
