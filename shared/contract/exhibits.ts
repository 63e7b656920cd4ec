import * as z from 'zod';
import { exhibitKinds, type Exhibit } from '../model/exhibit.ts';
import type { InstantOfRecord, MeaningOfRecord, SnapshotRecord } from '../model/record.ts';
import { displayId, inCase, paged, query, type Page } from './operation.ts';

export interface ExhibitBytes {
  readonly exhibit: string;
  readonly offset: number;
  readonly base64: string;
  readonly totalBytes: number;
}

/** `id` numbers the rows of one index; another index may number them anew. */
export type RecordRow = SnapshotRecord & MeaningOfRecord & InstantOfRecord & { readonly id: number };

const filterText = z.string().max(500).nullable();
const filterLabel = z.string().min(1).max(200).nullable();

export const recordKinds = [
  'property',
  'setting',
  'package',
  'permission',
  'component',
  'app-op',
  'crash',
  'log',
  'identifier',
  'event',
  'clock',
  'silent-sms',
  'fact',
] as const;

export const exhibits = {
  'exhibits.list': query<Page<Exhibit>>()(
    z.strictObject({
      ...inCase,
      ...paged,
      label: filterLabel,
      kind: z.enum(exhibitKinds).nullable(),
      acquisition: displayId.nullable(),
    }),
  ),
  'exhibits.get': query<Exhibit>()(z.strictObject({ ...inCase, exhibit: displayId })),
  /** Photos and documents that were attached to a handset. */
  'exhibits.attached': query<readonly Exhibit[]>()(z.strictObject({ ...inCase, handset: displayId })),
  /** A stretch of the stored bytes, at most 64 KiB. */
  'exhibits.bytes': query<ExhibitBytes>()(
    z.strictObject({
      ...inCase,
      exhibit: displayId,
      offset: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
      length: z.number().int().min(1).max(65_536),
    }),
  ),
  /** What was read from handsets, one parsed row each. */
  'records.list': query<Page<RecordRow>>()(
    z.strictObject({
      ...inCase,
      ...paged,
      label: filterLabel,
      run: filterLabel,
      kind: z.enum(recordKinds).nullable(),
      exhibit: displayId.nullable(),
      text: filterText,
    }),
  ),
} as const;
