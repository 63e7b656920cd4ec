import { shortName } from './short-name.ts';
import { couldBecome, latin1, startsWith, textOfLatin1, u8 } from './bytes.ts';

/** Methods taken for HTTP wherever they stand first; others need a whole request line to be believed. */
const METHODS = [
  'GET',
  'POST',
  'PUT',
  'HEAD',
  'DELETE',
  'OPTIONS',
  'CONNECT',
  'PATCH',
  'TRACE',
  'PROPFIND',
  'PROPPATCH',
  'MKCOL',
  'COPY',
  'MOVE',
  'LOCK',
  'UNLOCK',
  'REPORT',
  'SEARCH',
  'NOTIFY',
  'M-SEARCH',
  'SUBSCRIBE',
  'UNSUBSCRIBE',
  'MERGE',
  'CHECKOUT',
  'RPC_IN_DATA',
  'RPC_OUT_DATA',
] as const;
const METHOD_STARTS = METHODS.map((m) => `${m} `);
const VERSION = 'HTTP/';

/** Does an HTTP/1.x message begin here? */
export function looksLikeHttp(b: Uint8Array, start: number, end: number): boolean {
  if (startsWith(b, start, end, VERSION)) return true;
  return METHOD_STARTS.some((m) => startsWith(b, start, end, m));
}

export function couldBecomeHttp(b: Uint8Array, start: number, end: number): boolean {
  return couldBecome(b, start, end, VERSION) || METHOD_STARTS.some((m) => couldBecome(b, start, end, m));
}

/** Does a line that begins here look like the first of a message? Stricter than at the start of a segment: used after a gap. */
export function isHttpStartLine(b: Uint8Array, start: number, end: number): boolean {
  if (startsWith(b, start, end, 'HTTP/1.')) return true;
  if (!METHOD_STARTS.some((m) => startsWith(b, start, end, m))) return false;
  for (let i = start; i < end && i < start + 8192; i++) {
    if (u8(b, i) === 10) return latin1(b, Math.max(start, i - 10), i).includes(' HTTP/1.');
  }
  return false;
}

/** A header field or a part of the first line, and where it stands in the head. */
export interface HeadPart {
  readonly at: number;
  readonly field: string | null;
}

export interface HttpHead {
  readonly kind: 'request' | 'response';
  readonly method: string;
  readonly uri: string;
  readonly status: number;
  readonly version: string;
  /** Values of the fields that dissection asks for, by lower-case name; repeated fields are joined by commas, except where the first must count. */
  readonly headers: ReadonlyMap<string, string>;
  readonly parts: readonly HeadPart[];
  /** Fields that must stand once, such as the length, came with different values: where the message ends is uncertain. */
  readonly contradicts: boolean;
}

const METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,40}$/;
const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS);
const LAST_VERSION = /^HTTP\/\d\.\d$/;
const RESPONSE = /^HTTP\/(\d(?:\.\d)?) +(\d{3})(?:[ \t].*)?$/s;

/** The fields whose values are read; of all others only the place is told. */
const READ: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-length',
  'content-type',
  'grpc-encoding',
  'host',
  'sec-websocket-extensions',
  'transfer-encoding',
  'upgrade',
]);
/** Of these the first value counts and later ones are not joined to it. */
const SINGLE = new Set(['host', 'content-length', 'content-type']);

const SPACE = 32;
const TAB = 9;
const CR = 13;

/**
 * Parses the head of an HTTP/1.x message, given as one character per byte.
 * @returns null when the first line is not one
 */
export function parseHead(text: string): HttpHead | null {
  const firstEnd = lineEnd(text, 0);
  const first = trimCr(text.slice(0, firstEnd));
  const response = first.startsWith(VERSION) ? RESPONSE.exec(first) : null;
  const request = response === null ? requestLine(first) : null;
  if (response === null && request === null) return null;
  const parts: HeadPart[] = [];
  if (request !== null) {
    const { method, at, target } = request;
    const uriAt = target === '' ? method.length + 1 : at;
    parts.push(methodPart, { at: uriAt, field: 'uri' }, { at: uriAt + target.length, field: null });
  } else {
    parts.push(statusPart);
  }
  const fields = new Fields(parts);
  fields.addAll(text, firstEnd + 1);
  return {
    kind: request === null ? 'response' : 'request',
    method: request?.method ?? '',
    uri: textOfLatin1(request?.target ?? ''),
    status: response === null ? 0 : Number(response[2]),
    version: response?.[1] ?? request?.version ?? '',
    headers: fields.headers,
    parts,
    contradicts: fields.contradict,
  };
}

const methodPart: HeadPart = { at: 0, field: 'method' };
const statusPart: HeadPart = { at: 0, field: 'status-line' };

interface RequestLine {
  readonly method: string;
  readonly target: string;
  /** Where the target begins in the line. */
  readonly at: number;
  /** `0.9` where none is named. */
  readonly version: string;
}

/** Method, target and version (RFC 9112, 3), with as much white space as others take too; null where there is no method. */
export function requestLine(line: string): RequestLine | null {
  const methodEnd = line.indexOf(' ');
  if (methodEnd < 1 || methodEnd > 40) return null;
  const method = line.slice(0, methodEnd);
  if (!KNOWN_METHODS.has(method) && !METHOD.test(method)) return null;
  let at = methodEnd + 1;
  while (line.charCodeAt(at) === SPACE) at++;
  let end = line.length;
  while (end > at && (line.charCodeAt(end - 1) === SPACE || line.charCodeAt(end - 1) === TAB)) end--;
  const versionAt = end - 8;
  if (versionAt <= at || line.charCodeAt(versionAt - 1) !== SPACE || !LAST_VERSION.test(line.slice(versionAt, end)))
    return { method, target: line.slice(at, end), at, version: '0.9' };
  let targetEnd = versionAt;
  while (line.charCodeAt(targetEnd - 1) === SPACE) targetEnd--;
  return { method, target: line.slice(at, targetEnd), at, version: line.slice(versionAt + 5, end) };
}

/** The fields of a trailer section (RFC 9112, 7.1.2) and where they stand in it. */
export function parseTrailer(text: string): readonly HeadPart[] {
  const parts: HeadPart[] = [];
  new Fields(parts).addAll(text, 0);
  return parts;
}

/** The name of a field as places tell it. */
interface FieldName {
  readonly name: string;
  readonly field: string;
  readonly isRead: boolean;
}

/** Names as they were written, most of which come again and again: made once. */
const known = new Map<string, FieldName>();
const MOST_KNOWN = 1024;

function fieldName(written: string): FieldName {
  const before = known.get(written);
  if (before !== undefined) return before;
  const name = shortName(written.trim().toLowerCase());
  const made = { name, field: `header:${name}`, isRead: READ.has(name) };
  // Of a copy: a part of the head would keep the whole of it.
  if (known.size < MOST_KNOWN && written.length <= 128)
    known.set(Buffer.from(written, 'latin1').toString('latin1'), made);
  return made;
}

class Fields {
  readonly headers = new Map<string, string>();
  contradict = false;
  private readonly parts: HeadPart[];
  private last: FieldName | null = null;

  constructor(parts: HeadPart[]) {
    this.parts = parts;
  }

  addAll(text: string, from: number): void {
    // Looked for again only when it has been passed: many lines may have none.
    let colon = -1;
    for (let at = from; at < text.length;) {
      const next = lineEnd(text, at);
      const end = next > at && text.charCodeAt(next - 1) === CR ? next - 1 : next;
      if (colon < at) colon = text.indexOf(':', at);
      if (colon < 0) colon = text.length;
      if (end > at) this.add(text, at, Math.min(colon, end), end);
      at = next + 1;
    }
  }

  private add(text: string, at: number, colon: number, end: number): void {
    const first = text.charCodeAt(at);
    const { headers, last } = this;
    if ((first === SPACE || first === TAB) && last !== null) {
      // A folded line (RFC 7230, 3.2.4) continues the field before.
      if (last.isRead) headers.set(last.name, `${headers.get(last.name) ?? ''} ${text.slice(at, end).trim()}`);
      return;
    }
    const of = fieldName(text.slice(at, colon));
    this.parts.push({ at, field: of.field });
    this.last = of.name === '' ? null : of;
    if (!of.isRead) return;
    const { name } = of;
    const value = text.slice(colon + 1, end).trim();
    const earlier = headers.get(name);
    if (earlier === undefined) headers.set(name, value);
    else if (!SINGLE.has(name)) headers.set(name, `${earlier}, ${value}`);
    else if (name === 'content-length' && earlier !== value) this.contradict = true;
  }
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? text.length : at;
}

function trimCr(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** What stands at `at` of a trailer section that is still incomplete. */
export function partialTrailer(text: string, at: number): string {
  const from = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
  const line = text.slice(from, lineEnd(text, from));
  const colon = line.indexOf(':');
  return `header:${shortName((colon < 0 ? line : line.slice(0, colon)).trim().toLowerCase())}`;
}

/** What stands at `at` of a head that is still incomplete. */
export function partialField(text: string, at: number): string | null {
  if (text.lastIndexOf('\n', at - 1) >= 0) return partialTrailer(text, at);
  if (text.startsWith(VERSION)) return 'status-line';
  const space = text.indexOf(' ');
  if (space < 0 || at <= space) return 'method';
  const second = text.indexOf(' ', space + 1);
  return second < 0 || at < second ? 'uri' : null;
}
