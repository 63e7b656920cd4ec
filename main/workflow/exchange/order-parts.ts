import type { ExchangePart, ExchangeStretch } from '../../../shared/contract/exchange.ts';
import type { Message } from '../../../shared/model/traffic.ts';
import type { DissectedMessage, Way } from '../../dissection/sink.ts';
import { instantOfUs } from '../instants.ts';

/** A stretch while it grows. */
export type Draft = { -readonly [K in keyof ExchangeStretch]: ExchangeStretch[K] } & {
  readonly flow: number;
  readonly way: Way;
  readonly sequence: number;
  readonly message: number | null;
  readonly atUs: number;
  readonly chunks: Uint8Array[];
};

const rank = ({ layer }: Draft): number => (layer === 'body' ? 1 : 0);

/** Messages with their stretches, and stretches that belong to none, in the order of their first frames. */
export function partsOf(
  drafts: readonly Draft[],
  messages: readonly DissectedMessage[],
  toMessage: (message: DissectedMessage) => Message,
): (Omit<ExchangePart, 'stretches' | 'exhibit'> & { readonly stretches: readonly Draft[] })[] {
  const byMessage = new Map<number, Draft[]>();
  const datagrams = new Map(messages.map((message) => [`${message.frame} ${message.way}`, message.index]));
  const loose: Draft[] = [];
  const known = new Set(messages.map(({ index }) => index));
  for (const draft of drafts) {
    // A datagram is one message where a message ends in its frame.
    const ofFrame = draft.layer === 'stream' ? undefined : datagrams.get(`${draft.firstFrame} ${draft.way}`);
    const message = draft.message !== null && known.has(draft.message) ? draft.message : (ofFrame ?? null);
    if (message === null) loose.push(draft);
    else byMessage.set(message, [...(byMessage.get(message) ?? []), draft]);
  }
  const parts = [
    ...messages.map((message) => ({
      way: message.way,
      message: toMessage(message),
      atUs: message.atUs,
      frame: message.frame,
      // As it crossed the wire first, then what was decoded of it.
      stretches: (byMessage.get(message.index) ?? []).toSorted((a, b) => rank(a) - rank(b) || a.id - b.id),
    })),
    ...loose.map((draft) => ({
      way: draft.way,
      message: null,
      atUs: draft.atUs,
      frame: draft.firstFrame,
      stretches: [draft],
    })),
  ].map((part) => ({
    ...part,
    firstFrame: Math.min(part.frame, ...part.stretches.map(({ firstFrame }) => firstFrame)),
    lastFrame: Math.max(part.frame, ...part.stretches.map(({ lastFrame }) => lastFrame)),
    order: Math.min(...part.stretches.map(({ id }) => id)),
  }));
  parts.sort((a, b) => a.firstFrame - b.firstFrame || a.order - b.order);
  return parts.map(({ way, message, atUs, firstFrame, lastFrame, stretches }, id) => ({
    id,
    way,
    message,
    at: message?.at ?? instantOfUs(atUs),
    firstFrame,
    lastFrame,
    stretches,
  }));
}
