import type { Channel } from '../../shared/model/traffic.ts';
import type { Application } from './applications.ts';
import type { Emitter } from './emitter.ts';
import type { Way } from './sink.ts';

/** Takes the datagrams of all flows of one protocol, in capture order; state is kept by flow row, bounded. */
export interface DatagramParser {
  /** Hands on `[start, end)` (never empty) as a run, and whatever messages it holds. */
  take(row: number, side: 0 | 1, way: Way, b: Uint8Array, start: number, end: number): void;
  /** Does this datagram of a conversation that nobody recognised go on with something known from another one? */
  adopts?(b: Uint8Array, start: number, end: number): boolean;
  /** The capture is over: what is still collected is given on. */
  finish?(): void;
}

/** A protocol above UDP. A new one is a file that exports one of these, and a line in datagram-protocols.ts. */
export interface DatagramProtocol {
  readonly application: Application;
  readonly channel: Channel;
  /** Ports that tell it alone, before any look at the content (IANA service names). */
  readonly ports: readonly number[];
  /** Is this datagram of a flow that no port tells one of it? Asked for the first eight datagrams of a flow. */
  recognises(b: Uint8Array, start: number, end: number): boolean;
  /** One parser serves all flows of a capture. */
  parser(out: Emitter): DatagramParser;
}

/** Hands every datagram on to be searched, without messages. */
export function plainDatagrams(out: Emitter): DatagramParser {
  return {
    take: (row, side, way, b, start, end) => out.datagram(row, side, way, b, start, end, false, null),
  };
}
