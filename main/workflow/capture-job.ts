import type { PackedPatterns } from '../analysis/transforms/pack-patterns.ts';
import type { Hit, SearchStats } from '../analysis/search/searcher.ts';
import type { DissectedFlow, DissectedMessage, DissectionSummary, FileStart } from '../dissection/sink.ts';
import type { CaptureBytesRead } from './capture-bytes.ts';
import type { SecretsPlaces } from './own-secrets-note.ts';
import type { SearchLink } from './search-thread.ts';

/**
 * Rows per batch, and batches that may wait for the host: together they bound what is in flight. Small batches die young: with 1000 rows
 * the collector of garbage copies them first.
 */
export const batchRows = 200;
export const outstandingBatches = 80;
/** Bytes of the capture after which a batch is sent with fewer rows: those of hostile messages are many, and become twelve times as many in JSON. */
export const batchBytes = 4 * 1024 * 1024;

/** What a capture worker is started with. */
export interface CaptureWorkerData {
  /** Has another thread search while this one dissects: the same hits, sooner where a processor is free. Null: searches itself. */
  readonly search: SearchLink | null;
}

export interface CaptureJob {
  /** The exhibit's file in the vault; several are one capture, in this order. */
  readonly paths: readonly string[];
  /** Key logs that belong to it, in the vault. */
  readonly keyLogs: readonly string[];
  /** Where each file holds secrets of its own, as far as an earlier look found it. */
  readonly ownSecrets: readonly SecretsPlaces[];
  readonly patterns: PackedPatterns;
  /** Int32: batches acknowledged by the host. */
  readonly acknowledged: SharedArrayBuffer;
}

export interface CaptureBatch {
  readonly messages: DissectedMessage[];
  readonly flows: DissectedFlow[];
  readonly hits: Hit[];
}

/** As it is sent: messages as JSON, which they become in the index as well, and which takes two thirds of the time to write and to read. */
export interface PostedBatch extends Omit<CaptureBatch, 'messages'> {
  /** Lists that follow one another: one, unless it would be longer than a string can be. */
  readonly messages: readonly string[];
}

export function toPost(batch: CaptureBatch): PostedBatch {
  return { ...batch, messages: jsonOf(batch.messages) };
}

export function fromPost(batch: PostedBatch): CaptureBatch {
  return { ...batch, messages: batch.messages.flatMap((list) => JSON.parse(list) as DissectedMessage[]) };
}

/** Where a byte becomes twelve characters, and was compressed before, the messages of a batch may together be too long for a string. */
function jsonOf(messages: readonly DissectedMessage[]): string[] {
  try {
    return [JSON.stringify(messages)];
  } catch (error) {
    if (!(error instanceof RangeError) || messages.length < 2) throw error;
    const half = messages.length >> 1;
    return [...jsonOf(messages.slice(0, half)), ...jsonOf(messages.slice(half))];
  }
}

export interface CaptureDone {
  readonly summary: DissectionSummary;
  readonly search: SearchStats;
  /** One a file. */
  readonly reads: readonly CaptureBytesRead[];
  /** One a file. */
  readonly ownSecrets: readonly SecretsPlaces[];
}

export type FromCaptureWorker =
  | { readonly type: 'batch'; readonly batch: PostedBatch }
  /** File bytes looked through for secrets, before anything else is told; not told of a short look. */
  | { readonly type: 'looked'; readonly bytes: number }
  | { readonly type: 'progress'; readonly bytes: number }
  /** The next file begins: it comes before every batch that holds anything of it. */
  | { readonly type: 'file'; readonly start: FileStart }
  | ({ readonly type: 'done' } & CaptureDone);
