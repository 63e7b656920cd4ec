import type { FilterTerm } from '../../../shared/filter/parse-filter.ts';
import { facetKeys } from '../../../shared/filter/row-shapes.ts';
import type { Facet, FacetKey, TimeBucket, TimeSummary } from '../../../shared/filter/row-shapes.ts';
import { chunksOf } from './masks.ts';
import type { Mask } from './masks.ts';
import type { RowFacts } from './row-facts.ts';
import { RowMasks } from './row-masks.ts';

const roundUs = [1, 2, 5].flatMap((unit) => [0, 1, 2, 3, 4, 5].map((power) => unit * 10 ** power * 1000));
const clockUs = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400].map(
  (seconds) => seconds * 1_000_000,
);

/** A width that people can read, such that at most `most` of it cover the span; whole days beyond that. */
export function bucketWidth(spanUs: number, most: number): number {
  const widths = [...roundUs.filter((us) => us < 1_000_000), ...clockUs].sort((a, b) => a - b);
  const fits = widths.find((us) => spanUs / us < most - 1);
  return fits ?? Math.ceil(spanUs / (most - 1) / 86_400_000_000) * 86_400_000_000;
}

/** Conversations and hits that pass, over time, in at most `most` buckets; null when there are none. */
export function summariseTime(facts: RowFacts, terms: readonly FilterTerm[], most: number): TimeSummary | null {
  const { store } = facts;
  const masks = new RowMasks(facts);
  const flows = masks.of('flow', terms);
  const hits = masks.of('finding', terms);
  const at = store.f64('finding.at');
  const ends = [spanOf(flows, store.f64('flow.first')), spanOf(hits, at)];
  const least = Math.min(...ends.map(([begin]) => begin));
  const greatest = Math.max(...ends.map(([, end]) => end));
  if (least > greatest) return null;
  const bucketUs = bucketWidth(greatest - least, most);
  const fromUs = Math.floor(least / bucketUs) * bucketUs;
  const count = Math.floor((greatest - fromUs) / bucketUs) + 1;
  const hitsOf = new Uint32Array(count);
  for (const rows of chunksOf(hits)) {
    for (const row of rows) {
      const bucket = Math.floor(((at[row] ?? Number.NaN) - fromUs) / bucketUs);
      if (bucket >= 0) hitsOf[bucket] = (hitsOf[bucket] ?? 0) + 1;
    }
  }
  return {
    fromUs,
    toUs: fromUs + count * bucketUs - 1,
    bucketUs,
    buckets: bucketsOf(facts, flows, { fromUs, bucketUs, count }),
    hits: [...hitsOf].flatMap((hit, i) => (hit === 0 ? [] : [{ fromUs: fromUs + i * bucketUs, hits: hit }])),
  };
}

/** The first and the last instant of what passes; the other way round where there is none. */
function spanOf(mask: Mask, instants: Float64Array): readonly [least: number, greatest: number] {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const rows of chunksOf(mask)) {
    for (let i = 0; i < rows.length; i += 1) {
      const us = instants[rows[i] ?? 0] ?? Number.NaN;
      if (us < least) least = us;
      if (us > greatest) greatest = us;
    }
  }
  return [least, greatest];
}

interface Buckets {
  readonly fromUs: number;
  readonly bucketUs: number;
  readonly count: number;
}

function bucketsOf(facts: RowFacts, flows: Mask, { fromUs, bucketUs, count }: Buckets): TimeBucket[] {
  const { store } = facts;
  const labels: string[] = [];
  const labelOf = Uint32Array.from(facts.flowClasses(), ([exhibit]) => {
    const { label } = facts.place(exhibit);
    if (!labels.includes(label)) labels.push(label);
    return labels.indexOf(label);
  });
  const [classes, first] = [store.u32('flow.class'), store.f64('flow.first')];
  const [packets, sent, received] = [store.u32('flow.packets'), store.f64('flow.sent'), store.f64('flow.received')];
  const sums = {
    flows: new Float64Array(count * labels.length),
    packets: new Float64Array(count * labels.length),
    bytes: new Float64Array(count * labels.length),
  };
  for (const rows of chunksOf(flows)) {
    for (let i = 0; i < rows.length; i += 1) {
      const row = rows[i] ?? 0;
      const bucket = Math.floor(((first[row] ?? 0) - fromUs) / bucketUs);
      const cell = bucket * labels.length + (labelOf[(classes[row] ?? 1) - 1] ?? 0);
      sums.flows[cell] = (sums.flows[cell] ?? 0) + 1;
      sums.packets[cell] = (sums.packets[cell] ?? 0) + (packets[row] ?? 0);
      sums.bytes[cell] = (sums.bytes[cell] ?? 0) + (sent[row] ?? 0) + (received[row] ?? 0);
    }
  }
  return [...sums.flows].flatMap((sum, cell) =>
    sum === 0
      ? []
      : [
          {
            fromUs: fromUs + Math.floor(cell / labels.length) * bucketUs,
            label: labels[cell % labels.length] ?? '',
            flows: sum,
            packets: sums.packets[cell] ?? 0,
            bytes: sums.bytes[cell] ?? 0,
          },
        ],
  );
}

/** The values that occur among what passes. */
export function facets(facts: RowFacts, terms: readonly FilterTerm[], most: number): Facet[] {
  const { store } = facts;
  const masks = new RowMasks(facts);
  const flows = masks.of('flow', terms);
  const hits = masks.of('finding', terms);
  const byClass = tally(flows, store.u32('flow.class'), facts.flowClasses().length);
  const byHost = tally(flows, store.u32('flow.host'), store.dictionary('host').size);
  const byHit = tally(hits, store.u32('finding.class'), facts.findingClasses().length);
  const classes = facts.flowClasses();
  const hitClasses = facts.findingClasses();
  const countries = facts.countries();
  const hosts = store.dictionary('host');
  const ofClass = (told: (code: number) => string): Map<string, number> => summed(byClass, told);
  const sums: Readonly<Record<FacetKey, Map<string, number>>> = {
    host: summed(byHost, (code) => hosts.text(code).split('\n')[0] ?? ''),
    country: summed(byHost, (code) => countries[code - 1] ?? 'none'),
    application: ofClass((code) => classes[code - 1]?.[2] ?? ''),
    channel: ofClass((code) => classes[code - 1]?.[3] ?? ''),
    app: ofClass((code) => classes[code - 1]?.[4] ?? ''),
    label: ofClass((code) => facts.place(classes[code - 1]?.[0] ?? '').label),
    identifier: summed(byHit, (code) => hitClasses[code - 1]?.[8] ?? ''),
    representation: summed(byHit, (code) => hitClasses[code - 1]?.[9] ?? ''),
  };
  return facetKeys.map((key) => {
    const values = [...sums[key]]
      .filter(([value]) => value !== '')
      .map(([value, count]) => ({ value, count }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
    return { key, values: values.slice(0, most), others: Math.max(0, values.length - most) };
  });
}

function tally(mask: Mask, codes: Uint32Array, size: number): Uint32Array {
  const counts = new Uint32Array(size + 1);
  for (const rows of chunksOf(mask)) {
    for (let i = 0; i < rows.length; i += 1) {
      const code = codes[rows[i] ?? 0] ?? 0;
      counts[code] = (counts[code] ?? 0) + 1;
    }
  }
  return counts;
}

function summed(counts: Uint32Array, valueOf: (code: number) => string): Map<string, number> {
  const sums = new Map<string, number>();
  for (let code = 1; code < counts.length; code += 1) {
    const count = counts[code] ?? 0;
    if (count > 0) sums.set(valueOf(code), (sums.get(valueOf(code)) ?? 0) + count);
  }
  return sums;
}
