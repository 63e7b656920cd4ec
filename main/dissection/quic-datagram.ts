import { u8 } from './bytes.ts';
import type { DatagramParser, DatagramProtocol } from './datagram-protocol.ts';
import type { Emitter } from './emitter.ts';
import { keysOf } from './keylog/provided-keys.ts';
import { QuicFlow } from './quic-flow.ts';
import type { Way } from './sink.ts';
import { isClearGoogleQuic, quicVersion } from './udp-content.ts';

/** Conversations whose handshake is remembered at the same time; the oldest is put aside for a new one. */
const MAX_FLOWS = 8192;

/**
 * QUIC (RFC 9000) and Google's before it: ciphertext, but for the versions before Q050. The hellos travel under keys that
 * anybody on the path can derive; they are read.
 */
class QuicDatagrams implements DatagramParser {
  private readonly out: Emitter;
  /** By flow row, in the order in which they began. */
  private readonly flows = new Map<number, QuicFlow>();
  /** Rows of conversations in which a key log showed HTTP/3; told at the end, since until then they are QUIC's. */
  private readonly http3 = new Set<number>();

  constructor(out: Emitter) {
    this.out = out;
  }

  take(row: number, side: 0 | 1, way: Way, b: Uint8Array, start: number, end: number): void {
    const version = quicVersion(b, start, end);
    const clear = version !== null && isClearGoogleQuic(version);
    this.out.datagram(row, side, way, b, start, end, !clear, null);
    if (clear) return;
    // Behind a short header nothing can be read but with keys, and only of a connection whose beginning was seen.
    if ((u8(b, start) & 0x80) !== 0) this.flowOf(row, side, way).take(side, b, start, end);
    else if (keysOf(this.out) !== null) this.flows.get(row)?.take(side, b, start, end);
  }

  private flowOf(row: number, side: 0 | 1, way: Way): QuicFlow {
    const known = this.flows.get(row);
    if (known !== undefined) return known;
    if (this.flows.size >= MAX_FLOWS) this.dropOldest();
    const flow = new QuicFlow(this.out, row, way === 0 ? side : side === 0 ? 1 : 0, () => this.http3.add(row));
    this.flows.set(row, flow);
    return flow;
  }

  private dropOldest(): void {
    const [oldest] = this.flows;
    if (oldest === undefined) return;
    oldest[1].finish();
    this.flows.delete(oldest[0]);
  }

  finish(): void {
    for (const flow of this.flows.values()) flow.finish();
    this.flows.clear();
    for (const row of this.http3) this.out.recognise(row, 'http3', 'quic');
  }
}

export const quic: DatagramProtocol = {
  application: 'quic',
  channel: 'quic',
  ports: [],
  recognises: (b, start, end) => quicVersion(b, start, end) !== null,
  parser: (out) => new QuicDatagrams(out),
};
