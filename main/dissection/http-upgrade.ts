import type { Direction, StreamParser } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { Http2Parser } from './http2-parser.ts';
import type { HttpHead } from './http-head.ts';
import { UnknownParser } from './unknown-parser.ts';
import { deflateAgreed } from './websocket-deflate.ts';
import { WebSocketParser } from './websocket-parser.ts';

/** Bytes of the HTTP/2 preface (RFC 9113, 3.4) after what looks like the head of a request. */
const PREFACE_REST = 6;

/**
 * Gives both directions the parsers of what they speak after a response, if that is another protocol: the tunnel of a
 * CONNECT, WebSocket, HTTP/2 in clear. `bodyAt` is where the response's direction goes on.
 */
export function switchProtocol(out: Emitter, d: Direction, head: HttpHead, asked: string | null, bodyAt: number): void {
  if (head.kind !== 'response') return;
  const c = d.connection;
  if (asked === 'CONNECT' && head.status >= 200 && head.status < 300) {
    c.forgetRequests();
    for (const x of c.directions) replaceParser(d, x, out.freshParser(x, x.offset));
    return;
  }
  if (head.status !== 101) return;
  const upgrade = (head.headers.get('upgrade') ?? '').trim().toLowerCase();
  out.recognise(c.row, upgrade === 'websocket' ? 'websocket' : upgrade === 'h2c' ? 'http2' : 'http', 'cleartext');
  c.forgetRequests();
  const agreed = deflateAgreed(head.headers.get('sec-websocket-extensions'));
  for (const x of c.directions) {
    if (upgrade === 'h2c') {
      // The client may have begun before its answer was seen.
      if (!(x.parser instanceof Http2Parser))
        replaceParser(d, x, new Http2Parser(out, x, { fromStart: true, prefaceLeft: 0 }));
    } else if (upgrade === 'websocket') {
      replaceParser(d, x, new WebSocketParser(out, x, x === d ? agreed.server : agreed.client));
    } else {
      replaceParser(d, x, new UnknownParser(out, x));
    }
    x.marks.add(x === d ? bodyAt : x.offset, null, null);
  }
}

/**
 * The direction that answers, `d`, has ended its message. The other one may be within one, or hold bytes back: it is told
 * that nothing more comes, so that what it has is handed on and what it opened is closed.
 */
function replaceParser(d: Direction, x: Direction, parser: StreamParser): void {
  if (x !== d) x.parser?.end(false);
  x.parser = parser;
}

/** «PRI * HTTP/2.0» is no request: the client of an upgraded connection was heard before the server's consent. */
export function beginHttp2(out: Emitter, d: Direction, head: HttpHead): boolean {
  if (head.method !== 'PRI' || head.version !== '2.0') return false;
  out.recognise(d.connection.row, 'http2', 'cleartext');
  d.parser = new Http2Parser(out, d, { fromStart: true, prefaceLeft: PREFACE_REST });
  return true;
}
