import type { ByteFigures } from './byte-sampler.ts';
import type { Channel } from '../../shared/model/traffic.ts';

/** 0 = from who opened the conversation to the other side, 1 = back. */
export type Way = 0 | 1;

/**
 * A stretch of reassembled or decoded bytes, handed on exactly once and in order.
 * `bytes` is only valid during the call: copy what must stay.
 */
export interface ByteRun {
  /** Index of the flow in this capture, in order of first packet. */
  readonly flow: number;
  readonly way: Way;
  /**
   * `stream`: reassembled TCP payload; `datagram`: payload of one UDP or other packet;
   * `body`: a message body after de-chunking and decompression, only where that differs from the stream's own bytes.
   */
  readonly layer: 'stream' | 'datagram' | 'body';
  /** Runs with the same sequence number are contiguous parts of one byte sequence; a gap begins a new sequence. */
  readonly sequence: number;
  /** Offset of `bytes[start]` in that byte sequence. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Decodings applied to get here, outermost first, e.g. `['chunked','gzip']`. */
  readonly decodings: readonly string[];
  /** True for payload that is ciphertext by protocol (TLS application data): counted, not searched. */
  readonly opaque: boolean;
}

/** Where bytes of a sequence came from. */
export interface Origin {
  /** 1-based frame numbers that carry them, ascending. */
  readonly frames: readonly number[];
  /** Where fragments carry them: the first frame that made what holds any of them whole, if that is another than the first of `frames`. */
  readonly wholeIn?: number;
  /** Offset in the reassembled stream of this direction (for a decoded body: of the compressed bytes that gave it). */
  readonly streamOffset: number;
  readonly atUs: number;
  readonly channel: Channel;
  /** Index among this capture's messages of the message that holds the bytes, or null when none is recognised. */
  readonly message: number | null;
  /** Name of the protocol field that holds them: `uri`, `header:cookie`, `body`, `dns.qry.name`, `tls.sni` …; null when unknown. */
  readonly field: string | null;
  /** In the stream: the bytes belong to a body that is handed on decoded as well, as announced. Absent where they do not. */
  readonly handedOn?: true;
}

export interface DissectedFlow {
  readonly index: number;
  /** tshark's tcp.stream or udp.stream of this capture, -1 where it counts none; of another transport the number of the conversation within it. */
  readonly streamIndex: number;
  readonly transport: 'tcp' | 'udp' | 'sctp' | 'icmp' | 'other';
  readonly clientAddress: string;
  readonly clientPort: number;
  readonly serverAddress: string;
  readonly serverPort: number;
  readonly serverNames: readonly string[];
  readonly application: string;
  readonly channel: Channel;
  readonly firstUs: number;
  readonly lastUs: number;
  readonly packets: readonly [number, number];
  readonly payloadBytes: readonly [number, number];
  /** Payload bytes whose content could be read (not ciphertext, not lost). */
  readonly readableBytes: readonly [number, number];
  /** Of a conversation nobody recognised: what its first bytes look like, each way; null for a way without any. */
  readonly looks: readonly [ByteFigures | null, ByteFigures | null] | null;
  readonly incomplete: readonly string[];
  /** Some of its frames are in no conversation of Wireshark's: fragments of IP datagrams, UDP whose length makes no sense. */
  readonly strayFrames?: true;
}

/** A message without case context; kinds and fields as in shared/model/traffic.ts. */
export interface DissectedMessage {
  readonly index: number;
  readonly flow: number;
  readonly way: Way;
  readonly frame: number;
  readonly atUs: number;
  readonly kind: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Something that keeps the capture from being read whole: said, never swallowed. */
export interface CaptureFault {
  /** `cut-in-record`, `bad-magic`, `unknown-link-type`, `snaplen`, `cap-out-of-order`, `cap-header`, `cap-inflate` … */
  readonly code: string;
  readonly offsetBytes: number | null;
  readonly frame: number | null;
  readonly count: number;
  readonly detail: string;
  /** Of a capture of several files: the file (from 0) whose own fault it is; absent for the first, and for what packets show. */
  readonly file?: number;
  /** Of `clock-steps-back`: how far a packet's time lies before that of one that stands before it, at most. */
  readonly backUs?: number;
}

/** The first frame with which any of the bytes could be read: what names their place, whatever else is known to carry them. */
export function frameOfWhole({ wholeIn, frames }: Pick<Origin, 'wholeIn' | 'frames'>): number {
  return wholeIn ?? frames[0] ?? 0;
}

/** `origin`, with `frames` that carry its bytes in place of those with which they could be read. */
export function carriedBy(origin: Origin, frames: readonly number[]): Origin {
  if (frames === origin.frames) return origin;
  const [wholeIn] = origin.frames;
  return wholeIn === undefined || wholeIn === frames[0] ? { ...origin, frames } : { ...origin, frames, wholeIn };
}

/** `first`, with the frames of all: of bytes that several stretches gave, which are one at least. */
export function withFramesOf(first: Origin, all: readonly Origin[]): Origin {
  const { wholeIn: _own, ...rest } = first;
  const frames = [...new Set(all.flatMap((one) => one.frames))].sort((a, b) => a - b);
  const wholeIn = all.reduce((least, one) => Math.min(least, frameOfWhole(one)), Infinity);
  return wholeIn === frames[0] ? { ...rest, frames } : { ...rest, frames, wholeIn };
}

/** Where a later file of a capture begins: packets and conversations of the files before it. */
export interface FileStart {
  readonly framesBefore: number;
  readonly flowsBefore: number;
}

/** Tells where the bytes of one sequence came from. May be asked during the call of `run` and later (see SearchHorizon). */
export interface OriginSource {
  locate(fromOffset: number, toOffset: number): Origin;
}

/**
 * How far a sink that collects bytes before it looks at them has come, counted in collections: `handed` is the number of the
 * one that takes bytes now, `searched` how many, from the first on, have been looked at. The origin of bytes is remembered
 * until then, and for 16 KiB of their stream longer.
 */
export interface SearchHorizon {
  readonly handed: number;
  readonly searched: number;
}

/** Of a sink that looks at bytes in the call of `run`. */
export const LOOKS_AT_ONCE: SearchHorizon = { handed: Number.NaN, searched: Number.NaN };

/** Has what was handed on for the collection `handed` been looked at? A run may be cut: its end is in the next collection. */
export function isSearched(handed: number, horizon: SearchHorizon): boolean {
  return !(horizon.searched - handed < 2);
}

/**
 * Receives what dissection finds, in capture order. One run object serves all calls; `source` is the same object for all
 * runs of a sequence whose channel is the same. A message's number is allotted at its beginning, so numbers arrive out of
 * order, and some never arrive (a message that turns out not to be one).
 */
export interface DissectionSink {
  run(run: ByteRun, source: OriginSource): void;
  /** No more bytes will come for this sequence. */
  endSequence(sequence: number): void;
  message(message: DissectedMessage): void;
  /** Called once per flow, when it is over (or the capture is). */
  flow(flow: DissectedFlow): void;
}

export interface DissectionSummary {
  readonly format: 'pcap' | 'pcapng' | null;
  readonly packets: number;
  readonly tcpFlows: number;
  readonly udpFlows: number;
  readonly firstUs: number | null;
  readonly lastUs: number | null;
  readonly linkTypes: readonly { readonly linkType: number; readonly packets: number }[];
  readonly faults: readonly CaptureFault[];
}
