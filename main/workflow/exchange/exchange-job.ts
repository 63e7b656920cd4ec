import type { ExchangeLimit, ExchangePart, ExchangeState } from '../../../shared/contract/exchange.ts';
import type { Flow } from '../../../shared/model/traffic.ts';
import type { PlaceOfFrame } from '../capture-parts.ts';
import type { SecretsPlaces } from '../own-secrets-note.ts';

/** Where a finding of the conversation lies, as the index knows it. */
export interface FindingPlace {
  readonly key: string;
  readonly number: string;
  /** Null where the direction does not tell (`lan`). */
  readonly way: 0 | 1 | null;
  readonly streamOffset: number;
  /** Offset in a decoded body; null: the match is in the bytes of the wire. */
  readonly bodyOffset: number | null;
  readonly decodings: readonly string[];
  readonly firstFrame: PlaceOfFrame;
  /** The match itself. */
  readonly bytes: Uint8Array;
}

export interface ExchangeJob {
  /** The exhibit's file in the vault; several are one recording, in this order. */
  readonly paths: readonly string[];
  /** Ids of the exhibits, in the same order. */
  readonly exhibits: readonly [string, ...string[]];
  /** Key logs that belong to it, in the vault. */
  readonly keyLogs: readonly string[];
  /** What the index knows of secrets in each file. */
  readonly ownSecrets: readonly SecretsPlaces[];
  readonly flow: Flow;
  readonly places: readonly FindingPlace[];
  /** Int32 ×1: 1 when to be stopped. */
  readonly stop: SharedArrayBuffer;
}

/** What was gathered of one conversation. `held[id]` are the bytes of stretch `id`, as many as are held. */
export interface GatheredExchange {
  readonly parts: readonly ExchangePart[];
  readonly held: readonly Uint8Array[];
  readonly contentBytes: number;
  readonly heldBytes: number;
  readonly limits: readonly ExchangeLimit[];
  readonly marked: ExchangeState['marked'];
}

export type FromExchangeWorker =
  { readonly type: 'looked' | 'progress'; readonly bytes: number } | ({ readonly type: 'done' } & GatheredExchange);

/** Bytes held of one conversation. */
export const heldBytesMax = 32 * 1024 * 1024;
/** Stretches listed of one conversation. */
export const stretchesMax = 20_000;
