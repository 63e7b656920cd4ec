import { u8 } from './bytes.ts';
import { codingsOf } from './content-coding.ts';
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
  if (value === undefined) return null;
  if (/^\d{1,15}$/.test(value)) return Number(value);
  const [first = '', ...more] = value.split(',').map((v) => v.trim());
  if (!/^\d{1,15}$/.test(first) || more.some((v) => v !== first)) return null;
  return Number(first);
}

/** How the end of a body is known (RFC 9112, 6.3). */
export interface BodyFraming {
  readonly kind: 'none' | 'counted' | 'chunked' | 'until-close';
  readonly length: number;
  /** Transfer codings besides `chunked`, in the order in which they were applied. */
  readonly codings: readonly string[];
}

export function framingOf(head: HttpHead, asked: string | null): BodyFraming {
  const transfer = codingsOf(head.headers.get('transfer-encoding'));
  const codings = transfer.filter((t) => t !== 'chunked');
  const response = head.kind === 'response';
  if (hasNoBody(head, asked)) return { kind: 'none', length: 0, codings };
  if (transfer.includes('chunked')) return { kind: 'chunked', length: 0, codings };
  // A response with other transfer codings ends with its connection, whatever length it names.
  if (codings.length > 0 && response) return { kind: 'until-close', length: 0, codings };
  const length = contentLength(head.headers.get('content-length'));
  if (length !== null) return { kind: length === 0 ? 'none' : 'counted', length, codings };
  return { kind: response ? 'until-close' : 'none', length: 0, codings };
}

/** RFC 1035, 2.3.4: what is longer is no name. */
export const MAX_HOST_LENGTH = 255;

/** The host without its port, and without the dot that may end a whole name. */
export function hostName(host: string): string {
  const match = /^(\[[^\]]*\]|[^:]*)(?::\d+)?$/.exec(host);
  return (match?.[1] ?? host).toLowerCase().replace(/(?<=[^.])\.$/, '');
}

/**
 * The host that a request names in its own first line, to a proxy: it counts, and a Host field beside it is to be ignored (RFC 9112 3.2.2,
 * 3.2.3). Null where there is none.
 */
export function targetHost(method: string, uri: string): string | null {
  const authority =
    method === 'CONNECT' ? /^[^/?#]*/.exec(uri)?.[0] : /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(uri)?.[1];
  const host = hostName((authority ?? '').replace(/^.*@/, ''));
  return host === '' || host.length > MAX_HOST_LENGTH ? null : host;
}
