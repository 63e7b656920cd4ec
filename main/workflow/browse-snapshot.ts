import type { RecordRow } from '../../shared/contract/exhibits.ts';
import { appSectionRows, appSections } from '../../shared/contract/snapshot.ts';
import type { AppRow, AppSection, AppSectionName, SnapshotPlace } from '../../shared/contract/snapshot.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';
import { mentions } from '../evidence/readers/text-search.ts';
import { snapshotOf } from './label-snapshot.ts';
import { makersOf, withMeaning } from './record-meanings.ts';
import type { Lang } from './conduct.ts';
import { wordsFor } from './words.ts';

/** A label of one handset. */
export interface Place {
  readonly label: string;
  readonly handset: string;
}

interface Snapshot {
  readonly values: Readonly<Record<'setting' | 'property', readonly RecordRow[]>>;
  readonly apps: readonly AppRow[];
  readonly byPackage: ReadonlyMap<string, readonly RecordRow[]>;
}

/** Pages of a list ask one after the other: the last snapshots stay laid out. */
const held = new Map<string, Snapshot>();
const maxHeld = 2;

function layOut(reader: CaseReader, index: IndexReader, place: Place, lang: Lang): Snapshot {
  const { generation, sha256, inputs } = index.pointer;
  const key = JSON.stringify([reader.directory, generation, sha256, inputs, place.label, place.handset, lang]);
  const known = sha256 === '' ? undefined : held.get(key);
  if (known !== undefined) return known;
  const made = snapshotFrom(snapshotOf(reader, index, place).records, index, lang);
  if (sha256 !== '') {
    if (held.size >= maxHeld) held.clear();
    held.set(key, made);
  }
  return made;
}

const packageOf = (row: RecordRow): string | null =>
  row.kind === 'package' ? row.name : 'package' in row && typeof row.package === 'string' ? row.package : null;

/** Exported for tests: settings and properties by name, apps with their records. Linear but for the sorting. */
export function snapshotFrom(records: readonly RecordRow[], index: IndexReader, lang: Lang): Snapshot {
  const makers = makersOf(index);
  const values = { setting: new Map<string, RecordRow>(), property: new Map<string, RecordRow>() };
  const byPackage = new Map<string, RecordRow[]>();
  for (const record of records) {
    const row = withMeaning(record, makers, lang);
    // Later outputs of an acquisition say the same again: the last word stands.
    if (row.kind === 'setting') values.setting.set(`${row.namespace}/${row.name}`, row);
    else if (row.kind === 'property') values.property.set(row.name, row);
    const name = packageOf(row);
    if (name === null) continue;
    const some = byPackage.get(name);
    if (some === undefined) byPackage.set(name, [row]);
    else some.push(row);
  }
  const byName = (map: Map<string, RecordRow>): RecordRow[] =>
    [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  const apps = [...byPackage].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, rows]) => appOf(name, rows));
  return { values: { setting: byName(values.setting), property: byName(values.property) }, apps, byPackage };
}

/** A permission or component told of twice (list and dump) is one. */
const countOf = (rows: readonly RecordRow[], key: (row: RecordRow) => string | null): number =>
  new Set(rows.map(key).filter((one) => one !== null)).size;

function appOf(name: string, rows: readonly RecordRow[]): AppRow {
  let state: string | null = null;
  let system: boolean | null = null;
  let versionName: string | null = null;
  let autostart: string | null = null;
  let meaning: Pick<AppRow, 'meaning' | 'meaningSource' | 'meaningSeenOn'> = {};
  for (const row of rows) {
    if (row.kind === 'package') {
      state = row.state === 'unknown' ? (state ?? row.state) : row.state;
      system = row.system ?? system;
      versionName = row.versionName ?? versionName;
      if (row.meaning !== undefined) meaning = meaningOnly(row);
    } else if (row.kind === 'app-op' && /^AUTO_START\(\d+\)$/.test(row.op)) autostart = row.mode;
  }
  const facts = (topic: string): number => rows.filter((row) => row.kind === 'fact' && row.topic === topic).length;
  return {
    package: name,
    state,
    system,
    versionName,
    granted: countOf(rows, (row) => (row.kind === 'permission' && row.granted ? row.name : null)),
    permissions: countOf(rows, (row) => (row.kind === 'permission' ? row.name : null)),
    components: countOf(rows, (row) => (row.kind === 'component' ? row.name : null)),
    bootReceivers: countOf(rows, (row) => (row.kind === 'component' && row.bootReceiver ? row.name : null)),
    appOps: countOf(rows, (row) => (row.kind === 'app-op' ? row.op : null)),
    autostart,
    jobs: facts('job'),
    alarms: facts('alarm'),
    ...meaning,
  };
}

function meaningOnly({ meaning, meaningSource, meaningSeenOn }: RecordRow): Partial<AppRow> {
  return {
    ...(meaning === undefined ? {} : { meaning }),
    ...(meaningSource === undefined ? {} : { meaningSource }),
    ...(meaningSeenOn === undefined ? {} : { meaningSeenOn }),
  };
}

const matching = <Row>(rows: readonly Row[], text: string): readonly Row[] =>
  text.trim() === '' ? rows : rows.filter((row) => mentions(row, text.trim()));

/** Which handsets were read under which labels, with whose tables apply and how much there is to browse. */
export function snapshotPlaces(reader: CaseReader, index: IndexReader, lang: Lang): readonly SnapshotPlace[] {
  const words = wordsFor(lang);
  const makers = makersOf(index);
  const places = new Map<string, Place>();
  for (const { label, handset, collector } of reader.exhibits()) {
    if (collector !== null) places.set(JSON.stringify([label, handset]), { label, handset });
  }
  return [...places.values()].map((place) => {
    const found = makers(place);
    const { values, apps } = layOut(reader, index, place, lang);
    return {
      ...place,
      maker: found === null ? null : words(`host.maker.${found.maker}`),
      reason: found?.reason ?? null,
      settings: values.setting.length,
      properties: values.property.length,
      apps: apps.length,
    };
  });
}

export function valuesOf(
  reader: CaseReader,
  index: IndexReader,
  place: Place,
  wanted: { readonly kind: 'setting' | 'property'; readonly text: string },
  lang: Lang,
): readonly RecordRow[] {
  return matching(layOut(reader, index, place, lang).values[wanted.kind], wanted.text);
}

export function appsOf(
  reader: CaseReader,
  index: IndexReader,
  place: Place,
  text: string,
  lang: Lang,
): readonly AppRow[] {
  return matching(layOut(reader, index, place, lang).apps, text);
}

/** Topics of facts that are a section of their own. */
const ownTopics = ['app-code', 'job', 'alarm'] as const satisfies readonly AppSectionName[];

function sectionOf(row: RecordRow): AppSectionName {
  switch (row.kind) {
    case 'package':
    case 'permission':
    case 'component':
    case 'app-op':
      return row.kind;
    case 'fact':
      return ownTopics.find((topic) => topic === row.topic) ?? 'other';
    default:
      return 'other';
  }
}

/** Everything that was read of one app, by what it is about; sections without a row are left out. */
export function appSectionsOf(
  reader: CaseReader,
  index: IndexReader,
  place: Place,
  wanted: { readonly package: string; readonly text: string },
  lang: Lang,
): readonly AppSection[] {
  const rows = matching(layOut(reader, index, place, lang).byPackage.get(wanted.package) ?? [], wanted.text);
  return appSections.flatMap((name) => {
    const of = rows.filter((row) => sectionOf(row) === name);
    return of.length === 0 ? [] : [{ name, rows: of.slice(0, appSectionRows), total: of.length }];
  });
}
