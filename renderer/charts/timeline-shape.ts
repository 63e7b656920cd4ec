import type { TimeSummary } from '../../shared/filter/row-shapes.ts';

export type Measure = 'bytes' | 'packets' | 'flows';

/** One bar of the timeline: its pieces by label from the bottom up. */
export interface TimelineBar {
  readonly place: number;
  readonly fromUs: number;
  readonly total: number;
  readonly pieces: readonly { readonly label: string; readonly from: number; readonly to: number }[];
}

/** How many buckets the summary spans. */
export function bucketCount({ fromUs, toUs, bucketUs }: TimeSummary): number {
  return Math.round((toUs + 1 - fromUs) / bucketUs);
}

export function timelineBars(summary: TimeSummary, measure: Measure): readonly TimelineBar[] {
  const bars = new Map<number, { total: number; pieces: { label: string; from: number; to: number }[] }>();
  for (const bucket of summary.buckets) {
    const bar = bars.get(bucket.fromUs) ?? { total: 0, pieces: [] };
    const to = bar.total + bucket[measure];
    bar.pieces.push({ label: bucket.label, from: bar.total, to });
    bar.total = to;
    bars.set(bucket.fromUs, bar);
  }
  return [...bars].map(([fromUs, bar]) => ({
    fromUs,
    place: Math.round((fromUs - summary.fromUs) / summary.bucketUs),
    ...bar,
  }));
}

/** Labels in the order in which they first appear: their colours follow it. */
export function labelsOf(summary: TimeSummary): readonly string[] {
  return [...new Set(summary.buckets.map(({ label }) => label))];
}

/** The bucket at a share (0 to 1) of the width. */
export function placeAt(share: number, count: number): number {
  return Math.max(0, Math.min(count - 1, Math.floor(share * count)));
}
