import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asCaptured, matchingRows } from '../../main/evidence/columns/row-query.ts';
import type { RowSet } from '../../main/evidence/columns/row-set.ts';
import type { RowSort } from '../../main/evidence/columns/row-query.ts';
import type { RowTable } from '../../shared/filter/row-shapes.ts';
import type { RowFacts } from '../../main/evidence/columns/row-facts.ts';
import { facets, summariseTime } from '../../main/evidence/columns/row-summary.ts';
import { IndexBuilder } from '../../main/evidence/index-builder.ts';
import { IndexReader } from '../../main/evidence/readers/index-reader.ts';
import { createScratchSqlite } from '../../main/evidence/sqlite.ts';
import { instantText, timeSpanOf } from '../../shared/filter/filter-time.ts';
import { parseFilter } from '../../shared/filter/parse-filter.ts';
import type { FilterTerm } from '../../shared/filter/parse-filter.ts';
import type { FindingDraft } from '../../shared/model/finding.ts';
import type { Flow, Message } from '../../shared/model/traffic.ts';

/** All of it, a few at a time, as pages are read. */
function listed(rows: RowSet): number[] {
  const all: number[] = [];
  for (let from = 0; from < rows.length; from += 3) all.push(...rows.page(from, from + 3));
  return all;
}

const exhibits = [
  { id: 'E001', label: 'before', handset: 'H1', run: 'R1', kind: 'capture' as const },
  { id: 'E002', label: 'after', handset: 'H2', run: null, kind: 'capture' as const },
];
const consentUs = Date.UTC(2014, 7, 7, 10, 5) * 1000;
const countries: Readonly<Record<string, string>> = { '1.2.3.4': 'CN', '5.6.7.8': 'TW' };
const facts = {
  countryOf: (address: string): string | null => countries[address] ?? null,
  phasesOf: (exhibit: string) =>
    exhibit === 'E001'
      ? [
          { fromUs: Number.NEGATIVE_INFINITY, phase: 'before-consent' as const },
          { fromUs: consentUs, phase: 'after-consent' as const },
        ]
      : [{ fromUs: Number.NEGATIVE_INFINITY, phase: 'unknown' as const }],
};

const at = fc
  .oneof(fc.constant(0), fc.integer({ min: -400_000_000, max: 400_000_000 }))
  .map((us) => instantText(consentUs + us));
const host = fc.constantFrom('api.Xiaomi.com', 'a.example', 'xn--p1ai.example', '台北.example', 'x');
const flowWish = fc.record({
  exhibit: fc.constantFrom('E001', 'E002'),
  address: fc.constantFrom('1.2.3.4', '5.6.7.8', '10.0.0.1', '2001:db8::1'),
  port: fc.constantFrom(53, 80, 443),
  names: fc.array(host, { maxLength: 2 }),
  application: fc.constantFrom('http', 'dns', 'tls', 'unknown'),
  channel: fc.constantFrom('cleartext', 'tls', 'unknown'),
  transport: fc.constantFrom('tcp', 'udp'),
  app: fc.constantFrom(null, 'com.xiaomi.xmsf', 'org.a'),
  at,
  sent: fc.nat(5000),
  messages: fc.array(
    fc.record({
      at,
      kind: fc.constantFrom('http-request', 'dns-query'),
      name: host,
      uri: fc.constantFrom('/a?id=1', '/B', '/pass/user@id'),
    }),
    { maxLength: 3 },
  ),
  hits: fc.array(
    fc.record({
      at: fc.option(at),
      kind: fc.constantFrom('imei', 'imsi'),
      id: fc.constantFrom('I1', 'I2'),
      representation: fc.constantFrom('plain', 'encoded'),
      severity: fc.constantFrom('high', 'low'),
      consent: fc.constantFrom('before-any-act', 'after-act', 'unknown'),
      inFlow: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
});
type Wish = typeof flowWish extends fc.Arbitrary<infer T> ? T : never;

interface World {
  readonly flows: readonly Flow[];
  readonly messages: readonly Message[];
  readonly hits: readonly FindingDraft[];
}

function place(exhibit: string): (typeof exhibits)[number] {
  const found = exhibits.find(({ id }) => id === exhibit);
  if (found === undefined) throw new Error(exhibit);
  return found;
}

function worldOf(wishes: readonly Wish[]): World {
  const flows = wishes.map((wish, id): Flow => ({
    id,
    exhibit: wish.exhibit,
    label: place(wish.exhibit).label,
    transport: wish.transport,
    client: { address: '192.168.1.9', port: 1024 },
    server: { address: wish.address, port: wish.port },
    serverNames: wish.names,
    application: wish.application,
    channel: wish.channel,
    firstPacketAt: wish.at,
    lastPacketAt: wish.at,
    packets: { toServer: 2, toClient: 1 },
    payloadBytes: { toServer: wish.sent, toClient: 7 },
    app: wish.app,
    streamIndex: id,
    incomplete: [],
  }));
  const messages = wishes.flatMap((wish, flow) =>
    wish.messages.map((one): Message => {
      const base = { flow, exhibit: wish.exhibit, at: one.at, frame: 1 };
      return one.kind === 'http-request'
        ? {
            ...base,
            kind: 'http-request',
            method: 'GET',
            host: one.name,
            uri: one.uri,
            bodyBytes: 0,
            contentType: null,
          }
        : { ...base, kind: 'dns-query', name: one.name, type: 'A' };
    }),
  );
  let key = 0;
  const hits = wishes.flatMap((wish, flow) =>
    wish.hits.map((one): FindingDraft => {
      key += 1;
      const { label, handset, run } = place(wish.exhibit);
      return {
        key: `k${String(1000 - key)}`,
        rule: 'identifier-transmitted',
        ruleVersion: 1,
        severity: one.severity,
        confidence: 'certain',
        statement: '',
        label,
        handset,
        run,
        identifier: { id: one.id, kind: one.kind },
        transform: [],
        representation: one.representation,
        channel: wish.channel,
        contentKnownBy: 'wire',
        direction: 'to-server',
        flow: one.inFlow ? flow : null,
        frames: [{ exhibit: wish.exhibit, frame: 1 }],
        exhibitSha256: '',
        streamOffset: null,
        filter: null,
        field: null,
        at: one.at,
        destination: null,
        consent: one.consent,
        bodyOffset: null,
        context: null,
      };
    }),
  );
  return { flows, messages, hits };
}

function indexOf(world: World): IndexReader {
  const database = createScratchSqlite();
  const builder = new IndexBuilder(database, exhibits);
  builder.insertMessages(world.messages);
  // Conversations come in the order in which they end.
  builder.insertFlows([...world.flows].reverse());
  builder.insertFindings(world.hits);
  const digests = builder.complete();
  return new IndexReader(database, {
    generation: 0,
    file: '',
    bytes: 0,
    sha256: '',
    schemaVersion: 0,
    engineVersion: '',
    inputs: '',
    digests,
  });
}

// The same language on plain objects, one by one.
const low = (text: string): string => text.toLowerCase();
const us = (text: string): number => Date.parse(text) * 1000 + Number(text.slice(23, 26));
const inTime = (text: string | null, value: string): boolean => {
  const span = timeSpanOf(value);
  if (span === null || text === null) return false;
  const when = span.type === 'daily' ? us(text) % 86_400_000_000 : us(text);
  return when >= span.fromUs && when <= span.toUs;
};
const phaseAt = (exhibit: string, text: string): string =>
  exhibit === 'E001' ? (us(text) < consentUs ? 'before-consent' : 'after-consent') : 'unknown';

function flowHas(world: World, flow: Flow, { key, values }: FilterTerm): boolean {
  const { run, handset, label } = place(flow.exhibit);
  const own = [...flow.serverNames, flow.server.address].map(low);
  const messages = world.messages.filter((one) => one.flow === flow.id);
  const hits = world.hits.filter((one) => one.flow === flow.id);
  return values.some((value) => {
    const v = low(value);
    switch (key) {
      case 'host':
        return v.startsWith('=') ? own.includes(v.slice(1)) : own.join('\n').includes(v);
      case 'client':
        return flow.client.address.includes(v);
      case 'port':
        return flow.server.port === Number(v);
      case 'flow':
        return flow.id === Number(v);
      case 'country':
        return (countries[flow.server.address] ?? 'none') === value;
      case 'app':
        return (flow.app ?? '').includes(v);
      case 'application':
        return flow.application === v;
      case 'transport':
        return flow.transport === v;
      case 'channel':
        return flow.channel === v;
      case 'exhibit':
        return low(flow.exhibit) === v;
      case 'label':
        return label === v;
      case 'run':
        return low(run ?? '') === v;
      case 'handset':
        return low(handset) === v;
      case 'has':
        return v === 'hits' ? hits.length > 0 : messages.length > 0;
      case 'time':
        return inTime(flow.firstPacketAt, value);
      case 'phase':
        return phaseAt(flow.exhibit, flow.firstPacketAt) === v;
      case 'text':
        return (
          [
            ...own,
            flow.client.address,
            flow.exhibit,
            flow.transport,
            flow.application,
            flow.channel,
            flow.app ?? '',
          ].some((one) => low(one).includes(v)) || messages.some((one) => messageSays(one, v))
        );
      default:
        throw new Error(key);
    }
  });
}

const messageSays = (message: Message, v: string): boolean =>
  message.kind.includes(v) ||
  (message.kind === 'http-request'
    ? low(message.host ?? '').includes(v) || low(message.uri).includes(v)
    : message.kind === 'dns-query' && low(message.name).includes(v));

const messageHas = (message: Message, { key, values }: FilterTerm): boolean =>
  values.some((value) => {
    const v = low(value);
    if (key === 'kind') return message.kind.includes(v);
    return message.kind === 'http-request' && low(message.uri).includes(v);
  });

const hitHas = (hit: FindingDraft, { key, values }: FilterTerm): boolean =>
  values.some((value) => {
    if (key === 'identifier') return hit.identifier?.kind === value || hit.identifier?.id === value;
    if (key === 'representation') return hit.representation === value;
    if (key === 'severity') return hit.severity === value;
    return key === 'confidence' ? hit.confidence === value : hit.rule.includes(low(value));
  });

const messageKeys = ['kind', 'uri'];
const hitKeys = ['identifier', 'representation', 'severity', 'confidence', 'rule'];

function flowPasses(world: World, flow: Flow, terms: readonly FilterTerm[]): boolean {
  const ofFlow = terms.filter(({ key }) => !messageKeys.includes(key) && !hitKeys.includes(key));
  const related = <Row>(
    rows: readonly Row[],
    keys: readonly string[],
    has: (row: Row, term: FilterTerm) => boolean,
  ): boolean => {
    const own = terms.filter(({ key }) => keys.includes(key));
    const wished = own.filter((term) => !term.negated);
    return (
      (wished.length === 0 || rows.some((row) => wished.every((term) => has(row, term)))) &&
      own.every((term) => !term.negated || !rows.some((row) => has(row, term)))
    );
  };
  return (
    ofFlow.every((term) => flowHas(world, flow, term) !== term.negated) &&
    related(
      world.messages.filter((one) => one.flow === flow.id),
      messageKeys,
      messageHas,
    ) &&
    related(
      world.hits.filter((one) => one.flow === flow.id),
      hitKeys,
      hitHas,
    )
  );
}

function messagePasses(world: World, message: Message, terms: readonly FilterTerm[]): boolean {
  const flow = world.flows[message.flow];
  if (flow === undefined) throw new Error('no flow');
  const name = low(
    message.kind === 'http-request' ? (message.host ?? '') : message.kind === 'dns-query' ? message.name : '',
  );
  const own = (term: FilterTerm): boolean | null => {
    if (messageKeys.includes(term.key)) return messageHas(message, term);
    if (term.key === 'time') return term.values.some((value) => inTime(message.at, value));
    if (term.key === 'phase') return term.values.includes(phaseAt(message.exhibit, message.at));
    if (term.key === 'host') {
      const named = term.values.some((value) =>
        value.startsWith('=') ? name === low(value.slice(1)) : name.includes(low(value)),
      );
      return named || flowHas(world, flow, term);
    }
    if (term.key !== 'text') return null;
    // Other messages of its conversation do not speak for it.
    return (
      term.values.some((value) => messageSays(message, low(value))) || flowHas({ ...world, messages: [] }, flow, term)
    );
  };
  const rest = terms.filter((term) => own(term) === null);
  return terms.every((term) => (own(term) ?? !term.negated) !== term.negated) && flowPasses(world, flow, rest);
}

function hitPasses(world: World, hit: FindingDraft, terms: readonly FilterTerm[]): boolean {
  const phase = { 'before-any-act': 'before-consent', 'after-act': 'after-consent', unknown: 'unknown' }[hit.consent];
  const told: Readonly<Record<string, string>> = {
    exhibit: hit.frames[0]?.exhibit ?? '',
    label: hit.label,
    run: hit.run ?? '',
    handset: hit.handset,
    channel: hit.channel ?? '',
    phase,
  };
  const own = (term: FilterTerm): boolean | null => {
    if (hitKeys.includes(term.key)) return hitHas(hit, term);
    if (term.key === 'time') return term.values.some((value) => inTime(hit.at, value));
    const text = told[term.key];
    return text === undefined ? null : term.values.some((value) => low(value) === low(text));
  };
  const rest = terms.filter((term) => own(term) === null);
  const flow = hit.flow === null ? undefined : world.flows[hit.flow];
  return (
    terms.every((term) => (own(term) ?? !term.negated) !== term.negated) &&
    (flow === undefined ? rest.every((term) => term.negated) : flowPasses(world, flow, rest))
  );
}

const line = fc
  .array(
    fc.tuple(
      fc.constantFrom('', '', '-'),
      fc.constantFrom(
        'host:xiaomi',
        'host:=a.example',
        'host:1.2.3',
        'host:台北',
        'client:192.168',
        'port:80,53',
        'country:CN',
        'country:none,TW',
        'app:xmsf',
        'application:http',
        'transport:udp',
        'channel:cleartext',
        'channel:tls,unknown',
        'exhibit:e001',
        'label:before',
        'run:R1',
        'handset:H2',
        'flow:1,2',
        'kind:dns',
        'uri:/pass',
        'uri:/b',
        'identifier:imei',
        'identifier:I2',
        'representation:plain',
        'severity:high',
        'confidence:certain',
        'rule:transmitted',
        'phase:before-consent',
        'phase:unknown,after-consent',
        'time:10:00..10:04',
        'time:2014-08-07T10:05:00Z..',
        'has:hits',
        'has:messages',
        'xiaomi',
        'user@id',
        'E002',
        'tls',
        'nothing',
      ),
    ),
    { maxLength: 4 },
  )
  .map((terms) => terms.map(([sign, term]) => `${sign}${term}`).join(' '));

const sorts: Readonly<Record<RowTable, readonly RowSort['by'][]>> = {
  flow: ['captured', 'time', 'host', 'sent'],
  message: ['captured', 'time', 'name'],
  finding: ['captured', 'time', 'severity'],
};

function termsOf(text: string): readonly FilterTerm[] {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  return parsed.terms;
}

describe('filters over columns', () => {
  test('let through exactly what the language says of each row, in every order', () => {
    fc.assert(
      fc.property(fc.array(flowWish, { maxLength: 9 }), line, fc.boolean(), (wishes, text, descending) => {
        const world = worldOf(wishes);
        const index = indexOf(world);
        const rows: RowFacts = index.rowFacts(facts);
        const terms = termsOf(text);
        const expected: Readonly<Record<RowTable, readonly number[]>> = {
          flow: world.flows.flatMap((one, i) => (flowPasses(world, one, terms) ? [i] : [])),
          message: world.messages.flatMap((one, i) => (messagePasses(world, one, terms) ? [i + 1] : [])),
          finding: world.hits.flatMap((one, i) => (hitPasses(world, one, terms) ? [i + 1] : [])),
        };
        for (const table of ['flow', 'message', 'finding'] as const) {
          expect(listed(matchingRows(rows, table, terms, asCaptured)), `${table} ${text}`).toEqual(expected[table]);
          for (const by of sorts[table]) {
            const found = listed(matchingRows(rows, table, terms, { by, descending }));
            expect(found.toSorted((a, b) => a - b)).toEqual(expected[table]);
          }
        }
        const sentOf = (row: number): number => world.flows[row]?.payloadBytes.toServer ?? 0;
        const bySent = listed(matchingRows(rows, 'flow', terms, { by: 'sent', descending: false }));
        expect(bySent).toEqual(expected.flow.toSorted((a, b) => sentOf(a) - sentOf(b) || a - b));
        const timeOf = (row: number): number => us(world.messages[row - 1]?.at ?? '');
        const byTime = listed(matchingRows(rows, 'message', terms, { by: 'time', descending: false }));
        expect(byTime).toEqual(expected.message.toSorted((a, b) => timeOf(a) - timeOf(b) || a - b));
        index.close();
      }),
      { numRuns: 120 },
    );
  });

  test('the timeline and the values to click add up to what passes', () => {
    fc.assert(
      fc.property(fc.array(flowWish, { minLength: 1, maxLength: 9 }), line, (wishes, text) => {
        const world = worldOf(wishes);
        const index = indexOf(world);
        const rows = index.rowFacts(facts);
        const terms = termsOf(text);
        const flows = world.flows.filter((one) => flowPasses(world, one, terms));
        const hits = world.hits.filter((one) => hitPasses(world, one, terms));
        const summary = summariseTime(rows, terms, 20);
        const sum = (numbers: readonly number[] | undefined): number => (numbers ?? []).reduce((a, b) => a + b, 0);
        expect(sum(summary?.buckets.map((one) => one.flows))).toBe(flows.length);
        expect(sum(summary?.buckets.map((one) => one.bytes))).toBe(
          sum(flows.map(({ payloadBytes }) => payloadBytes.toServer + payloadBytes.toClient)),
        );
        expect(sum(summary?.hits.map((one) => one.hits))).toBe(hits.filter((one) => one.at !== null).length);
        if (summary !== null) expect(new Set(summary.buckets.map((one) => one.fromUs)).size).toBeLessThanOrEqual(20);
        const values = (key: string): unknown => facets(rows, terms, 50).find((one) => one.key === key)?.values;
        const channels = new Map<string, number>();
        for (const { channel } of flows) channels.set(channel, (channels.get(channel) ?? 0) + 1);
        expect(
          new Map((values('channel') as { value: string; count: number }[]).map((one) => [one.value, one.count])),
        ).toEqual(channels);
        index.close();
      }),
      { numRuns: 50 },
    );
  });
});
