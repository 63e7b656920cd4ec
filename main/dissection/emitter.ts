import type { Channel } from '../../shared/model/traffic.ts';
import type { ByteRun, DissectionSink, SearchHorizon, Way } from './sink.ts';
import type { Direction, StreamParser } from './direction.ts';
import { type Application, applicationCode, channelCode, CHANNELS } from './applications.ts';
import type { FaultLog } from './faults.ts';
import { BodyBudget } from './body-budget.ts';
import { Carriers } from './carriers.ts';
import { ByteSampler } from './byte-sampler.ts';
import { InflateAllowance } from './inflate-allowance.ts';
import { type BodySource, BodyOrigin, type DatagramFields, DatagramOrigin, StreamOrigin } from './origins.ts';
import type { FlowTable } from './flow-table.ts';
import type { Incomplete } from './incomplete.ts';

type MutableRun = { -readonly [K in keyof ByteRun]: ByteRun[K] };

export type { BodySource, DatagramFields } from './origins.ts';

const NO_DECODINGS: readonly string[] = [];
const NO_BYTES = new Uint8Array(0);

/**
 * The one place from which everything leaves for the sink. It owns the counters of messages and byte sequences and the
 * packet being looked at. One run object and one origin function serve all calls: nothing is allocated per packet.
 */
export class Emitter {
  readonly sink: DissectionSink;
  readonly table: FlowTable;
  readonly faults: FaultLog;
  /** A parser that looks at a direction anew from a position on. */
  readonly freshParser: (d: Direction, position: number) => StreamParser;
  readonly horizon: SearchHorizon;
  /** Packet being dissected: Wireshark's number and its time. */
  frame = 0;
  us = 0;
  /** First bytes of conversations nobody recognised. */
  readonly sampler = new ByteSampler();
  /** Frames of what came in IP fragments. */
  readonly carriers: Carriers;
  /** Compressed bytes held by all bodies being collected. */
  readonly bodies = new BodyBudget();
  /** What was compressed and is handed on. */
  readonly inflated = new InflateAllowance();
  private messages = 0;
  private sequences = 0;
  private readonly current: MutableRun = {
    flow: 0,
    way: 0,
    layer: 'stream',
    sequence: 0,
    offset: 0,
    bytes: NO_BYTES,
    start: 0,
    end: 0,
    decodings: NO_DECODINGS,
    opaque: false,
  };
  private body: BodyOrigin | null = null;

  constructor(
    sink: DissectionSink,
    table: FlowTable,
    faults: FaultLog,
    freshParser: (d: Direction, position: number) => StreamParser,
    horizon: SearchHorizon,
  ) {
    this.horizon = horizon;
    this.carriers = new Carriers(horizon);
    this.sink = sink;
    this.table = table;
    this.faults = faults;
    this.freshParser = freshParser;
  }

  newMessage(): number {
    return this.messages++;
  }

  newSequence(): number {
    return this.sequences++;
  }

  /** No more bytes will come for this sequence. */
  endSequence(sequence: number): void {
    this.sink.endSequence(sequence);
  }

  fault(code: string, detail: string): void {
    this.faults.add(code, detail, this.frame, null);
  }

  note(row: number, reason: Incomplete): void {
    this.table.note(row, reason);
  }

  recognise(row: number, application: Application, channel: Channel): void {
    this.table.application[row] = applicationCode(application);
    this.table.channel[row] = channelCode(channel);
  }

  channelOf(row: number): Channel {
    return CHANNELS[this.table.channel[row] as number] ?? 'unknown';
  }

  /** Hands on `[start, end)` of a direction's stream, which stands at `position`; `channel` where it is not the flow's. */
  stream(
    d: Direction,
    b: Uint8Array,
    start: number,
    end: number,
    position: number,
    opaque: boolean,
    channel: Channel = this.channelOf(d.connection.row),
  ): void {
    if (end <= start) return;
    const run = this.current;
    this.prepare(d.connection.row, d.way, 'stream', d.sequence, position - d.sequenceStart, b, start, end, opaque);
    run.decodings = NO_DECODINGS;
    if (!opaque) this.countReadable(d.connection.row, d.side, b, start, end);
    let origin = d.origin;
    if (origin === null || origin.sequenceStart !== d.sequenceStart || origin.channel !== channel) {
      origin = new StreamOrigin(d, d.sequenceStart, channel, this.carriers);
      d.origin = origin;
    }
    this.sink.run(run, origin);
  }

  /** Hands on one datagram, or what stands behind it: a byte sequence of its own. `before`: bytes of its payload before these. */
  datagram(
    row: number,
    side: 0 | 1,
    way: Way,
    b: Uint8Array,
    start: number,
    end: number,
    opaque: boolean,
    fields: DatagramFields | null,
    before = 0,
  ): void {
    if (end <= start) return;
    const sequence = this.newSequence();
    this.prepare(row, way, 'datagram', sequence, 0, b, start, end, opaque);
    this.current.decodings = NO_DECODINGS;
    if (!opaque) this.countReadable(row, side, b, start, end);
    const { current } = this.carriers;
    const carried = current?.bytes === b ? { list: current.carried, start } : null;
    const { frame, us } = this;
    this.sink.run(this.current, new DatagramOrigin(frame, us, this.channelOf(row), fields, carried, before));
    this.endSequence(sequence);
  }

  /** Hands on a stretch of a decoded body. */
  decoded(
    d: Direction,
    sequence: number,
    offset: number,
    b: Uint8Array,
    start: number,
    end: number,
    decodings: readonly string[],
    source: BodySource,
  ): void {
    if (end <= start) return;
    this.prepare(d.connection.row, d.way, 'body', sequence, offset, b, start, end, false);
    this.current.decodings = decodings;
    const channel = this.channelOf(d.connection.row);
    let body = this.body;
    if (body === null || body.source !== source || body.sequence !== sequence || body.channel !== channel) {
      body = new BodyOrigin(source, sequence, channel, this.carriers);
      this.body = body;
    }
    this.sink.run(this.current, body);
  }

  private prepare(
    row: number,
    way: Way,
    layer: ByteRun['layer'],
    sequence: number,
    offset: number,
    b: Uint8Array,
    start: number,
    end: number,
    opaque: boolean,
  ): void {
    const run = this.current;
    run.flow = row;
    run.way = way;
    run.layer = layer;
    run.sequence = sequence;
    run.offset = offset;
    run.bytes = b;
    run.start = start;
    run.end = end;
    run.opaque = opaque;
  }

  /** Counts what can be read; of a conversation nobody recognised the first bytes are sampled for the verdict at its end. */
  private countReadable(row: number, side: number, b: Uint8Array, start: number, end: number): void {
    const table = this.table;
    const at = row * 2 + side;
    table.readable[at] = (table.readable[at] as number) + (end - start);
    if (table.channel[row] === 0) this.sampler.add(at, b, start, end);
  }

  message(row: number, way: Way, index: number, frame: number, us: number, kind: string, fields: object): void {
    this.sink.message({
      index,
      flow: row,
      way,
      frame,
      atUs: us,
      kind,
      fields: fields as Readonly<Record<string, unknown>>,
    });
  }
}
