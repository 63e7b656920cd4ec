import type { Direction } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { deflateAgreed } from './websocket-deflate.ts';
import { WebSocketParser } from './websocket-parser.ts';

/** Headers of one side of a stream; null while they were not seen. */
export type StreamHeaders = ReadonlyMap<string, string> | null;

/**
 * WebSocket on a stream of HTTP/2 (RFC 8441): an extended CONNECT that the server consents to, after which the content of both
 * sides is frames. `own` and `peer`: what the two sides of the stream said. Where the server's answer was not seen, what the
 * client offered counts.
 * @returns null where the content is anything else
 */
export function webSocketOnStream(
  out: Emitter,
  d: Direction,
  own: StreamHeaders,
  peer: StreamHeaders,
  framing: readonly string[],
): WebSocketParser | null {
  const asks = own?.has(':protocol') === true;
  const request = asks ? own : peer;
  const response = asks ? peer : own;
  if (request?.get(':method') !== 'CONNECT' || request.get(':protocol')?.toLowerCase() !== 'websocket') return null;
  const status = response?.get(':status');
  if (status !== undefined && !/^2\d\d$/.test(status)) return null;
  const agreed = deflateAgreed((response ?? request).get('sec-websocket-extensions'));
  return new WebSocketParser(out, d, asks ? agreed.client : agreed.server, framing);
}
