import type { Direction } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { handshakeBudgetOf } from './handshake-budget.ts';
import { HeaderTextBudget } from './http2-headers.ts';
import { Http3MessageStream, type Http3Side } from './http3-message-stream.ts';
import { type Http3Peer, Http3UniStream } from './http3-uni-stream.ts';
import type { QuicApplication } from './keylog/quic-decryption.ts';
import { QpackDecoder } from './qpack.ts';
import { QuicRawStream } from './quic-raw-stream.ts';
import type { QuicPlace, QuicStreamSink } from './quic-streams.ts';

/** Second bit of a stream's number: it carries bytes one way only (RFC 9000, 2.1). */
const UNIDIRECTIONAL = 2;

/**
 * The streams of a deciphered QUIC connection: HTTP/3 (RFC 9114) where that was agreed, or offered while the answer is not
 * known; of other protocols the bytes are handed on as they are.
 */
export class QuicContent implements QuicApplication {
  private readonly out: Emitter;
  private readonly offered: readonly string[];
  private readonly onHttp3: () => void;
  private sides: readonly [Http3Side, Http3Side] | null = null;

  /** @param offered what the client's hello offers (ALPN) */
  constructor(out: Emitter, offered: readonly string[], onHttp3: () => void) {
    this.out = out;
    this.offered = offered;
    this.onHttp3 = onHttp3;
  }

  open(d: Direction, id: number, alpn: string | null): QuicStreamSink {
    const isHttp3 = alpn === null ? this.offered.some((name) => name.startsWith('h3')) : alpn.startsWith('h3');
    if (!isHttp3) return new QuicRawStream(this.out, d, 'quic.stream');
    const sides = this.sidesOf(d);
    const side = sides[d.side];
    if ((id & UNIDIRECTIONAL) === 0) return new Http3MessageStream(side, id);
    const peer: Http3Peer = {
      settled: (capacity) => {
        sides[d.side === 0 ? 1 : 0].qpack.maxCapacity ??= capacity;
      },
      learnt: () => this.retry(side, false),
    };
    return new Http3UniStream(side, id, peer);
  }

  private sidesOf({ connection }: Direction): readonly [Http3Side, Http3Side] {
    if (this.sides === null) {
      this.onHttp3();
      const { out } = this;
      const budget = handshakeBudgetOf(out);
      const side = (of: 0 | 1): Http3Side => ({
        out,
        d: connection.directions[of],
        qpack: new QpackDecoder(),
        text: new HeaderTextBudget(),
        budget,
        blocked: new Set(),
      });
      this.sides = [side(0), side(1)];
    }
    return this.sides;
  }

  /**
   * Sections that wait may be readable now; `anyway` when nothing more will come. A stream that is read on may come upon
   * another section that waits: it is visited again.
   */
  private retry(side: Http3Side, anyway: boolean): void {
    for (const stream of side.blocked) stream.resume(anyway);
  }

  datagram(d: Direction, b: Uint8Array, start: number, end: number, place: QuicPlace): void {
    const raw = new QuicRawStream(this.out, d, 'quic.datagram');
    raw.data(b, start, end, place);
    raw.end();
  }

  finish(): void {
    for (const side of this.sides ?? []) this.retry(side, true);
  }
}
