import { latin1, startsWith, textOfLatin1, u8 } from './bytes.ts';

/** RFC 3261 and the extensions of IANA «SIP parameters», methods. */
const METHODS = [
  'REGISTER',
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'OPTIONS',
  'MESSAGE',
  'SUBSCRIBE',
  'NOTIFY',
  'PUBLISH',
  'PRACK',
  'UPDATE',
  'INFO',
  'REFER',
];
const SCHEMES = ['sip:', 'sips:', 'tel:', 'urn:'];
/** Beginnings of messages that no other protocol has. */
export const SIP_OPENINGS: readonly string[] = [
  'SIP/2.0 ',
  ...METHODS.flatMap((method) => SCHEMES.map((scheme) => `${method} ${scheme}`)),
];

const METHOD_STARTS = METHODS.map((method) => `${method} `);

/** Does a SIP message begin here? */
export function isSipStart(b: Uint8Array, start: number, end: number): boolean {
  const first = u8(b, start);
  // All begin with a capital letter.
  if (first < 65 || first > 90) return false;
  if (startsWith(b, start, end, 'SIP/2.0 ')) return true;
  const method = METHOD_STARTS.find((text) => startsWith(b, start, end, text));
  return method !== undefined && SCHEMES.some((scheme) => startsWith(b, start + method.length, end, scheme));
}

/** RFC 3261, 7.3.3, and later documents: one-letter names. */
const COMPACT: Readonly<Record<string, string>> = {
  c: 'content-type',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
};

const REQUEST = /^([A-Za-z]{1,20}) +(\S+) +SIP\/2\.0$/;
const RESPONSE = /^SIP\/2\.0 +(\d{3})(?: +(.*))?$/;

export interface SipHead {
  readonly kind: 'sip-request' | 'sip-response';
  readonly fields: Readonly<Record<string, unknown>>;
  /** Where header fields and parts of the first line begin, in bytes from the head's beginning. */
  readonly parts: readonly { readonly at: number; readonly field: string | null }[];
  /** Bytes that follow the head; null when the head does not tell. */
  readonly bodyBytes: number | null;
}

/** Parses a head given as one character per byte; null when its first line is none of SIP's. */
export function parseSipHead(text: string): SipHead | null {
  const lines = text.split(/\r?\n/);
  const first = lines[0] ?? '';
  const request = REQUEST.exec(first);
  const response = request === null ? RESPONSE.exec(first) : null;
  if (request === null && response === null) return null;
  const { headers, parts } = readHeaders(text, first.length);
  const head = (name: string): string | null => {
    const value = headers.get(name);
    return value === undefined ? null : textOfLatin1(value);
  };
  const shared = {
    from: head('from'),
    to: head('to'),
    contact: head('contact'),
    callId: head('call-id'),
    userAgent: head('user-agent') ?? head('server'),
    // 3GPP TS 24.229, 7.2A.4: access type and cell.
    accessNetwork: head('p-access-network-info'),
    // RFC 5626, 4.1; 3GPP TS 23.003, 13.8: `<urn:gsma:imei:…>`.
    instance: /\+sip\.instance="([^"]*)"/i.exec(headers.get('contact') ?? '')?.[1] ?? null,
  };
  const length = headers.get('content-length');
  const bodyBytes = length !== undefined && /^\d{1,9}$/.test(length.trim()) ? Number(length) : null;
  if (request !== null) {
    const [, method = '', uri = ''] = request;
    const where = [
      { at: 0, field: null },
      { at: first.indexOf(uri), field: 'sip.uri' },
    ];
    return { kind: 'sip-request', fields: { method, uri, ...shared }, parts: [...where, ...parts], bodyBytes };
  }
  const fields = { status: Number(response?.[1]), reason: textOfLatin1(response?.[2] ?? ''), ...shared };
  return { kind: 'sip-response', fields, parts: [{ at: 0, field: null }, ...parts], bodyBytes };
}

function readHeaders(
  text: string,
  from: number,
): { readonly headers: ReadonlyMap<string, string>; readonly parts: SipHead['parts'] } {
  const headers = new Map<string, string>();
  const parts: { at: number; field: string | null }[] = [];
  // A line whose name is longer is no other field's.
  const line = /\r?\n([^:\r\n]{1,64}?)[ \t]*:[ \t]*([^\r\n]*(?:\r?\n[ \t]+[^\r\n]*)*)|\r?\n[^\r\n]+/g;
  line.lastIndex = from;
  for (let match = line.exec(text); match !== null; match = line.exec(text)) {
    const written = match[1]?.toLowerCase();
    if (written === undefined) {
      parts.push({ at: match.index + 1, field: null });
      continue;
    }
    const name = COMPACT[written] ?? written;
    const value = match[2] ?? '';
    parts.push({ at: match.index + 1, field: `sip.header:${name}` });
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return { headers, parts };
}

/** Where a head that begins at `start` ends (after its empty line), or -1. */
export function headEnd(b: Uint8Array, start: number, end: number): number {
  const at = Buffer.from(b.buffer, b.byteOffset + start, end - start).indexOf('\r\n\r\n', 0, 'latin1');
  return at < 0 ? -1 : start + at + 4;
}

/** The head of a datagram: all of it when no empty line ends it. */
export function sipHeadOf(b: Uint8Array, start: number, end: number): { head: SipHead; bodyAt: number } | null {
  const stop = headEnd(b, start, end);
  const bodyAt = stop < 0 ? end : stop;
  const head = parseSipHead(latin1(b, start, bodyAt));
  return head === null ? null : { head, bodyAt: bodyAt - start };
}
