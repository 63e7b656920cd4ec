import type { Application } from './applications.ts';
import { u8 } from './bytes.ts';
import type { Direction } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { TlsParser } from './tls-parser.ts';

const HANDSHAKE = 22;

/**
 * Does TLS begin where a command or an element was to begin? Text protocols never have a control character there, so the
 * first byte of a handshake record is enough, however few bytes have come (STARTTLS: RFC 3207, 2595, 4217, 6120).
 */
export function upgradesHere(b: Uint8Array, at: number, end: number): boolean {
  return u8(b, at) === HANDSHAKE && (end - at < 2 || u8(b, at + 1) === 3);
}

/** Hands `[start, at)` on as it is and gives the direction to TLS from `at` on; the flow keeps its name. */
export function upgrade(
  out: Emitter,
  d: Direction,
  application: Application,
  b: Uint8Array,
  start: number,
  at: number,
  end: number,
  position: number,
): void {
  out.stream(d, b, start, at, position, false);
  out.recognise(d.connection.row, application, 'tls');
  const tls = new TlsParser(out, d);
  d.parser = tls;
  const here = position + (at - start);
  d.marks.add(here, null, null);
  if (!tls.feed(b, at, end, here)) out.stream(d, b, at, end, here, false);
}
