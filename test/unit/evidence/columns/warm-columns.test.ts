import { describe, expect, test } from 'vitest';
import { matchingRows, asCaptured } from '../../../../main/evidence/columns/row-query.ts';
import { warmColumns } from '../../../../main/evidence/columns/warm-columns.ts';
import { facets } from '../../../../main/evidence/columns/row-summary.ts';
import { IndexBuilder } from '../../../../main/evidence/index-builder.ts';
import { IndexReader } from '../../../../main/evidence/readers/index-reader.ts';
import { createScratchSqlite } from '../../../../main/evidence/sqlite.ts';
import { parseFilter } from '../../../../shared/filter/parse-filter.ts';
import { benchExhibits, sceneRows } from '../../../bench/query-scene.ts';

/** More rows than one part of a column holds, and more texts than one part of a dictionary. */
const flows = 70_000;
const database = createScratchSqlite();
const builder = new IndexBuilder(database, benchExhibits);
for (const { flow, messages, finding } of sceneRows(flows)) {
  builder.insertMessages(messages);
  builder.insertFlows([flow]);
  if (finding !== null) builder.insertFindings([finding]);
}
builder.complete();

const facts = { countryOf: (address: string) => (address.startsWith('1') ? 'CN' : null), phasesOf: () => [] };

function readerOf(name: string, asked: string[]): IndexReader {
  const spied = new Proxy(database, {
    get: (target, key) => {
      if (key === 'prepare') {
        return (sql: string) => {
          asked.push(sql);
          return target.prepare(sql);
        };
      }
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return new IndexReader(spied, {
    generation: 1,
    file: '',
    bytes: 0,
    sha256: name,
    schemaVersion: 0,
    engineVersion: '',
    inputs: '',
    digests: {} as never,
  });
}

function answersOf(reader: IndexReader): unknown {
  const rows = reader.rowFacts(facts);
  return ['country:CN', 'track/499', 'host:service-1 -channel:tls', 'uri:device=4', 'time:10:00..10:01', 'port:53'].map(
    (line) => {
      const parsed = parseFilter(line);
      if (!parsed.ok) throw new Error(line);
      const tables = (['flow', 'message', 'finding'] as const).map((table) => {
        const found = matchingRows(rows, table, parsed.terms, asCaptured);
        return [found.length, [...found.page(0, found.length)]];
      });
      return [tables, facets(rows, parsed.terms, 5)];
    },
  );
}

describe('columns read ahead', () => {
  const cold = answersOf(readerOf('cold', []));

  test('step by step, are those that a question reads', () => {
    const asked: string[] = [];
    const reader = readerOf('warm', asked);
    let steps = 0;
    while (warmColumns(reader.rowFacts(facts))) steps += 1;
    expect(steps).toBeGreaterThan(5);
    asked.length = 0;
    expect(answersOf(reader)).toEqual(cold);
    expect(asked.filter((sql) => sql.includes('column_part'))).toEqual([]);
  });

  test('are read to their end by a question that comes before they are', () => {
    for (const after of [1, 2, 3, 5, 8]) {
      const reader = readerOf(`half ${after}`, []);
      for (let step = 0; step < after; step += 1) warmColumns(reader.rowFacts(facts));
      expect(answersOf(reader)).toEqual(cold);
    }
  });
});
