import type { Application } from './applications.ts';
import type { Channel } from '../../shared/model/traffic.ts';
import { couldBecome, startsWith } from './bytes.ts';
import type { Direction, StreamParser } from './direction.ts';
import type { Emitter } from './emitter.ts';

/** `perhaps`: what is there could still become the beginning of it, once more bytes have come. */
export type Likeness = 'yes' | 'perhaps' | 'no';

/** Bytes of a direction's beginning that are held back at most while several protocols are possible. */
export const PREFIX_BYTES = 24;

/** A protocol above TCP. A new one is a file that exports one of these, and a line in stream-protocols.ts. */
export interface StreamProtocol {
  readonly application: Application;
  /** Does a direction that begins with `[start, end)` (at least one byte) speak it? */
  likeness(b: Uint8Array, start: number, end: number, out: Emitter, d: Direction): Likeness;
  /** Names the flow and gives the direction its parser, which is then fed from `[start, end)` on. */
  begin(out: Emitter, d: Direction, b: Uint8Array, start: number, end: number): StreamParser;
}

/** Likeness of text that begins with one of `openings`. */
export function likenessOfText(openings: readonly string[], b: Uint8Array, start: number, end: number): Likeness {
  let likeness: Likeness = 'no';
  for (const text of openings) {
    if (startsWith(b, start, end, text)) return 'yes';
    if (couldBecome(b, start, end, text)) likeness = 'perhaps';
  }
  return likeness;
}

/**
 * Names the flow. Without a SYN the first message tells who the client is, as long as nothing has been handed on under
 * another name; `senderIsClient` null: the message does not tell.
 */
export function claim(
  out: Emitter,
  d: Direction,
  application: Application,
  channel: Channel,
  senderIsClient: boolean | null,
): void {
  const c = d.connection;
  out.recognise(c.row, application, channel);
  if (senderIsClient === null || out.table.synSeen(c.row)) return;
  if (!c.directions.every((x) => x.offset === 0 || x === d)) return;
  c.clientSide = senderIsClient ? d.side : 1 - d.side;
  out.table.setClient(c.row, c.clientSide);
}
