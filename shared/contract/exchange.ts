import * as z from 'zod';
import type { Message } from '../model/traffic.ts';
import { command, inCase, query } from './operation.ts';

/** Longest stretch of bytes asked for at once. */
export const exchangeBytesMax = 16_384;
/** Rows of the conversation asked for at once. */
export const exchangePartsMax = 100;

/** Limits that kept a conversation from being held whole; each is said where it bites. */
export const exchangeLimits = ['held-bytes', 'stretches', 'stopped', 'not-found'] as const;
export type ExchangeLimit = (typeof exchangeLimits)[number];

/** How far the exhibit has been read again for one conversation. */
export interface ExchangeState {
  readonly status: 'reading' | 'ready';
  /** The exhibit is looked through for the keys that it holds itself; `bytesRead` counts anew when it is read behind that. */
  readonly looking: boolean;
  /** Of the exhibit's file. */
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly parts: number;
  /** Payload and decoded bytes that were met, and how many of them are held for reading. */
  readonly contentBytes: number;
  readonly heldBytes: number;
  readonly limits: readonly ExchangeLimit[];
  /** Findings of this conversation whose place in its bytes was found again, each with the part that holds it. */
  readonly marked: readonly { readonly key: string; readonly number: string; readonly part: number }[];
  /** How many of its findings have a place in its bytes. */
  readonly markable: number;
}

/** Where a finding's bytes stand in a stretch: `[from, to)`. */
export interface ExchangeMark {
  readonly from: number;
  readonly to: number;
  readonly key: string;
  readonly number: string;
  /** False: the value lies inside what only the search has undone (a compressed value); the mark shows where that begins. */
  readonly exact: boolean;
}

/** Consecutive bytes of one message in one writing: as they crossed the wire, or after the decodings that are named. */
export interface ExchangeStretch {
  readonly id: number;
  readonly layer: 'stream' | 'datagram' | 'body';
  /** What was undone to read it, outermost first; empty on the wire. */
  readonly decodings: readonly string[];
  /** Names of the protocol's fields in it, each with the offset at which it begins. The first 200. */
  readonly fields: readonly { readonly at: number; readonly field: string | null }[];
  /** Offset of its first byte in the reassembled stream, the datagram or the decoded body. */
  readonly offset: number;
  readonly bytes: number;
  readonly heldBytes: number;
  /** Ciphertext by protocol. */
  readonly opaque: boolean;
  readonly firstFrame: number;
  readonly lastFrame: number;
  readonly marks: readonly ExchangeMark[];
}

/** One message, or consecutive bytes that belong to none. */
export interface ExchangePart {
  readonly id: number;
  /** 0: from who opened the conversation; 1: back. */
  readonly way: 0 | 1;
  readonly message: Message | null;
  readonly at: string;
  /** Where its first frame lies: a recording may consist of several exhibits, and frames count in each. */
  readonly exhibit: string;
  readonly firstFrame: number;
  readonly lastFrame: number;
  readonly stretches: readonly ExchangeStretch[];
}

export interface ExchangeBytes {
  readonly stretch: number;
  readonly offset: number;
  readonly base64: string;
}

const flow = z.number().int().min(0);
const place = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const exchange = {
  /** Begins to read the exhibit again for one conversation, or tells how far that is; answers within half a second. */
  'exchange.open': query<ExchangeState>()(z.strictObject({ ...inCase, flow })),
  /** In the order of the wire; only of a conversation that is ready. */
  'exchange.parts': query<readonly ExchangePart[]>()(
    z.strictObject({ ...inCase, flow, after: place, limit: z.number().int().min(1).max(exchangePartsMax) }),
  ),
  'exchange.bytes': query<ExchangeBytes>()(
    z.strictObject({
      ...inCase,
      flow,
      stretch: place,
      offset: place,
      length: z.number().int().min(1).max(exchangeBytesMax),
    }),
  ),
  /** Ends the reading; what has been read by then is shown. */
  'exchange.stop': command<null>()(z.strictObject({ ...inCase, flow })),
} as const;
