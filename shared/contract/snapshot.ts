import * as z from 'zod';
import type { MeaningOfRecord } from '../model/record.ts';
import type { RecordRow } from './exhibits.ts';
import { displayId, inCase, paged, query, type Page } from './operation.ts';

/** What one handset was like under one label. */
export interface SnapshotPlace {
  readonly label: string;
  readonly handset: string;
  /** Whose tables say what its records mean, worded; null: no property was read. */
  readonly maker: string | null;
  /** The property that says so; null: none of a maker's own was there. */
  readonly reason: { readonly property: string; readonly value: string } | null;
  readonly settings: number;
  readonly properties: number;
  readonly apps: number;
}

/** One app with what was read of it, counted. */
export interface AppRow extends MeaningOfRecord {
  readonly package: string;
  /** Null where the package is told of, but stands in no list of packages. */
  readonly state: string | null;
  readonly system: boolean | null;
  readonly versionName: string | null;
  readonly granted: number;
  readonly permissions: number;
  readonly components: number;
  /** Receivers that answer to the start of the handset. */
  readonly bootReceivers: number;
  readonly appOps: number;
  /** Mode of the maker's own autostart switch; null: the system has none, or does not list it for the app. */
  readonly autostart: string | null;
  readonly jobs: number;
  readonly alarms: number;
}

export const appSections = [
  'package',
  'app-code',
  'permission',
  'component',
  'app-op',
  'job',
  'alarm',
  'other',
] as const;
export type AppSectionName = (typeof appSections)[number];

/** The records of one app by what they are about, at most `appSectionRows` a section; `total` counts them all. */
export interface AppSection {
  readonly name: AppSectionName;
  readonly rows: readonly RecordRow[];
  readonly total: number;
}
export const appSectionRows = 500;

const label = z.string().min(1).max(200);
const place = { ...inCase, label, handset: displayId };
const text = z.string().max(500);

export const snapshot = {
  'snapshot.places': query<readonly SnapshotPlace[]>()(z.strictObject(inCase)),
  /** Settings or properties, by name; `text` looks through name, value and meaning. */
  'snapshot.values': query<Page<RecordRow>>()(
    z.strictObject({ ...place, ...paged, kind: z.enum(['setting', 'property']), text }),
  ),
  /** Apps by name; `text` looks through name, meaning and state. */
  'snapshot.apps': query<Page<AppRow>>()(z.strictObject({ ...place, ...paged, text })),
  'snapshot.app': query<readonly AppSection[]>()(
    z.strictObject({ ...place, package: z.string().min(1).max(300), text }),
  ),
} as const;
