import { u8 } from './bytes.ts';
import type { DatagramParser, DatagramProtocol } from './datagram-protocol.ts';
import type { Emitter } from './emitter.ts';
import { keysOf } from './keylog/provided-keys.ts';
import { QuicConnectionIds } from './quic-connection-ids.ts';
import { QuicFlow } from './quic-flow.ts';
import type { Way } from './sink.ts';
import { isClearGoogleQuic, quicVersion } from './udp-content.ts';

/** Conversations whose handshake is remembered at the same time; the oldest is put aside for a new one. */
const MAX_FLOWS = 8192;
/** Silence (as of TCP, ten minutes) after which a handshake is over. With a key log it is kept: what follows can still be read. */
const SILENT_US = 600_000_000;
/** How often, in conversations begun, the silent ones are looked for. */
const SWEEP_EVERY = 256;

/** The connection that a conversation carries. */
interface Carried {
  readonly flow: QuicFlow;
  /** Its sides are the other way round than the conversation's. */
  readonly swapped: boolean;
  /** When it was last heard, µs since 1970. */
  lastUs: number;
}

/**
 * QUIC (RFC 9000) and Google's before it: ciphertext, but for the versions before Q050. The hellos travel under keys that
 * anybody on the path can derive; they are read.
 */
class QuicDatagrams implements DatagramParser {
  private readonly out: Emitter;
  /** By flow row, in the order in which they began. */
  private readonly flows = new Map<number, Carried>();
  private readonly ids = new QuicConnectionIds<{ readonly flow: QuicFlow; readonly receiver: 0 | 1 }>();
  /** Rows of conversations in which a key log showed HTTP/3; told at the end, since until then they are QUIC's. */
  private readonly http3 = new Set<number>();
  private begun = 0;
  /** With a key log: conversations, and their connections, that were put aside for others. What of them comes later is not read. */
  private readonly rowsAside = new Set<number>();
  private readonly flowsAside = new WeakSet<QuicFlow>();

  constructor(out: Emitter) {
    this.out = out;
  }

  take(row: number, side: 0 | 1, way: Way, b: Uint8Array, start: number, end: number): void {
    const version = quicVersion(b, start, end);
    const clear = version !== null && isClearGoogleQuic(version);
    this.out.datagram(row, side, way, b, start, end, !clear, null);
    if (clear) return;
    // Behind a short header nothing can be read but with keys, and only of a connection whose beginning was seen.
    const isLong = (u8(b, start) & 0x80) !== 0;
    if (!isLong && keysOf(this.out) === null) return;
    const carried = isLong
      ? this.flowOf(row, side, way)
      : (this.flows.get(row) ?? this.moved(row, side, b, start, end));
    const isAside = carried === null ? this.rowsAside.has(row) : this.flowsAside.has(carried.flow);
    if (isAside) this.out.note(row, 'cap-handshake');
    if (carried === null) return;
    const { flow, swapped } = carried;
    carried.lastUs = this.out.us;
    flow.take(swapped ? other(side) : side, b, start, end, { row, side });
  }

  /** A connection that moves is known by an id that it handed out: its packets are no strangers'. */
  adopts(b: Uint8Array, start: number, end: number): boolean {
    return this.ids.ownerOf(b, start, end) !== null;
  }

  private moved(row: number, side: 0 | 1, b: Uint8Array, start: number, end: number): Carried | null {
    const owner = this.ids.ownerOf(b, start, end);
    return owner === null ? null : this.remember(row, owner.flow, owner.receiver === side);
  }

  private remember(row: number, flow: QuicFlow, swapped: boolean): Carried {
    if (++this.begun % SWEEP_EVERY === 0 && keysOf(this.out) === null) this.dropSilent();
    const [oldest] = this.flows;
    if (this.flows.size >= MAX_FLOWS && oldest !== undefined) {
      this.drop(...oldest);
      if (keysOf(this.out) !== null) {
        this.rowsAside.add(oldest[0]);
        this.flowsAside.add(oldest[1].flow);
      }
    }
    const carried: Carried = { flow, swapped, lastUs: this.out.us };
    this.flows.set(row, carried);
    return carried;
  }

  private flowOf(row: number, side: 0 | 1, way: Way): Carried {
    const known = this.flows.get(row);
    if (known !== undefined) return known;
    const flow: QuicFlow = new QuicFlow(
      this.out,
      row,
      way === 0 ? side : other(side),
      () => this.http3.add(row),
      (id, receiver) => this.ids.add(id, { flow, receiver }),
    );
    return this.remember(row, flow, false);
  }

  private dropSilent(): void {
    const before = this.out.us - SILENT_US;
    for (const [row, carried] of this.flows) if (carried.lastUs < before) this.drop(row, carried);
  }

  private drop(row: number, { flow }: Carried): void {
    flow.finish();
    this.flows.delete(row);
  }

  finish(): void {
    for (const [row, { flow }] of this.flows) {
      flow.finish();
      if (this.http3.has(flow.row)) this.http3.add(row);
    }
    this.flows.clear();
    for (const row of this.http3) this.out.recognise(row, 'http3', 'quic');
  }
}

const other = (side: 0 | 1): 0 | 1 => (side === 0 ? 1 : 0);

export const quic: DatagramProtocol = {
  application: 'quic',
  channel: 'quic',
  ports: [],
  recognises: (b, start, end) => quicVersion(b, start, end) !== null,
  parser: (out) => new QuicDatagrams(out),
};
