import type { LiteralPattern } from '../transforms/pattern-set.ts';
import {
  contextOf,
  edgesOf,
  fieldNameBefore,
  pathSegmentBefore,
  type ByteContext,
  type EdgeState,
} from './surroundings.ts';
import type { Undone } from './undo.ts';

/**
 * A range in inflated bytes. Counted from what the first of the members gave that it lies in, which begins at `base` in the text of all
 * members.
 */
export interface InnerPlace {
  readonly from: number;
  readonly to: number;
  readonly base: number;
  /** Where in the outermost bytes the compressed text begins: only places in the same one can be compared. */
  readonly root: number;
  /** Where a compressed value lies in that range: the range in what it gave. */
  readonly deeper: InnerPlace | null;
}

/** A match with its range in the outermost bytes. */
export interface RawMatch {
  readonly value: number;
  readonly form: string | null;
  readonly steps: readonly string[];
  readonly from: number;
  readonly to: number;
  /**
   * Range in what was inflated first of all, where anything was: the outer range is then the whole compressed value, or those members of
   * it that gave the bytes.
   */
  readonly inner: InnerPlace | null;
  readonly span: number;
  readonly bits: number;
  readonly before: EdgeState;
  readonly after: EdgeState;
  readonly undone: boolean;
  /** Whether an even number of the innermost bytes stands before it; null where their beginning is not known. */
  readonly even: boolean | null;
  /** A field's value as far as the field goes: no match where the bytes end before that is seen. */
  readonly wholeField: boolean;
  readonly context: ByteContext;
  readonly name: string | null;
  readonly segment: string | null;
}

export interface Region {
  /** Begins on a multiple of four of its buffer. */
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** The first byte of the region is the first of its sequence, the last one the last. */
  readonly begins: boolean;
  readonly ends: boolean;
  /** Where the base64 run that touches `from` began, relative to `from` (zero or less). */
  readonly runStart: number;
  /** Decoded of something whose beginning is not there: where a run that touches `from` began is not known. */
  readonly cut: boolean;
}

export interface Layer {
  readonly undone: Undone;
  readonly parent: Region;
  /** Where it inflates: the first byte that the same member gave (`CompressedText`). */
  readonly baseOf: ((i: number) => number) | null;
  /** Name of the field that holds what begins there: of many matches in one compressed value it is the same. */
  named: { readonly at: number; readonly name: string | null } | null;
}

const noEdges: { readonly before: EdgeState; readonly after: EdgeState } = { before: 'unknown', after: 'unknown' };

export function matchAt(
  region: Region,
  layers: readonly Layer[],
  start: number,
  end: number,
  found: { readonly value: number; readonly form: string | null; readonly span: number; readonly bits: number },
  patternSteps: readonly string[],
  pattern: LiteralPattern | null,
): RawMatch {
  const { bytes } = region;
  const context = contextOf(bytes, start, end, region.from, region.to);
  let name = fieldNameBefore(context);
  const segment = pathSegmentBefore(context);
  let [from, to] = [start, end];
  let inner: RawMatch['inner'] = null;
  const steps = [...patternSteps];
  for (let i = layers.length - 1; i >= 0; i--) {
    const layer = layers[i] as Layer;
    const base = layer.baseOf?.(from);
    if (base !== undefined) {
      const root = outermost(layers, i);
      inner = { from: from - base, to: to - base, base, root, deeper: inner };
    }
    [from, to] = [layer.undone.startOf(from), layer.undone.endOf(to)];
    steps.push(layer.undone.step);
    name ??= nameBefore(layer, from);
  }
  let { before, after } = pattern === null ? noEdges : edgesOf(pattern, bytes, start, end, region.from, region.to);
  if (start === region.from && region.begins) before = 'clean';
  if (end === region.to && region.ends) after = 'clean';
  const undone = layers.length > 0;
  const even = region.begins ? (start - region.from) % 2 === 0 : null;
  return {
    value: found.value,
    form: found.form,
    span: found.span,
    bits: found.bits,
    steps,
    from,
    to,
    inner,
    before,
    after,
    undone,
    even,
    wholeField: false,
    context,
    name,
    segment,
  };
}

/** Name of the field in the layer's parent whose value begins at `at`. What lies behind that may be long, and names nothing. */
function nameBefore(layer: Layer, at: number): string | null {
  const { bytes, from, to } = layer.parent;
  if (layer.named?.at !== at) layer.named = { at, name: fieldNameBefore(contextOf(bytes, at, at, from, to)) };
  return layer.named.name;
}

/** Where in the outermost bytes what `layers[last]` undid begins. */
function outermost(layers: readonly Layer[], last: number): number {
  let start = (layers[last] as Layer).undone.start;
  for (let i = last - 1; i >= 0; i--) start = (layers[i] as Layer).undone.startOf(start);
  return start;
}

/**
 * Does `[start, end)` of the innermost bytes lie apart from the place `across` of the outermost? Asked before a match is made, where only what
 * lies around one place is wanted.
 */
export function liesApart(across: number, layers: readonly Layer[], start: number, end: number): boolean {
  let [from, to] = [start, end];
  for (let i = layers.length - 1; i >= 0; i--) {
    const { undone } = layers[i] as Layer;
    [from, to] = [undone.startOf(from), undone.endOf(to)];
  }
  return from > across || to < across;
}
