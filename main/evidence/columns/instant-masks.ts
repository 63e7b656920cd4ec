import type { Phase } from '../../../shared/filter/filter-keys.ts';
import { timeSpanOf } from '../../../shared/filter/filter-time.ts';
import type { FilterTerm } from '../../../shared/filter/parse-filter.ts';
import { emptyMask, invert, keep } from './masks.ts';
import type { Mask } from './masks.ts';
import type { PhaseSpan } from './row-facts.ts';

const dayUs = 86_400_000_000;

/** Negated where the term is; the mask itself is changed. */
export function sense(term: FilterTerm, found: Mask): Mask {
  return term.negated ? invert(found) : found;
}

/** Rows whose instant lies in one of the spans stay (do not stay, negated). What has no instant (NaN) lies in none. */
export function keepTime(mask: Mask, term: FilterTerm, instants: Float64Array): void {
  const within = emptyMask(mask.length);
  for (const { type, fromUs, toUs } of term.values.flatMap((value) => timeSpanOf(value) ?? [])) {
    if (type === 'instants') addBetween(within, instants, fromUs, toUs);
    else addDaily(within, instants, fromUs, toUs);
  }
  keep(mask, sense(term, within));
}

function addBetween(within: Mask, instants: Float64Array, fromUs: number, toUs: number): void {
  for (let row = 0; row < instants.length; row += 1) {
    const at = instants[row] ?? Number.NaN;
    if (at >= fromUs && at <= toUs) within[row] = 1;
  }
}

/** Of each day, in UTC; a span that ends before it begins runs over midnight. */
function addDaily(within: Mask, instants: Float64Array, fromUs: number, toUs: number): void {
  let dayBegin = Number.NaN;
  for (let row = 0; row < instants.length; row += 1) {
    const at = instants[row] ?? Number.NaN;
    let when = at - dayBegin;
    // Neighbours mostly share their day: a division each would cost more than the rest.
    if (!(when >= 0 && when < dayUs)) {
      dayBegin = Math.floor(at / dayUs) * dayUs;
      when = at - dayBegin;
    }
    if (fromUs <= toUs ? when >= fromUs && when <= toUs : when >= fromUs || when <= toUs) within[row] = 1;
  }
}

export interface Phased {
  readonly instants: Float64Array;
  readonly codes: Uint32Array;
  /** By code from 1. */
  readonly spans: readonly (readonly PhaseSpan[])[];
}

/** A class that stands in several phases; the others are told by their code alone. */
const varies = 2;

/** Rows that stand in one of the phases stay (do not stay, negated). Most captures stand in one phase as a whole. */
export function keepPhases(mask: Mask, term: FilterTerm, { instants, codes, spans }: Phased): void {
  const passes = (phase: Phase): number => Number(term.values.includes(phase) !== term.negated);
  const unknown = passes('unknown');
  const whole = new Uint8Array(spans.length + 1);
  const first = new Uint32Array(spans.length + 2);
  const edges: number[] = [];
  const passing: number[] = [];
  spans.forEach((own, i) => {
    const told = own.map(({ phase }) => passes(phase));
    const same = told.every((one) => one === told[0]);
    whole[i + 1] = same ? (told[0] ?? unknown) : varies;
    first[i + 1] = edges.length;
    edges.push(...own.map(({ fromUs }) => fromUs));
    passing.push(...told);
    first[i + 2] = edges.length;
  });
  const edgesUs = Float64Array.from(edges);
  const passingAt = Uint8Array.from(passing);
  for (let row = 0; row < mask.length; row += 1) {
    const code = codes[row] ?? 0;
    let own = whole[code] ?? 0;
    if (own === varies && mask[row] === 1) {
      const at = instants[row] ?? Number.NaN;
      own = unknown;
      // The last one that has begun holds.
      const end = first[code + 1] ?? 0;
      for (let i = first[code] ?? 0; i < end && at >= (edgesUs[i] ?? Number.NaN); i += 1) own = passingAt[i] ?? 0;
    }
    mask[row] = (mask[row] ?? 0) & own;
  }
}
