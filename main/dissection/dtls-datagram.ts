import type { DatagramParser, DatagramProtocol } from './datagram-protocol.ts';
import { DtlsFlow, type DtlsPlace } from './dtls-flow.ts';
import { parseDtls } from './dtls-record.ts';
import type { DatagramFields, Emitter } from './emitter.ts';
import type { Way } from './sink.ts';
import { dtlsRecord } from './udp-content.ts';

/** Conversations whose handshake is remembered at the same time; the oldest is put aside for a new one. */
const MAX_FLOWS = 8192;

/**
 * DTLS 1.0 and 1.2 (RFC 6347), and the hellos of 1.3 (RFC 9147), which look the same: the handshake before the first
 * ChangeCipherSpec is readable, the rest ciphertext. A datagram with pieces of messages is handed on as those messages.
 */
class DtlsDatagrams implements DatagramParser {
  private readonly out: Emitter;
  /** By flow row, in the order in which they began. */
  private readonly flows = new Map<number, DtlsFlow>();

  constructor(out: Emitter) {
    this.out = out;
  }

  take(row: number, side: 0 | 1, way: Way, b: Uint8Array, start: number, end: number): void {
    const { out } = this;
    const { pieces, readableEnd } = parseDtls(b, start, end);
    const inPieces = pieces.some((p) => p.end - p.start < p.length);
    if (pieces.length === 0) {
      out.datagram(row, side, way, b, start, readableEnd, false, null);
    } else {
      const flow = this.flowOf(row, side, way);
      if (inPieces) {
        for (const piece of pieces) flow.piece(side, b, piece, start);
      } else {
        const places = pieces.map((piece) => flow.whole(side, b, piece)).filter((p) => p !== null);
        out.datagram(row, side, way, b, start, readableEnd, false, fieldsOf(places, start));
      }
    }
    out.datagram(row, side, way, b, inPieces ? start : readableEnd, end, true, null);
  }

  private flowOf(row: number, side: 0 | 1, way: Way): DtlsFlow {
    const known = this.flows.get(row);
    if (known !== undefined) return known;
    const [oldest] = this.flows;
    if (this.flows.size >= MAX_FLOWS && oldest !== undefined) {
      oldest[1].finish();
      this.flows.delete(oldest[0]);
    }
    const flow = new DtlsFlow(this.out, row, way === 0 ? side : side === 0 ? 1 : 0);
    this.flows.set(row, flow);
    return flow;
  }

  finish(): void {
    for (const flow of this.flows.values()) flow.finish();
    this.flows.clear();
  }
}

function fieldsOf(places: readonly DtlsPlace[], start: number): DatagramFields {
  return (from) => {
    const at = start + from;
    const named = places.find((p) => at >= p.nameStart && at < p.nameEnd);
    return { field: named === undefined ? null : 'tls.sni', message: (named ?? places[0])?.message ?? null };
  };
}

export const dtls: DatagramProtocol = {
  application: 'dtls',
  channel: 'dtls',
  ports: [],
  recognises: (b, start, end) => dtlsRecord(b, start, end) !== null,
  parser: (out) => new DtlsDatagrams(out),
};
