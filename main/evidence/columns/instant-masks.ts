import type { Phase } from '../../../shared/filter/filter-keys.ts';
import { timeSpanOf } from '../../../shared/filter/filter-time.ts';
import type { FilterTerm } from '../../../shared/filter/parse-filter.ts';
import { Mask } from './masks.ts';
import type { PhaseSpan } from './row-facts.ts';

const dayUs = 86_400_000_000;
/** Rows of one zone; whole words of a mask. */
const zoneRows = 4096;

/** Instants (µs since 1970, NaN: none), and between which ones each zone of rows lies: most questions pass or skip a zone whole. */
export interface Instants {
  readonly us: Float64Array;
  readonly least: Float64Array;
  readonly greatest: Float64Array;
  /** By zone whether a row of it has no instant. */
  readonly holes: Uint8Array;
}

export function zoned(us: Float64Array): Instants {
  const zones = Math.ceil(us.length / zoneRows);
  const least = new Float64Array(zones).fill(Number.POSITIVE_INFINITY);
  const greatest = new Float64Array(zones).fill(Number.NEGATIVE_INFINITY);
  const holes = new Uint8Array(zones);
  for (let zone = 0; zone < zones; zone += 1) {
    const end = Math.min(us.length, (zone + 1) * zoneRows);
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let hole = 0;
    for (let row = zone * zoneRows; row < end; row += 1) {
      const at = us[row] ?? Number.NaN;
      if (at < low) low = at;
      if (at > high) high = at;
      if (Number.isNaN(at)) hole = 1;
    }
    [least[zone], greatest[zone], holes[zone]] = [low, high, hole];
  }
  return { us, least, greatest, holes };
}

/** Negated where the term is; the mask itself is changed. */
export function sense(term: FilterTerm, found: Mask): Mask {
  return term.negated ? found.invert() : found;
}

/** Rows whose instant lies in one of the spans (in none of them, negated). What has no instant lies in none. */
export function maskOfTime(term: FilterTerm, instants: Instants): Mask {
  const within = new Mask(instants.us.length);
  for (const { type, fromUs, toUs } of term.values.flatMap((value) => timeSpanOf(value) ?? [])) {
    if (type === 'instants') addBetween(within, instants, fromUs, toUs);
    else addDaily(within, instants, fromUs, toUs);
  }
  return sense(term, within);
}

function addBetween(within: Mask, instants: Instants, fromUs: number, toUs: number): void {
  for (let zone = 0; zone < instants.least.length; zone += 1) addZoneBetween(within, instants, zone, fromUs, toUs);
}

function addZoneBetween(within: Mask, instants: Instants, zone: number, fromUs: number, toUs: number): void {
  const { us, least, greatest, holes } = instants;
  const low = least[zone] ?? Number.NaN;
  const high = greatest[zone] ?? Number.NaN;
  if (!(high >= fromUs && low <= toUs)) return;
  const begin = zone * zoneRows;
  const end = Math.min(us.length, begin + zoneRows);
  if (low >= fromUs && high <= toUs && holes[zone] === 0) {
    within.fill(begin, end);
    return;
  }
  for (let row = begin; row < end; row += 1) {
    const at = us[row] ?? Number.NaN;
    if (at >= fromUs && at <= toUs) within.set(row);
  }
}

/** Of each day, in UTC; a span that ends before it begins runs over midnight. */
function addDaily(within: Mask, instants: Instants, fromUs: number, toUs: number): void {
  const { us, least, greatest } = instants;
  const spans =
    fromUs <= toUs
      ? [[fromUs, toUs]]
      : [
          [fromUs, dayUs - 1],
          [0, toUs],
        ];
  for (let zone = 0; zone < least.length; zone += 1) {
    const day = Math.floor((least[zone] ?? 0) / dayUs) * dayUs;
    if ((greatest[zone] ?? Number.NaN) < day + dayUs) {
      for (const [from = 0, to = 0] of spans) addZoneBetween(within, instants, zone, day + from, day + to);
      continue;
    }
    const end = Math.min(us.length, (zone + 1) * zoneRows);
    for (let row = zone * zoneRows; row < end; row += 1) {
      const at = us[row] ?? Number.NaN;
      const when = at - Math.floor(at / dayUs) * dayUs;
      if (fromUs <= toUs ? when >= fromUs && when <= toUs : when >= fromUs || when <= toUs) within.set(row);
    }
  }
}

export interface Phased {
  readonly instants: Instants;
  readonly codes: Uint32Array;
  /** By code from 1. */
  readonly spans: readonly (readonly PhaseSpan[])[];
}

/** Rows that stand in one of the phases (in none of them, negated). Between two acts of consent a class stands in one phase. */
export function maskOfPhases(term: FilterTerm, { instants, codes, spans }: Phased): Mask {
  const mask = new Mask(codes.length);
  const { us, least, greatest, holes } = instants;
  const passes = (phase: Phase): number => Number(term.values.includes(phase) !== term.negated);
  const edges = [...new Set(spans.flatMap((own) => own.map(({ fromUs }) => fromUs)))].sort((a, b) => a - b);
  /** Acts that have begun at this instant: everything between two of them is told alike. */
  const begunAt = (at: number): number => {
    let begun = 0;
    while (begun < edges.length && at >= (edges[begun] ?? Number.NaN)) begun += 1;
    return begun;
  };
  // By acts begun: by code whether it passes. What has no instant has seen no act begin.
  const passing = [Number.NaN, ...edges].map((edge) => {
    const told = new Uint8Array(spans.length + 1);
    spans.forEach((own, i) => {
      const [first] = own;
      const always = first !== undefined && own.every(({ phase }) => phase === first.phase);
      const stands = always ? first : own.findLast(({ fromUs }) => edge >= fromUs);
      told[i + 1] = passes(stands?.phase ?? 'unknown');
    });
    return told;
  });
  for (let zone = 0; zone < least.length; zone += 1) {
    const begin = zone * zoneRows;
    const end = Math.min(codes.length, begin + zoneRows);
    const begun = begunAt(least[zone] ?? Number.NaN);
    const alike = holes[zone] === 0 && begun === begunAt(greatest[zone] ?? Number.NaN);
    const told = passing[begun];
    if (alike && told !== undefined) {
      for (let row = begin; row < end; row += 1) if (told[codes[row] ?? 0] === 1) mask.set(row);
      continue;
    }
    for (let row = begin; row < end; row += 1) {
      const own = passing[begunAt(us[row] ?? Number.NaN)];
      if (own?.[codes[row] ?? 0] === 1) mask.set(row);
    }
  }
  return mask;
}
