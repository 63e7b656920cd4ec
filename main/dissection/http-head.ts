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
  /** Values by lower-case name; repeated fields are joined by commas, except where the first must count. */
  readonly headers: ReadonlyMap<string, string>;
  readonly parts: readonly HeadPart[];
  /** Fields that must stand once, such as the length, came with different values: where the message ends is uncertain. */
  readonly contradicts: boolean;
}

const REQUEST = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,40}) +(.*?)(?: +(HTTP\/\d\.\d))?[ \t]*$/s;
const RESPONSE = /^HTTP\/(\d(?:\.\d)?) +(\d{3})(?:[ \t].*)?$/s;
/** Of these the first value counts and later ones are not joined to it. */
const SINGLE = new Set(['host', 'content-length', 'content-type', 'location']);

/**
 * Parses the head of an HTTP/1.x message, given as one character per byte.
 * @returns null when the first line is not one
 */
export function parseHead(text: string): HttpHead | null {
  const firstEnd = lineEnd(text, 0);
  const first = trimCr(text.slice(0, firstEnd));
  const response = RESPONSE.exec(first);
  const request = response === null ? REQUEST.exec(first) : null;
  if (response === null && request === null) return null;
  const parts: HeadPart[] = [];
  const method = request?.[1] ?? '';
  const target = request?.[2] ?? '';
  if (request !== null) {
    const uriAt = text.indexOf(target, method.length + 1);
    parts.push({ at: 0, field: 'method' }, { at: uriAt, field: 'uri' }, { at: uriAt + target.length, field: null });
  } else {
    parts.push({ at: 0, field: 'status-line' });
  }
  const fields = new Fields(parts);
  fields.addAll(text, firstEnd + 1);
  return {
    kind: request === null ? 'response' : 'request',
    method,
    uri: textOfLatin1(target),
    status: response === null ? 0 : Number(response[2]),
    version: response?.[1] ?? (request?.[3] ?? 'HTTP/0.9').slice(5),
    headers: fields.headers,
    parts,
    contradicts: fields.contradict,
  };
}

/** The fields of a trailer section (RFC 9112, 7.1.2) and where they stand in it. */
export function parseTrailer(text: string): readonly HeadPart[] {
  const parts: HeadPart[] = [];
  new Fields(parts).addAll(text, 0);
  return parts;
}

class Fields {
  readonly headers = new Map<string, string>();
  contradict = false;
  private readonly parts: HeadPart[];
  private last = '';

  constructor(parts: HeadPart[]) {
    this.parts = parts;
  }

  addAll(text: string, from: number): void {
    for (let at = from; at < text.length;) {
      const end = lineEnd(text, at);
      const line = trimCr(text.slice(at, end));
      if (line !== '') this.add(line, at);
      at = end + 1;
    }
  }

  private add(line: string, at: number): void {
    const { headers, last } = this;
    if ((line.startsWith(' ') || line.startsWith('\t')) && last !== '') {
      // A folded line (RFC 7230, 3.2.4) continues the field before.
      headers.set(last, `${headers.get(last) ?? ''} ${line.trim()}`);
      return;
    }
    const colon = line.indexOf(':');
    const name = (colon < 0 ? line : line.slice(0, colon)).trim().toLowerCase().slice(0, 128);
    const value = colon < 0 ? '' : line.slice(colon + 1).trim();
    this.parts.push({ at, field: `header:${name}` });
    this.last = name;
    const known = headers.get(name);
    if (known === undefined) headers.set(name, value);
    else if (!SINGLE.has(name)) headers.set(name, `${known}, ${value}`);
    else if (name === 'content-length' && known !== value) this.contradict = true;
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
  return `header:${(colon < 0 ? line : line.slice(0, colon)).trim().toLowerCase().slice(0, 128)}`;
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
