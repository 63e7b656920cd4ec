import type { MeaningOfRecord, SnapshotRecord } from '../../shared/model/record.ts';
import { makerOf } from '../comparison/makers/maker-of.ts';
import type { MakerFound } from '../comparison/makers/maker-of.ts';
import { releaseText, sourceText } from '../comparison/makers/citations.ts';
import { meaningOf, meaningText } from '../comparison/makers/record-meaning.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';
import type { Lang } from './conduct.ts';

/** Whose tables apply to the records of a handset under a label; null: no property of it was read. */
export type MakerOfPlace = (place: { readonly handset: string; readonly label: string }) => MakerFound | null;

/** Every page of records asks: what was found for an index holds until there is another. */
const found = new Map<string, ReadonlyMap<string, MakerFound>>();
const maxFound = 16;

const keyOf = (handset: string, label: string | null): string => JSON.stringify([handset, label]);

/** By the properties read under the same label, so that an upgrade to another system is told; else by any of the handset. */
export function makersOf(index: IndexReader): MakerOfPlace {
  const { generation, sha256, inputs } = index.pointer;
  const key = `${generation} ${sha256} ${inputs}`;
  const known = sha256 === '' ? undefined : found.get(key);
  const makers = known ?? readMakers(index);
  if (known === undefined && sha256 !== '') {
    if (found.size >= maxFound) found.clear();
    found.set(key, makers);
  }
  return ({ handset, label }) => makers.get(keyOf(handset, label)) ?? makers.get(keyOf(handset, null)) ?? null;
}

function readMakers(index: IndexReader): Map<string, MakerFound> {
  const properties = new Map<string, SnapshotRecord[]>();
  const put = (key: string, record: SnapshotRecord): void => {
    const some = properties.get(key);
    if (some === undefined) properties.set(key, [record]);
    else some.push(record);
  };
  for (const record of index.records({ kind: 'property' })) {
    put(keyOf(record.handset, record.label), record);
    put(keyOf(record.handset, null), record);
  }
  const makers = new Map<string, MakerFound>();
  for (const [key, records] of properties) {
    const maker = makerOf(records);
    if (maker !== null) makers.set(key, maker);
  }
  return makers;
}

/** The record with what it means, where a source says so. */
export function withMeaning<Row extends SnapshotRecord>(
  record: Row,
  makers: MakerOfPlace,
  lang: Lang,
): Row & MeaningOfRecord {
  const meaning = meaningOf(record, makers(record)?.maker ?? null);
  if (meaning === null) return record;
  return {
    ...record,
    meaning: meaningText(meaning, lang),
    meaningSource: sourceText(meaning.source, lang),
    meaningSeenOn: releaseText(meaning.seenOn, lang),
  };
}
