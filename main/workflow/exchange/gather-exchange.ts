import type { ExchangeLimit, ExchangeStretch } from '../../../shared/contract/exchange.ts';
import type { Flow, Message } from '../../../shared/model/traffic.ts';
import type {
  ByteRun,
  DissectedFlow,
  DissectedMessage,
  DissectionSink,
  Origin,
  OriginSource,
  SearchHorizon,
} from '../../dissection/sink.ts';
import type { FlowGate } from '../../dissection/flow-gate.ts';
import { instantOfUs } from '../instants.ts';
import type { FindingPlace, GatheredExchange } from './exchange-job.ts';
import { heldBytesMax, stretchesMax } from './exchange-job.ts';
import type { FrameNumbers } from './frame-numbers.ts';
import type { Draft } from './order-parts.ts';
import { partsOf } from './order-parts.ts';
import { checked, marksIn } from './place-marks.ts';

/** Bytes collected before it is asked where they belong; dissection remembers that so long. */
const collectBytes = 1024 * 1024;
const maxFields = 200;

interface Limits {
  readonly heldBytes: number;
  readonly stretches: number;
}

/** A run that was handed on, with a copy of its bytes where there is room. */
interface Collected {
  readonly run: Pick<ByteRun, 'flow' | 'way' | 'layer' | 'sequence' | 'offset' | 'decodings' | 'opaque'>;
  readonly length: number;
  readonly bytes: Uint8Array | null;
  readonly source: OriginSource;
}

/**
 * Takes one conversation from the dissector and orders its bytes by message. Dissection is the same as when the case was
 * analysed, so the places of findings are met again; each is compared with the bytes that the finding holds.
 */
export class ExchangeGathering implements DissectionSink {
  /** To be given to the dissector. */
  readonly horizon: SearchHorizon;
  /** Set when no more is wanted. */
  full = false;
  readonly #horizon = { handed: 0, searched: 0 };
  readonly #wanted: Flow;
  readonly #places: readonly FindingPlace[];
  readonly #limits: Limits;
  readonly #frames: FrameNumbers;
  readonly #bitten = new Set<ExchangeLimit>();
  readonly #collected: Collected[] = [];
  readonly #drafts: Draft[] = [];
  /** The newest stretch by sequence: bytes that follow belong to it while message and field allow. */
  readonly #newest = new Map<number, Draft>();
  readonly #messages: DissectedMessage[] = [];
  readonly #flows: DissectedFlow[] = [];
  readonly #found = new Set<string>();
  #collectedBytes = 0;
  #heldBytes = 0;
  #packetsOver = 0;

  constructor(
    wanted: Flow,
    places: readonly FindingPlace[],
    frames: FrameNumbers,
    limits: Limits = { heldBytes: heldBytesMax, stretches: stretchesMax },
  ) {
    this.#wanted = wanted;
    this.#places = places;
    this.#limits = limits;
    this.#frames = frames;
    this.horizon = this.#horizon;
  }

  /**
   * Whether the last packet of the conversation has been seen: how many it has is known. Of ends that were used again one
   * conversation is open at a time; of protocols without ports several may be, and all is read.
   */
  isComplete({ admitted, begunUs }: Pick<FlowGate, 'admitted' | 'begunUs'>): boolean {
    const { transport, packets, firstPacketAt } = this.#wanted;
    if (transport !== 'tcp' && transport !== 'udp') return false;
    const candidates = begunUs.flatMap((us, row) => (instantOfUs(us) === firstPacketAt ? [row] : []));
    return candidates.some((row) => {
      const over = this.#flows.find((one) => one.index === row);
      if (over !== undefined) return this.#hasFigures(over);
      return admitted - this.#packetsOver >= packets.toServer + packets.toClient;
    });
  }

  run(run: ByteRun, source: OriginSource): void {
    // Before this run is taken: the parser has looked at all that came before it.
    if (this.#collectedBytes >= collectBytes) this.#settle();
    const length = run.end - run.start;
    const fits = this.#heldBytes + length <= this.#limits.heldBytes;
    if (!fits) this.#bitten.add('held-bytes');
    const { flow, way, layer, sequence, offset, decodings, opaque } = run;
    this.#collected.push({
      run: { flow, way, layer, sequence, offset, decodings, opaque },
      length,
      bytes: fits ? run.bytes.slice(run.start, run.end) : null,
      source,
    });
    if (fits) this.#heldBytes += length;
    this.#collectedBytes += length;
  }

  endSequence(): void {
    // The origin of bytes stays known for a while after their sequence ended.
  }

  message(message: DissectedMessage): void {
    if (this.#messages.length < this.#limits.stretches) this.#messages.push(message);
    else this.#overfull();
  }

  flow(flow: DissectedFlow): void {
    this.#flows.push(flow);
    this.#packetsOver += flow.packets[0] + flow.packets[1];
  }

  /** Call after the dissector has finished. */
  finish(stopped: boolean): GatheredExchange {
    this.#settle();
    if (stopped) this.#bitten.add('stopped');
    const row = this.#rowOfWanted();
    if (row === null) this.#bitten.add('not-found');
    const drafts = this.#drafts.filter((one) => one.flow === row);
    const messages = this.#messages.filter((one) => one.flow === row);
    const parts = partsOf(drafts, messages, (message) => this.#toMessage(message));
    const held: Uint8Array[] = [];
    for (const { id, chunks } of drafts) held[id] = Uint8Array.from(Buffer.concat(chunks));
    const bytesOf = new Map(this.#places.map(({ key, bytes }) => [key, bytes]));
    const listed = parts.map((part) => ({
      ...part,
      exhibit: this.#frames.placeOf(part.firstFrame).exhibit,
      firstFrame: this.#frames.placeOf(part.firstFrame).frame,
      lastFrame: this.#frames.placeOf(part.lastFrame).frame,
      stretches: part.stretches.map((one) => checked(this.#plain(one), held[one.id] ?? new Uint8Array(0), bytesOf)),
    }));
    const heldBytes = held.reduce((sum, one) => sum + one.length, 0);
    const contentBytes = drafts.reduce((sum, one) => sum + one.bytes, 0);
    const marked = listed.flatMap(({ id, stretches }) =>
      stretches.flatMap(({ marks }) => marks.map(({ key, number }) => ({ key, number, part: id }))),
    );
    return { parts: listed, held, contentBytes, heldBytes, limits: [...this.#bitten].sort(), marked };
  }

  #overfull(): void {
    this.#bitten.add('stretches');
    this.full = true;
  }

  #settle(): void {
    for (const one of this.#collected) this.#place(one, 0, one.length);
    this.#collected.length = 0;
    this.#collectedBytes = 0;
    this.#horizon.handed += 1;
    this.#horizon.searched += 1;
  }

  /** Cuts `[from, to)` of a run where message or field changes: both ends alike mean the whole is. */
  #place(one: Collected, from: number, to: number): void {
    if (to <= from || this.full) return;
    const { offset } = one.run;
    const first = one.source.locate(offset + from, offset + from + 1);
    const last = to - from === 1 ? first : one.source.locate(offset + to - 1, offset + to);
    const alike = first.message === last.message && first.field === last.field;
    if (!alike && to - from > 1) {
      const middle = from + ((to - from) >> 1);
      this.#place(one, from, middle);
      this.#place(one, middle, to);
      return;
    }
    const frames = one.source.locate(offset + from, offset + to).frames;
    this.#append(one, from, to, first, frames);
  }

  #append(one: Collected, from: number, to: number, origin: Origin, frames: readonly number[]): void {
    const { run } = one;
    let draft = this.#newest.get(run.sequence);
    // In the same count as the draft's: a sequence may begin anywhere in its stream.
    const start = run.layer === 'body' ? run.offset + from : origin.streamOffset;
    if (
      draft === undefined ||
      draft.message !== origin.message ||
      draft.opaque !== run.opaque ||
      draft.offset + draft.bytes !== start ||
      draft.decodings.join() !== run.decodings.join()
    ) {
      if (this.#drafts.length >= this.#limits.stretches) return this.#overfull();
      draft = {
        id: this.#drafts.length,
        layer: run.layer,
        decodings: [...run.decodings],
        fields: [],
        offset: start,
        bytes: 0,
        heldBytes: 0,
        opaque: run.opaque,
        firstFrame: frames[0] ?? 0,
        lastFrame: frames.at(-1) ?? 0,
        marks: [],
        flow: run.flow,
        way: run.way,
        sequence: run.sequence,
        message: origin.message,
        atUs: origin.atUs,
        chunks: [],
      };
      this.#drafts.push(draft);
      this.#newest.set(run.sequence, draft);
    }
    this.#grow(draft, one, from, to, origin, frames);
  }

  #grow(draft: Draft, one: Collected, from: number, to: number, origin: Origin, frames: readonly number[]): void {
    const lastField = draft.fields.at(-1);
    if (lastField?.field !== origin.field && draft.fields.length < maxFields)
      draft.fields = [...draft.fields, { at: draft.bytes, field: origin.field }];
    const candidates = this.#places.filter((place) => !this.#found.has(place.key));
    if (candidates.length > 0) {
      const at = one.run.layer === 'body' ? one.run.offset + from : origin.streamOffset;
      const marks = marksIn(
        candidates,
        one.run,
        at,
        to - from,
        draft.offset,
        one.source,
        one.run.offset + from - at,
        (place, frame) => this.#frames.isFrame(place, frame),
      );
      for (const mark of marks) this.#found.add(mark.key);
      if (marks.length > 0) draft.marks = [...draft.marks, ...marks];
    }
    draft.bytes += to - from;
    draft.lastFrame = Math.max(draft.lastFrame, frames.at(-1) ?? 0);
    // What is held is a beginning without holes.
    if (one.bytes !== null && draft.heldBytes === draft.bytes - (to - from)) {
      draft.chunks.push(one.bytes.subarray(from, to));
      draft.heldBytes += to - from;
    }
  }

  /** Ends that were used again give several conversations: the one with the same figures is meant. */
  #rowOfWanted(): number | null {
    const wanted = this.#wanted;
    const begun = this.#flows.filter((one) => instantOfUs(one.firstUs) === wanted.firstPacketAt);
    const same = begun.find((one) => this.#hasFigures(one)) ?? (begun.length === 1 ? begun[0] : undefined);
    return same?.index ?? null;
  }

  #hasFigures({ packets, lastUs }: DissectedFlow): boolean {
    const { packets: wanted, lastPacketAt } = this.#wanted;
    return packets[0] === wanted.toServer && packets[1] === wanted.toClient && instantOfUs(lastUs) === lastPacketAt;
  }

  /** Only what the window is to have, with the frames' numbers in their own file. */
  #plain(stretch: Draft): ExchangeStretch {
    const { id, layer, decodings, fields, offset, bytes, heldBytes, opaque, marks } = stretch;
    const firstFrame = this.#frames.placeOf(stretch.firstFrame).frame;
    const lastFrame = this.#frames.placeOf(stretch.lastFrame).frame;
    return { id, layer, decodings, fields, offset, bytes, heldBytes, opaque, firstFrame, lastFrame, marks };
  }

  #toMessage({ kind, atUs, frame, fields }: DissectedMessage): Message {
    return {
      flow: this.#wanted.id,
      kind,
      at: instantOfUs(atUs),
      ...this.#frames.placeOf(frame),
      ...fields,
    } as unknown as Message;
  }
}
