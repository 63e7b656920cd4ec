import type { ByteRun, Origin } from '../../dissection/sink.ts';
import type { PatternSet } from '../transforms/pattern-set.ts';
import { isDigit, byteAt } from './byte-classes.ts';
import { nameIsStrong, numberDoubt } from './number-doubt.ts';
import { representationOf, type Hit } from './hit.ts';
import type { InnerPlace, RawMatch } from './raw-match.ts';
import { PendingCells } from './pending-cells.ts';
import { nameAgrees, type EdgeState } from './surroundings.ts';
import { rightOrder } from './utf16-order.ts';

/** A match that later bytes may still extend, or whose right neighbour has not arrived. Ranges are offsets in the sequence. */
export interface PendingHit {
  match: RawMatch;
  from: number;
  to: number;
  origin: Origin;
  /** By the root: where it lies in what was inflated, as far as it was found there. More than the match says of what is there as it lies. */
  readonly places: Map<number, InnerPlace>;
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
    const root = base + (match.inner?.root ?? 0);
    const rival = this.#rivalOf(match, from, to, root);
    if (rival === null) {
      // Ends in bytes that were searched before: it was reported, or lost to a better one, then.
      if (to > seenUpTo)
        this.#add({
          match,
          from,
          to,
          origin: originOf(from, to),
          places: placesOf(match, root),
          rank: this.#list.length,
        });
      return;
    }
    if (this.#learn(rival, match, root)) this.#cells?.add(rival);
    if (rival.from === from && rival.to === to && sameWriting(rival.match, match)) {
      refresh(rival, match);
      return;
    }
    const right = rightOrder(match, rival.match, [evenAt(match, from), evenAt(rival.match, rival.from)]);
    if (right === null ? better(match, rival.match) : sameWriting(right, match)) {
      const wider = from < rival.from || to > rival.to;
      const name = sameWriting(rival.match, match) ? wholeName(rival.match, match) : match.name;
      rival.match = { ...(right ?? match), name };
      rival.origin = wider ? originOf(from, to) : rival.origin;
      rival.from = from;
      rival.to = to;
      this.#cells?.add(rival);
    }
  }

  /** Takes out those that end at `before` or earlier, in the order of their places, but for those that still wait. */
  takeUpTo(before: number, waits: (hit: PendingHit) => boolean = (): boolean => false): PendingHit[] {
    this.#list.sort((a, b) => a.from - b.from || a.to - b.to || a.match.value - b.match.value);
    const taken: PendingHit[] = [];
    const kept: PendingHit[] = [];
    for (const hit of this.#list) (hit.to <= before && !waits(hit) ? taken : kept).push(hit);
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

  /** Notes where it was found as well. @returns whether that is a root that was not known */
  #learn(rival: PendingHit, { inner }: RawMatch, root: number): boolean {
    if (inner === null) return false;
    const known = rival.places.get(root) ?? null;
    if (levelsOf(inner) > levelsOf(known)) rival.places.set(root, inner);
    return known === null;
  }

  /** The pending one of the same occurrence: one that surely is it before one that may be, the first of several. */
  #rivalOf(match: RawMatch, from: number, to: number, root: number): PendingHit | null {
    let best: PendingHit | null = null;
    let least: number = unlike;
    const { told, untold } = this.#cells?.near(match, from, to, root) ?? { told: [this.#list], untold: [] };
    const look = (p: PendingHit): void => {
      if (p.match.value !== match.value || from >= p.to || p.from >= to) return;
      const likeness = likenessOf(p, match, from, to, root);
      if (likeness > least || likeness === unlike || (likeness === least && best !== null && p.rank > best.rank))
        return;
      [best, least] = [p, likeness];
    };
    for (const cell of told) for (const p of cell) if (least !== same) look(p);
    if (least < perhaps) return best;
    // There may be many of them, of which the first is taken.
    let first: number = (best as PendingHit | null)?.rank ?? Infinity;
    for (const group of untold)
      for (const p of group) {
        if (p.rank >= first) continue;
        look(p);
        first = (best as PendingHit | null)?.rank ?? first;
      }
    return best;
  }
}

/** Whether two that overlap are one occurrence: the same match, the same place, perhaps the same (of one it is not known where it lies), or not. */
const [same, here, perhaps, unlike] = [0, 1, 2, 3];

function sameWriting(a: RawMatch, b: RawMatch): boolean {
  return (
    a.form === b.form &&
    a.span === b.span &&
    sameOffsets(a.inner, b.inner) &&
    a.steps.length === b.steps.length &&
    a.steps.every((step, i) => step === b.steps[i])
  );
}

/** Asked of many: without what `offsetsOf` makes. */
function sameOffsets(a: InnerPlace | null, b: InnerPlace | null): boolean {
  let [one, other] = [a, b];
  while (one !== null && other !== null && one.from === other.from) [one, other] = [one.deeper, other.deeper];
  return one === other;
}

/** Whether a match stands at an even offset in what it lies in: in the sequence, or in what was undone. */
function evenAt(match: RawMatch, from: number): boolean | null {
  return match.undone ? match.even : from % 2 === 0;
}

/** How likely it is that `b`, found in `[from, to)`, is the same occurrence as `a`, which overlaps it, as far as places in compressed values tell. */
function likenessOf(a: PendingHit, b: RawMatch, from: number, to: number, root: number): number {
  if (a.from === from && a.to === to && sameWriting(a.match, b)) return same;
  if (b.inner === null) return a.match.inner === null ? here : perhaps;
  if (a.places.size === 0) return perhaps;
  // Of two members in base64 one ends and the next begins in the same character: each has places of its own.
  if (a.match.inner !== null && areStaggered(a.from, a.to, from, to)) return unlike;
  const known = a.places.get(root);
  if (known === undefined) return perhaps;
  for (let [one, other]: [InnerPlace | null, InnerPlace | null] = [known, b.inner]; one !== null && other !== null;) {
    // What reaches over into the next member is counted from another one than what lies in that alone.
    const [fromA, toA, fromB, toB] = [
      one.base + one.from,
      one.base + one.to,
      other.base + other.from,
      other.base + other.to,
    ];
    if (fromA >= toB || fromB >= toA) return unlike;
    [one, other] = [one.deeper, other.deeper];
    if (one !== null && other !== null && areStaggered(fromA, toA, fromB, toB)) return unlike;
    if ((one === null) !== (other === null)) return perhaps;
  }
  return here;
}

function areStaggered(fromA: number, toA: number, fromB: number, toB: number): boolean {
  return (fromA < fromB && toA < toB) || (fromB < fromA && toB < toA);
}

function placesOf({ inner }: RawMatch, root: number): Map<number, InnerPlace> {
  return new Map(inner === null ? [] : [[root, inner]]);
}

/** How often what it lies in was inflated. */
function levelsOf(place: InnerPlace | null): number {
  let levels = 0;
  for (let one = place; one !== null; one = one.deeper) levels++;
  return levels;
}

/** Where it begins in each compressed value that it lies in, the outermost first. */
function offsetsOf(place: InnerPlace | null): number[] {
  return place === null ? [] : [place.from, ...offsetsOf(place.deeper)];
}

function better(a: RawMatch, b: RawMatch): boolean {
  if (a.span !== b.span) return a.span > b.span;
  // What a compressed value shows as it lies may stand beside a byte that is none of the text, and apart from one that is.
  const joined = a.before === 'joined' || a.after === 'joined';
  const deeper = levelsOf(a.inner) - levelsOf(b.inner);
  if (deeper !== 0 && joined !== (b.before === 'joined' || b.after === 'joined')) return deeper > 0;
  if (a.steps.length !== b.steps.length) return a.steps.length < b.steps.length;
  if (a.undone !== b.undone) return a.undone;
  if (a.to - a.from !== b.to - b.from) return a.to - a.from > b.to - b.from;
  // Of a run that goes on, later bytes may tell its alphabet.
  return a.steps.includes('base64url') && !b.steps.includes('base64url');
}

/** Bytes that come later are looked at with fewer before them: of the name of a value that goes on in them the beginning may be missing. */
function wholeName(a: RawMatch, b: RawMatch): string | null {
  if (a.name === null || b.name === null) return a.name ?? b.name;
  return a.name.endsWith(b.name) ? a.name : b.name;
}

/** More bytes have come: what stands to the right is known now. What stood to the left may have scrolled away, and is kept. */
function refresh(rival: PendingHit, match: RawMatch): void {
  const old = { ...rival.match, name: wholeName(rival.match, match) };
  rival.match = old;
  const right = match.context.bytes.length - match.context.end;
  const more = right - (old.context.bytes.length - old.context.end);
  if (more < 0 || (more === 0 && (old.after !== 'unknown' || match.after === 'unknown'))) return;
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
  const offsets = offsetsOf(match.inner);
  const names = [match.name, match.segment].filter((name) => nameAgrees(entry.kind, name));
  const weak = names.length > 0 && !names.some((name) => nameIsStrong(entry.kind, name));
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
    innerOffset: offsets.at(-1) ?? null,
    memberOffsets: offsets.slice(0, -1),
    origin,
    edges,
    name: match.name,
    agrees: names.length > 0,
    doubt: weak ? numberDoubt(entry, match.context, origin.atUs) : null,
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
