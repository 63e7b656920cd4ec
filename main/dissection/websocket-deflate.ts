import { constants, inflateRawSync } from 'node:zlib';
import type { BodyBudget } from './body-budget.ts';
import { inflateRaw, InputIndex } from './inflate.ts';
import { inflateSmall } from './small-inflate.ts';

/** RFC 7692, 7.2.2: what the sender has taken away from the end of each message. */
const TAIL = Uint8Array.of(0, 0, 0xff, 0xff);
const WINDOW_BYTES = 32 * 1024;
const NOTHING = new Uint8Array(0);

export const MAX_MESSAGE_OUTPUT = 16 * 1024 * 1024;

/** How one side compresses its messages; null when it does not. */
export interface DeflateAgreement {
  /** False when each message is compressed by itself (`…_no_context_takeover`). */
  readonly takeover: boolean;
}

/** What both sides agreed, from the extensions that the server's answer names (RFC 7692, 7.1). */
export function deflateAgreed(extensions: string | undefined): {
  readonly client: DeflateAgreement | null;
  readonly server: DeflateAgreement | null;
} {
  const agreed = (extensions ?? '')
    .toLowerCase()
    .split(',')
    .map((extension) => extension.split(';').map((part) => part.trim()))
    .find(([name]) => name === 'permessage-deflate');
  if (agreed === undefined) return { client: null, server: null };
  return {
    client: { takeover: !agreed.includes('client_no_context_takeover') },
    server: { takeover: !agreed.includes('server_no_context_takeover') },
  };
}

export interface InflatedMessage {
  readonly bytes: Uint8Array;
  readonly problem: 'decoding-failed' | 'cap-inflate' | null;
  /** Maps a stretch of `bytes` to the stretch of the compressed message that gave it. */
  readonly locate: (from: number, to: number) => [number, number];
}

/** Inflates the messages of one side, one after the other. */
export class MessageInflater {
  private readonly takeover: boolean;
  private readonly budget: BodyBudget;
  private history: Uint8Array = NOTHING;

  constructor(agreement: DeflateAgreement, budget: BodyBudget) {
    this.takeover = agreement.takeover;
    this.budget = budget;
  }

  /** Messages are missing, or none will follow: what is remembered is of no use. */
  lose(): void {
    this.remember(NOTHING);
  }

  /** Undoes one compressed message, given without its framing. */
  inflate(message: Uint8Array): InflatedMessage {
    const input = new Uint8Array(message.length + TAIL.length);
    input.set(message);
    input.set(TAIL, message.length);
    const { history } = this;
    let bytes = viaZlib(input, history);
    let problem: InflatedMessage['problem'] = null;
    if (bytes === null) {
      const part = inflateRaw(input, 0, MAX_MESSAGE_OUTPUT, null, history);
      bytes = part.bytes;
      problem = part.end === 'full' ? 'cap-inflate' : 'decoding-failed';
    }
    if (this.takeover) this.remember(this.extended(bytes));
    const { length } = bytes;
    let index: InputIndex | null = null;
    const locate = (from: number, to: number): [number, number] => {
      if (index === null) {
        index = new InputIndex(length, message.length);
        inflateRaw(input, 0, length, index, history);
      }
      const [a, z] = index.span(from, to);
      return [a, Math.min(z, message.length)];
    };
    return { bytes, problem, locate };
  }

  private remember(history: Uint8Array): void {
    const more = history.length - this.history.length;
    // Without it the next message is damaged, and said to be.
    const next = this.budget.allows(more) ? history : NOTHING;
    this.budget.held += next.length - this.history.length;
    this.history = next;
  }

  private extended(bytes: Uint8Array): Uint8Array {
    const keep = Math.max(0, Math.min(this.history.length, WINDOW_BYTES - bytes.length));
    const next = new Uint8Array(keep + Math.min(bytes.length, WINDOW_BYTES));
    next.set(this.history.subarray(this.history.length - keep));
    next.set(bytes.subarray(Math.max(0, bytes.length - WINDOW_BYTES)), keep);
    return next;
  }
}

function viaZlib(input: Uint8Array, history: Uint8Array): Uint8Array | null {
  const small = inflateSmall('raw-deflate', input, history);
  if (small !== null) return small.end === 'damaged' ? null : small.bytes;
  try {
    return inflateRawSync(input, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: MAX_MESSAGE_OUTPUT,
      chunkSize: Math.min(1024 * 1024, Math.max(1024, input.length * 4)),
      ...(history.length === 0 ? {} : { dictionary: history }),
    });
  } catch {
    return null;
  }
}
