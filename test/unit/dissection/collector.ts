import { createDissector, type DissectorOptions } from '../../../main/dissection/dissector.ts';
import type { DissectedFlow, DissectedMessage, DissectionSummary, Origin } from '../../../main/dissection/sink.ts';

/** One byte sequence as it was handed on, put together again. */
export interface Sequence {
  readonly id: number;
  readonly flow: number;
  readonly way: number;
  readonly layer: string;
  readonly decodings: readonly string[];
  bytes: Buffer;
  opaqueBytes: number;
  ended: boolean;
}

export interface Collected {
  readonly summary: DissectionSummary;
  readonly sequences: Sequence[];
  readonly messages: DissectedMessage[];
  readonly flows: DissectedFlow[];
  /** Origins of the places where `needle` was found, in order. */
  readonly found: (Origin & { readonly layer: string; readonly decodings: readonly string[] })[];
}

/**
 * Dissects a capture, given in blocks of `blockBytes`, checks that the runs of a sequence follow each other, and looks for
 * `needle` as the search does: in each run preceded by the tail of its sequence.
 */
export function collect(
  capture: Uint8Array,
  o: DissectorOptions & { blockBytes?: number; needle?: string } = {},
): Collected {
  const sequences = new Map<number, Sequence>();
  const messages: DissectedMessage[] = [];
  const flows: DissectedFlow[] = [];
  const found: Collected['found'] = [];
  const needle = o.needle === undefined ? null : Buffer.from(o.needle, 'latin1');
  const dissector = createDissector(
    {
      run(run, source) {
        let s = sequences.get(run.sequence);
        if (s === undefined) {
          const { flow, way, layer, decodings } = run;
          s = { id: run.sequence, flow, way, layer, decodings, bytes: Buffer.alloc(0), opaqueBytes: 0, ended: false };
          sequences.set(run.sequence, s);
        }
        if (s.ended) throw new Error(`sequence ${s.id} goes on after its end`);
        if (run.offset !== s.bytes.length) throw new Error(`sequence ${s.id}: ${run.offset} after ${s.bytes.length}`);
        const before = s.bytes.length;
        s.bytes = Buffer.concat([s.bytes, run.bytes.subarray(run.start, run.end)]);
        if (run.opaque) s.opaqueBytes += run.end - run.start;
        if (needle === null || run.opaque) return;
        let at = Math.max(0, before - needle.length + 1);
        while ((at = s.bytes.indexOf(needle, at)) >= 0) {
          found.push({ ...source.locate(at, at + needle.length), layer: run.layer, decodings: run.decodings });
          at++;
        }
      },
      endSequence(id) {
        const s = sequences.get(id);
        if (s !== undefined) s.ended = true;
      },
      message: (m) => messages.push(m),
      flow: (f) => flows.push(f),
    },
    o,
  );
  const step = o.blockBytes ?? capture.length;
  for (let at = 0; at < capture.length; at += Math.max(1, step))
    dissector.push(capture.subarray(at, at + Math.max(1, step)));
  const summary = dissector.finish();
  return { summary, sequences: [...sequences.values()], messages, flows, found };
}

/** Text of all stream sequences of one direction. */
export function streamText(c: Collected, flow: number, way: number): string {
  return c.sequences
    .filter((s) => s.flow === flow && s.way === way && s.layer === 'stream')
    .map((s) => s.bytes.toString('latin1'))
    .join('|');
}

export function bodies(c: Collected): Sequence[] {
  return c.sequences.filter((s) => s.layer === 'body');
}
