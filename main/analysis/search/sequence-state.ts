import type { ByteRun } from '../../dissection/sink.ts';
import type { Stretch } from './arena.ts';
import type { CompressedValue } from './compressed-value.ts';
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
    over: false,
    ending: false,
  };
}

const noBytes = new Uint8Array(0);
