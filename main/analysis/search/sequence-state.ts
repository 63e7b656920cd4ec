import type { ByteRun } from '../../dissection/sink.ts';
import type { Stretch } from './arena.ts';
import type { CompressedValue } from './compressed-value.ts';
import type { Seam } from './member-seam.ts';
import { PendingHits } from './pending-hits.ts';

/** What the search knows of one byte sequence while it goes on. */
export interface SequenceState {
  readonly run: Pick<ByteRun, 'flow' | 'way' | 'layer' | 'sequence' | 'decodings'>;
  /** Last bytes searched, kept while none of the sequence's bytes lie in the arena. */
  tail: Uint8Array;
  tailLength: number;
  /** Its newest stretch in the arena. */
  last: Stretch | null;
  /** Offset just after the last byte taken. */
  position: number;
  /** Offset of its first byte: nothing was lost before. */
  readonly firstOffset: number;
  /** Offset where the base64 run that touches the tail's end began, or -1. */
  runStart: number;
  readonly pending: PendingHits;
  value: CompressedValue | null;
  /** Of the last compressed value found by itself. */
  seam: Seam | null;
  /** Matches in its compressed values, by value of the set, that still count against the limit of one; null before the first. */
  given: Map<number, number> | null;
  /** Offset before which no other compressed value begins. */
  floor: number;
  /** Values begun in one block of the sequence's bytes. */
  tried: { readonly block: number; count: number };
  /** Offset up to which a mark of something compressed is known to lie in the body of a message. */
  bodyUntil: number;
  /** Values of the set whose hits could not wait for the end of what they lie in, once there are such. */
  gone: Set<number> | null;
  /** No more bytes will come. */
  over: boolean;
  /** It ended in the arena whose result is being applied, or in one before. */
  ending: boolean;
}

export function beginSequence(run: ByteRun): SequenceState {
  const { flow, way, layer, sequence, decodings } = run;
  return {
    run: { flow, way, layer, sequence, decodings },
    tail: noBytes,
    tailLength: 0,
    last: null,
    position: run.offset,
    firstOffset: run.offset,
    runStart: -1,
    pending: new PendingHits(),
    value: null,
    seam: null,
    given: null,
    floor: run.offset,
    tried: { block: 0, count: 0 },
    bodyUntil: 0,
    gone: null,
    over: false,
    ending: false,
  };
}

const noBytes = new Uint8Array(0);
