import { expect, test, vi } from 'vitest';
import { statementOf } from '../../../main/analysis/statements/statement.ts';
import type { RowFacts } from '../../../main/evidence/columns/row-facts.ts';
import { IndexBuilder } from '../../../main/evidence/index-builder.ts';
import { IndexReader } from '../../../main/evidence/readers/index-reader.ts';
import { createScratchSqlite } from '../../../main/evidence/sqlite.ts';
import { findingPage } from '../../../main/workflow/finding-pages.ts';
import type { FindingNames, FindingWish } from '../../../main/workflow/finding-pages.ts';
import { byNumber, bySeriousness, byTime } from '../../../shared/model/finding-order.ts';
import type { Finding, FindingDraft } from '../../../shared/model/finding.ts';

const exhibits = [{ id: 'E001', label: 'before', handset: 'H1', run: null, kind: 'capture' as const }];
const severities = ['info', 'high', 'low', 'medium'] as const;
const confidences = ['possible', 'certain', 'probable'] as const;
const kinds = ['imei', 'imsi', 'android-id'] as const;

/** Keys come in another order than rows, instants repeat and are missing, so that every tie is met. */
function draftOf(n: number): FindingDraft {
  const kind = kinds[n % 3] ?? 'imei';
  return {
    key: `k${String((n * 7919) % 1_000_003).padStart(9, '0')}`,
    rule: n % 11 === 0 ? 'identifier-proposed' : 'identifier-transmitted',
    ruleVersion: 1,
    severity: severities[n % 4] ?? 'info',
    confidence: confidences[(n % 5) % 3] ?? 'certain',
    statement: '',
    label: n % 2 === 0 ? 'before' : 'after',
    handset: 'H1',
    run: null,
    identifier: { id: `I${n % 7}`, kind },
    transform: [],
    representation: n % 3 === 0 ? 'plain' : 'pseudonymised',
    channel: n % 4 === 0 ? 'tls' : 'cleartext',
    contentKnownBy: 'wire',
    direction: 'to-server',
    flow: null,
    frames: [{ exhibit: 'E001', frame: n + 1 }],
    exhibitSha256: '00',
    streamOffset: n,
    filter: null,
    field: n % 50 === 0 ? 'Rare-Field' : 'id',
    at:
      n % 13 === 0 ? null : `2014-08-07T10:${String(n % 60).padStart(2, '0')}:00.${String(n % 977).padStart(6, '0')}Z`,
    destination: {
      address: '1.2.3.4',
      names: [`h${n % 90}.example`],
      country: null,
      asn: null,
      holder: null,
      sources: [],
    },
    consent: 'unknown',
    bodyOffset: null,
    context: null,
  };
}

interface World {
  readonly index: IndexReader;
  readonly facts: RowFacts;
  readonly names: FindingNames;
  readonly drafts: readonly FindingDraft[];
  /** Rows that the index gave, since it was set back. */
  rowsRead: number;
}

function worldOf(count: number): World {
  const drafts = Array.from({ length: count }, (_, n) => draftOf(n));
  const database = createScratchSqlite();
  const builder = new IndexBuilder(database, exhibits);
  builder.insertFindings(drafts);
  builder.complete();
  const counted = new Proxy(database, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      if (key !== 'prepare') return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      return (sql: string) => {
        const statement = target.prepare(sql);
        // Of the findings themselves: keys and numbers are read once for an index, parts of columns are not rows.
        if (!sql.includes('body FROM finding')) return statement;
        const spied: typeof statement = new Proxy(statement, {
          get: (of, method) => {
            const act: unknown = Reflect.get(of, method);
            if (typeof act !== 'function') return act;
            return (...values: unknown[]): unknown => {
              const told: unknown = act.apply(of, values);
              if (method === 'get') world.rowsRead += 1;
              else if (Array.isArray(told)) world.rowsRead += told.length;
              else if (method === 'iterate') world.rowsRead += count;
              // `pluck` gives the statement itself.
              return told === of ? spied : told;
            };
          },
        });
        return spied;
      };
    },
  });
  const index = new IndexReader(counted, {
    generation: 1,
    file: '',
    bytes: 0,
    sha256: `findings ${count}`,
    schemaVersion: 0,
    engineVersion: '',
    inputs: '',
    digests: {} as never,
  });
  const facts = index.rowFacts({ countryOf: () => null, phasesOf: () => [] });
  const numbers = new Map(drafts.map(({ key }) => key).toSorted().map((key, i) => [key, i + 1])); // prettier-ignore
  const decisions = drafts.slice(0, 40).flatMap(({ key }, i) =>
    (i % 3 === 0 ? (['confirm', 'dismiss'] as const) : (['confirm'] as const)).map((verdict) => ({
      findingKey: key,
      verdict,
      reason: `reason ${i}`,
      by: 'Lin',
      at: '2014-08-08T00:00:00.000000Z',
    })),
  );
  const decided = new Map(decisions.map(({ findingKey, ...decision }) => [findingKey, decision]));
  const numberOf = (key: string): number => numbers.get(key) ?? 0;
  const named = (some: readonly FindingDraft[]) =>
    some
      .toSorted((a, b) => numberOf(a.key) - numberOf(b.key))
      .map((one) => ({
        ...one,
        number: `F${String(numberOf(one.key)).padStart(4, '0')}`,
        decision: decided.get(one.key) ?? null,
      }));
  const names = {
    nameFindings: named,
    decisions: () => decisions,
    findingNumbers: () => numbers,
    highestFindingNumber: () => count,
  } as unknown as FindingNames;
  const world: World = { index, facts, names, drafts, rowsRead: 0 };
  return world;
}

const everything: FindingWish = {
  label: null,
  rule: null,
  severity: null,
  identifierKind: null,
  channel: null,
  representation: null,
  decision: null,
  text: null,
  order: 'severity',
  after: null,
  limit: 200,
};
const orders = { severity: bySeriousness, time: byTime, number: byNumber };

/** What the list is, worked out from all findings at once. */
function expectedOf(all: readonly Finding[], wish: FindingWish): Finding[] {
  const text = wish.text?.trim().toLowerCase() ?? '';
  return all
    .filter(
      (one) =>
        (wish.label ?? one.label) === one.label &&
        (wish.rule ?? one.rule) === one.rule &&
        (wish.severity ?? one.severity) === one.severity &&
        (wish.identifierKind ?? one.identifier?.kind) === one.identifier?.kind &&
        (wish.channel ?? one.channel) === one.channel &&
        (wish.representation ?? one.representation) === one.representation &&
        (wish.decision === null || wish.decision === (one.decision?.verdict ?? 'open')) &&
        JSON.stringify(one).toLowerCase().includes(text),
    )
    .toSorted((a, b) => orders[wish.order](a, b) || byNumber(a, b));
}

async function listed({ names, index, facts }: World, wish: FindingWish, total: number): Promise<Finding[]> {
  const rows: Finding[] = [];
  for (let after: string | null = null; ;) {
    const page = await findingPage(names, index, facts, 'en', { ...wish, after });
    rows.push(...page.rows);
    expect(page.total).toBe(total);
    if (page.next === null) return rows;
    expect(page.next).toBe(page.rows.at(-1)?.key);
    after = page.next;
  }
}

const small = worldOf(9000);
const all = small.names
  .nameFindings(small.drafts)
  .map(({ context: _context, ...one }) => ({ ...one, statement: statementOf(one, 'en') }));

test.each<Partial<FindingWish>>([
  { order: 'severity' },
  { order: 'time' },
  { order: 'number' },
  { label: 'after', severity: 'high', limit: 97 },
  { rule: 'identifier-proposed', order: 'time', limit: 100 },
  { identifierKind: 'imsi', channel: 'tls', representation: 'pseudonymised', order: 'number' },
  { decision: 'confirm' },
  { decision: 'dismiss', order: 'time' },
  { decision: 'open', severity: 'low', label: 'before' },
  { text: 'Reason 1', limit: 3 },
  { text: 'rare-field', label: 'before' },
  { text: 'f001', order: 'number' },
  { text: 'what nothing holds' },
])('pages of %o are the list in order, none twice and none left out', async (given) => {
  const wish = { ...everything, ...given };
  const expected = expectedOf(all, wish);
  if (given.text !== 'what nothing holds') expect(expected.length).toBeGreaterThan(9);
  expect((await listed(small, { ...wish, limit: given.limit ?? 2000 }, expected.length)).map(({ key }) => key)).toEqual(
    expected.map(({ key }) => key),
  );
  const { rows } = await findingPage(small.names, small.index, small.facts, 'en', { ...wish, limit: 5 });
  expect(rows).toEqual(expected.slice(0, 5));
});

test('a word that is typed letter by letter finds what the whole word finds, and reads less and less', async () => {
  const word = 'rare-field';
  const { names, index, facts } = small;
  const counts: number[] = [];
  for (let end = 1; end <= word.length; end += 1) {
    small.rowsRead = 0;
    const wish = { ...everything, severity: 'high', text: word.slice(0, end) };
    const page = await findingPage(names, index, facts, 'en', wish);
    expect(page.total).toBe(expectedOf(all, wish).length);
    counts.push(small.rowsRead);
  }
  expect(counts.at(-1)).toBeLessThan(counts[0] ?? 0);
});

test('a page of 200,000 findings reads its own rows and no others', async () => {
  const world = worldOf(200_000);
  const { names, index, facts } = world;
  const numbers = vi.spyOn(names, 'findingNumbers');
  let after: string | null = null;
  for (const order of ['severity', 'time', 'number'] as const) {
    for (let page = 0; page < 3; page += 1) {
      world.rowsRead = 0;
      const told = await findingPage(names, index, facts, 'en', { ...everything, order, after });
      expect(told.total).toBe(200_000);
      expect(told.rows).toHaveLength(200);
      expect(world.rowsRead).toBe(200);
      after = told.next;
    }
    after = null;
  }
  // The last page, and one of few that pass.
  const last = names.nameFindings(world.drafts).toSorted(bySeriousness).at(-150)?.key ?? '';
  world.rowsRead = 0;
  const end = await findingPage(names, index, facts, 'en', { ...everything, after: last });
  expect([end.rows.length, end.next, world.rowsRead]).toEqual([149, null, 149]);
  world.rowsRead = 0;
  const confirmed = await findingPage(names, index, facts, 'en', { ...everything, decision: 'confirm' });
  expect([confirmed.total, world.rowsRead]).toEqual([26, 26]);
  // Numbers are put beside the rows once, not for each page.
  expect(numbers).toHaveBeenCalledTimes(1);
});
