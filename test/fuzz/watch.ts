import type { DissectorOptions } from '../../main/dissection/dissector.ts';
import { createDissector } from '../../main/dissection/dissector.ts';
import type { ByteRun, DissectionSummary, Origin, OriginSource } from '../../main/dissection/sink.ts';

export interface Watched {
  readonly summary: DissectionSummary;
  /** Bytes handed on as they were on the wire, and decoded ones. */
  readonly wireBytes: number;
  readonly decodedBytes: number;
  readonly messages: number;
  readonly flows: number;
  /** Characters of the longest message. */
  readonly longestMessage: number;
}

/** Fields of one message, written out, may not be longer than this many characters. */
const MAX_MESSAGE = 4_000_000;

class Broken extends Error {}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Broken(what);
}

/**
 * Dissects `capture` in blocks and holds the promises of sink.ts: runs of a sequence follow each other, nothing comes after
 * its end, every sequence ends, a flow is told once and after its messages' flows began, and an origin can be asked.
 * @throws Broken when one does not hold
 */
export function watch(
  capture: Uint8Array,
  blockBytes: (left: number) => number,
  options: DissectorOptions = {},
): Watched {
  const ends = new Map<number, number>();
  const told = new Set<number>();
  const messageNumbers = new Set<number>();
  let wireBytes = 0;
  let decodedBytes = 0;
  let longestMessage = 0;
  let runs = 0;
  const checkRun = (run: ByteRun, source: OriginSource): void => {
    const at = ends.get(run.sequence) ?? 0;
    must(at >= 0, `sequence ${run.sequence} goes on after its end`);
    must(run.offset === at, `sequence ${run.sequence}: ${run.offset} after ${at}`);
    must(run.start >= 0 && run.end > run.start && run.end <= run.bytes.length, `a run of ${run.start} to ${run.end}`);
    const length = run.end - run.start;
    ends.set(run.sequence, at + length);
    if (run.layer === 'body') decodedBytes += length;
    else wireBytes += length;
    runs++;
    if (runs % 7 === 0) checkOrigin(source.locate(run.offset, run.offset + length));
  };
  const checkOrigin = ({ frames, streamOffset }: Origin): void => {
    must(frames.length > 0 && frames.every((f, i) => f > (frames[i - 1] ?? 0)), `frames ${frames.join()}`);
    must(streamOffset >= 0, `stream offset ${streamOffset}`);
  };
  const dissector = createDissector(
    {
      run: checkRun,
      endSequence: (id) => ends.set(id, -1),
      message(m) {
        must(!messageNumbers.has(m.index), `message ${m.index} twice`);
        messageNumbers.add(m.index);
        must(!told.has(m.flow), `a message after its conversation ${m.flow}`);
        longestMessage = Math.max(longestMessage, JSON.stringify(m.fields).length);
        must(longestMessage <= MAX_MESSAGE, `a message of ${longestMessage} characters`);
      },
      flow(f) {
        must(!told.has(f.index), `conversation ${f.index} twice`);
        told.add(f.index);
      },
    },
    options,
  );
  for (let at = 0; at < capture.length;) {
    const n = Math.max(1, blockBytes(capture.length - at));
    dissector.push(capture.subarray(at, at + n));
    at += n;
  }
  const summary = dissector.finish();
  for (const [id, end] of ends) must(end === -1, `sequence ${id} does not end`);
  const flows = told.size;
  return { summary, wireBytes, decodedBytes, messages: messageNumbers.size, flows, longestMessage };
}
