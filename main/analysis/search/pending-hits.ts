import type { ByteRun, Origin } from '../../dissection/sink.ts';
import type { PatternSet } from '../transforms/pattern-set.ts';
import { isDigit, byteAt } from './byte-classes.ts';
import { representationOf, type Hit } from './hit.ts';
import type { RawMatch } from './layered-search.ts';
import { PendingCells } from './pending-cells.ts';
import { nameAgrees, type EdgeState } from './surroundings.ts';
import { rightOrder } from './utf16-order.ts';

/** A match that later bytes may still extend, or whose right neighbour has not arrived. Ranges are offsets in the sequence. */
export interface PendingHit {
  match: RawMatch;
  from: number;
  to: number;
  origin: Origin;
  /** Its place among the pending ones. */
  rank: number;
}

/** So few are looked through one by one; with more, those near a place are found by its cell. */
const fewPending = 32;

/** The matches of one sequence that are not final yet. A capture that repeats a value without end makes many of them. */
export class PendingHits {
  #list: PendingHit[] = [];
  #cells: PendingCells | null = null;

  get length(): number {
    return this.#list.length;
  }

  [Symbol.iterator](): Iterator<PendingHit> {
    return this.#list[Symbol.iterator]();
  }

  /** Takes a match: one occurrence is one hit, the most specific writing of it. */
  merge(match: RawMatch, base: number, seenUpTo: number, originOf: (from: number, to: number) => Origin): void {
    const from = base + match.from;
    const to = base + match.to;
    const rival = this.#rivalOf(match, from, to);
    if (rival === null) {
      // Ends in bytes that were searched before: it was reported, or lost to a better one, then.
      if (to > seenUpTo) this.#add({ match, from, to, origin: originOf(from, to), rank: this.#list.length });
      return;
    }
    if (rival.from === from && rival.to === to && sameWriting(rival.match, match)) {
      refresh(rival, match);
      return;
    }
    const right = rightOrder(match, rival.match, [evenAt(match, from), evenAt(rival.match, rival.from)]);
    if (right === null ? better(match, rival.match) : sameWriting(right, match)) {
      const wider = from < rival.from || to > rival.to;
      rival.match = right ?? match;
      rival.origin = wider ? originOf(from, to) : rival.origin;
      rival.from = from;
      rival.to = to;
      this.#cells?.add(rival);
    }
  }

  /** Takes out those that end at `before` or earlier, in the order of their places. */
  takeUpTo(before: number): PendingHit[] {
    this.#list.sort((a, b) => a.from - b.from || a.to - b.to || a.match.value - b.match.value);
    const taken: PendingHit[] = [];
    const kept: PendingHit[] = [];
    for (const hit of this.#list) (hit.to <= before ? taken : kept).push(hit);
    kept.forEach((hit, rank) => (hit.rank = rank));
    this.#list = kept;
    this.#cells = null;
    return taken;
  }

  #add(hit: PendingHit): void {
    this.#list.push(hit);
    if (this.#cells !== null) {
      this.#cells.add(hit);
    } else if (this.#list.length > fewPending) {
      this.#cells = new PendingCells();
      for (const one of this.#list) this.#cells.add(one);
    }
  }

  /** The first pending one of the same occurrence. */
  #rivalOf(match: RawMatch, from: number, to: number): PendingHit | null {
    const isRival = (p: PendingHit): boolean =>
      p.match.value === match.value && from < p.to && p.from < to && innerOverlap(p, match, from, to);
    const near = this.#cells?.near(match, from, to) ?? null;
    if (near === null) return this.#list.find(isRival) ?? null;
    let first: PendingHit | null = null;
    for (const cell of near) for (const p of cell) if ((first === null || p.rank < first.rank) && isRival(p)) first = p;
    return first;
  }
}

function sameWriting(a: RawMatch, b: RawMatch): boolean {
  return a.form === b.form && a.span === b.span && a.inner?.from === b.inner?.from && a.steps.join() === b.steps.join();
}

/** Whether a match stands at an even offset in what it lies in: in the sequence, or in what was undone. */
function evenAt(match: RawMatch, from: number): boolean | null {
  return match.undone ? match.even : from % 2 === 0;
}

/** Do `b`, found in `[from, to)`, and `a` overlap as far as places in compressed values tell? */
function innerOverlap(a: PendingHit, b: RawMatch, from: number, to: number): boolean {
  const { inner } = a.match;
  if (inner === null || b.inner === null) return true;
  // Of two members in base64 one ends and the next begins in the same character: each has places of its own.
  if ((a.from < from && a.to < to) || (from < a.from && to < a.to)) return false;
  // What reaches over into the next member is counted from another one than what lies in that alone.
  const [baseOfA, baseOfB] = [inner.base, b.inner.base];
  return baseOfA + inner.from < baseOfB + b.inner.to && baseOfB + b.inner.from < baseOfA + inner.to;
}

function better(a: RawMatch, b: RawMatch): boolean {
  if (a.span !== b.span) return a.span > b.span;
  // What a compressed value shows as it lies may stand beside a byte that is none of the text, and apart from one that is.
  const joined = a.before === 'joined' || a.after === 'joined';
  if ((a.inner === null) !== (b.inner === null) && joined !== (b.before === 'joined' || b.after === 'joined'))
    return a.inner !== null;
  if (a.steps.length !== b.steps.length) return a.steps.length < b.steps.length;
  if (a.undone !== b.undone) return a.undone;
  return a.to - a.from > b.to - b.from;
}

/** More bytes have come: what stands to the right is known now. What stood to the left may have scrolled away, and is kept. */
function refresh(rival: PendingHit, match: RawMatch): void {
  const old = rival.match;
  const right = match.context.bytes.length - match.context.end;
  if (right <= old.context.bytes.length - old.context.end) return;
  const left = old.context.bytes.subarray(0, old.context.end);
  const bytes = new Uint8Array(left.length + right);
  bytes.set(left);
  bytes.set(match.context.bytes.subarray(match.context.end), left.length);
  rival.match = { ...old, after: match.after, context: { bytes, start: old.context.start, end: old.context.end } };
}

/** The final hit, once nothing can change it. `last` = no byte follows in the sequence. */
export function toHit(
  set: PatternSet,
  pending: PendingHit,
  run: Pick<ByteRun, 'flow' | 'way' | 'layer' | 'sequence' | 'decodings'>,
  last: boolean,
): Hit | null {
  const { match, origin } = pending;
  const entry = set.values[match.value];
  if (entry === undefined) return null;
  const version = match.form === 'imei-14' ? softwareVersionAfter(match) : false;
  const edges = version
    ? edgeSum(match.before, 'clean')
    : edgeSum(match.before, match.after === 'unknown' && last && !match.undone ? 'clean' : match.after);
  return {
    value: match.value,
    kind: entry.kind,
    owners: entry.owners,
    form: version ? 'imeisv' : match.form,
    transform: match.steps,
    representation: representationOf(match.steps),
    flow: run.flow,
    way: run.way,
    layer: run.layer,
    decodings: run.decodings,
    sequence: run.sequence,
    from: pending.from,
    to: pending.to,
    bodyOffset: run.layer === 'body' ? pending.from : null,
    innerOffset: match.inner?.from ?? null,
    origin,
    edges,
    name: match.name,
    agrees: nameAgrees(entry.kind, match.name) || nameAgrees(entry.kind, match.segment),
    bits: match.bits,
    context: match.context,
  };
}

function edgeSum(before: EdgeState, after: EdgeState): EdgeState {
  if (before === 'joined' || after === 'joined') return 'joined';
  return before === 'clean' && after === 'clean' ? 'clean' : 'unknown';
}

/** Fourteen digits and exactly two more are an IMEISV (3GPP TS 23.003 6.2.2), not part of another number. */
function softwareVersionAfter(match: RawMatch): boolean {
  const { bytes, end } = match.context;
  return isDigit(byteAt(bytes, end)) && isDigit(byteAt(bytes, end + 1)) && !isDigit(byteAt(bytes, end + 2));
}
