import type { Origin } from '../../dissection/sink.ts';
import { base64Values, byteAt, compressionAt } from './byte-classes.ts';
import { deflateMayBegin } from './deflate-gate.ts';
import { countCap, notWithoutEnd, searchWhole, type RawMatch, type SearchEngine } from './layered-search.ts';
import { aligned, inflate, mayInflate } from './inflate.ts';
import type { Stretch } from './arena.ts';
import { trailingRunStart } from './token-runs.ts';
import { base64MayInflate, decodeBase64Run, type Undone } from './undo.ts';

/** Compressed bytes kept for one value; a longer one is searched as far as this, and counted under `cap-compressed`. */
export const maxCompressedBytes = 4 * 1024 * 1024;

/** A compressed value that no header announces, collected until it can be inflated. */
export interface CompressedValue {
  readonly kind: 'raw' | 'base64';
  /** Offset in the sequence. */
  readonly start: number;
  bytes: Uint8Array;
  length: number;
  nextTry: number;
  origin: Origin;
}

export function beginValue(kind: 'raw' | 'base64', start: number, origin: Origin): CompressedValue {
  return { kind, start, bytes: new Uint8Array(4096), length: 0, nextTry: 64, origin };
}

/** Takes the bytes that still belong to the value and says whether it is over. */
export function growValue(
  value: CompressedValue,
  bytes: Uint8Array,
  from: number,
  to: number,
  origin: Origin,
): 'more' | 'over' {
  let end = to;
  if (value.kind === 'base64') {
    end = from;
    while (end < to && belongsToBase64(byteAt(bytes, end))) end++;
  }
  const taken = Math.min(end - from, maxCompressedBytes - value.length);
  if (value.length + taken > value.bytes.length) {
    const larger = new Uint8Array(Math.max(value.bytes.length * 2, value.length + taken));
    larger.set(value.bytes.subarray(0, value.length));
    value.bytes = larger;
  }
  value.bytes.set(bytes.subarray(from, from + taken), value.length);
  value.length += taken;
  value.origin = joinOrigins(value.origin, origin);
  return end < to || value.length >= maxCompressedBytes ? 'over' : 'more';
}

function belongsToBase64(byte: number): boolean {
  // Line breaks, JSON's escaped ones (\n, \r) and padding lie inside or end the value.
  return byteAt(base64Values, byte) !== 255 || byte === 0x0a || byte === 0x0d || byte === 0x5c || byte === 0x3d;
}

/** Where a value came from, in order: its frames are those of its bytes. */
export function joinOrigins(first: Origin, later: Origin): Origin {
  const frames = [...new Set([...first.frames, ...later.frames])].sort((a, b) => a - b);
  return { ...first, frames };
}

/** Tries to inflate what was collected. Matches get the whole value's range, relative to `start`. False: more bytes are needed. */
export function searchValue(
  engine: SearchEngine,
  value: CompressedValue,
  over: boolean,
  onMatch: (match: RawMatch) => void,
): boolean {
  if (!over && (value.kind === 'base64' || value.length < value.nextTry)) return false;
  const collected = aligned(value.bytes.subarray(0, value.length));
  const decoded: Undone | null = value.kind === 'base64' ? decodeBase64Run(collected, 0, value.length) : null;
  const inflated = inflate(decoded?.bytes ?? collected);
  value.nextTry = value.length * 2;
  if (inflated === null) return true;
  if (!inflated.complete && !over) return false;
  if (inflated.capped) countCap(engine, 'cap-inflate');
  if (value.length >= maxCompressedBytes) countCap(engine, 'cap-compressed');
  const outer = [inflated.step, ...(decoded === null ? [] : [decoded.step])];
  const end = decoded === null ? inflated.consumed : value.length;
  const found = (match: RawMatch): void =>
    onMatch({
      ...match,
      steps: [...match.steps, ...outer],
      inner: match.inner ?? { from: match.from, to: match.to },
      from: 0,
      to: end,
      undone: true,
    });
  searchWhole(engine, inflated.bytes, notWithoutEnd(engine, found));
  return true;
}

/** Where in the bytes of a stretch, from `at` on, a value begins that is to be collected; null when none does. `again`: it was asked before. */
export function valueStart(
  stretch: Stretch,
  view: Uint8Array,
  at: number,
  again: boolean,
): { readonly at: number; readonly kind: CompressedValue['kind'] } | null {
  const first = stretch.begins && at < 3;
  const start = compressedStart(view, at, first, stretch.state.run.layer !== 'body');
  if (start !== -1) return { at: start, kind: 'raw' };
  // Only at the first look: where a value ended without anything, its own mark must not be seen again.
  const back = again ? 0 : markBytes - 1;
  const marked = markedStart(view, Math.max(stretch.begins ? 1 : 0, at - back), at);
  if (marked !== -1 && !isBodyOfMessage(stretch, marked)) return { at: marked, kind: 'raw' };
  const runAt = trailingRunStart(view, at, view.length);
  const packed = view.length - runAt >= 24 && (runAt > at || at === 0) && base64MayInflate(view, runAt, view.length);
  return packed ? { at: runAt, kind: 'base64' } : null;
}

/** Start of a compressed value in the fresh bytes: at the very beginning, or after a header that does not announce it (dissection undoes those). */
function compressedStart(view: Uint8Array, fresh: number, first: boolean, headers: boolean): number {
  if (first && mayInflate(view, 0, view.length)) return 0;
  if (!headers) return -1;
  for (let from = Math.max(0, fresh - 6); ;) {
    // Buffer's own search of a constant is many times faster than a loop here.
    const end: number = Buffer.prototype.indexOf.call(view, headerEnd, from);
    if (end === -1) return -1;
    const body = end + headerEnd.length;
    from = end + 1;
    if (body + 3 <= fresh || !mayInflate(view, body, view.length)) continue;
    const header = Buffer.from(view.subarray(Math.max(0, body - 2048), body)).toString('latin1');
    if (!/content-encoding:|transfer-encoding:\s*chunked/i.test(header)) return body;
  }
}

/** So far behind the first new bytes a mark is looked for: frames of small protocols begin with a type and lengths. */
const markReach = 64;
/** As many as a header of gzip has: fewer show nothing. */
const markBytes = 10;

/** Where something compressed begins that a mark shows beyond doubt, behind a header of a few bytes; deflate without a header has none. */
function markedStart(view: Uint8Array, from: number, fresh: number): number {
  const end = Math.min(view.length - markBytes + 1, fresh + markReach);
  for (let i = from; i < end; i++) if (markLeads[view[i] as number] === 1 && isMark(view, i)) return i;
  return -1;
}

const markLeads = new Uint8Array(256);
for (const lead of [0x1f, 0x28, 0x04, 0x78]) markLeads[lead] = 1;

function isMark(b: Uint8Array, i: number): boolean {
  const mark = compressionAt(b, i, b.length);
  // RFC 1952 2.3.1: three bits of the flags are reserved. A stored block shows its content as it is.
  if (mark === 'gzip') return (byteAt(b, i + 3) & 0xe0) === 0;
  if (mark === 'zlib') return deflateMayBegin(b, i + 2, b.length);
  return mark === null ? false : byteAt(b, i + 3) === (mark === 'zstd' ? 0xfd : 0x18);
}

/** Dissection undoes what the header of a message announces; what does not announce it is found where the body begins. */
function isBodyOfMessage({ state, source, offset }: Stretch, at: number): boolean {
  return state.run.layer === 'stream' && source.locate(offset + at, offset + at + 1).field === 'body';
}

const headerEnd = Buffer.from('\r\n\r\n');
