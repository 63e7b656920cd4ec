/** `captured`: the order of the captures' packets, and of the rows in the index. */
export const rowOrders = {
  flow: ['captured', 'time', 'host', 'sent', 'received', 'packets'],
  message: ['captured', 'time', 'name'],
  finding: ['captured', 'time', 'severity'],
} as const;
export type RowTable = keyof typeof rowOrders;
export type RowOrder<Table extends RowTable = RowTable> = (typeof rowOrders)[Table][number];

/** One piece of the traffic over time: conversations that begin in it, by label. Instants in µs since 1970. */
export interface TimeBucket {
  readonly fromUs: number;
  readonly label: string;
  readonly flows: number;
  readonly packets: number;
  readonly bytes: number;
}

export interface TimeSummary {
  readonly fromUs: number;
  readonly toUs: number;
  readonly bucketUs: number;
  /** Only those that hold something, by time and label. */
  readonly buckets: readonly TimeBucket[];
  /** Hits by the beginning of their bucket. */
  readonly hits: readonly { readonly fromUs: number; readonly hits: number }[];
}

/** What can be clicked in place of being typed. */
export const facetKeys = [
  'host',
  'country',
  'application',
  'channel',
  'app',
  'label',
  'identifier',
  'representation',
] as const;
export type FacetKey = (typeof facetKeys)[number];

export interface Facet {
  readonly key: FacetKey;
  /** The most frequent values with how many conversations (of the last two: hits) have them. */
  readonly values: readonly { readonly value: string; readonly count: number }[];
  /** How many more values there are. */
  readonly others: number;
}
