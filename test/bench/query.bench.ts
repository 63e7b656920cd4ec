// What questions to a big index cost: `node test/bench/query.bench.ts [FLOWS [FOLDER]]`. FLOWS is 5,000,000 unless said; an index that
// lies in FOLDER from an earlier run is asked again. Goals: any page under 50 ms, search of hosts, URIs and names under 200 ms.
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFilter } from '../../shared/filter/parse-filter.ts';
import { facets, summariseTime } from '../../main/evidence/columns/row-summary.ts';
import { asCaptured, matchingRows } from '../../main/evidence/columns/row-query.ts';
import { warmColumns } from '../../main/evidence/columns/warm-columns.ts';
import type { RowSort } from '../../main/evidence/columns/row-query.ts';
import type { RowTable } from '../../shared/filter/row-shapes.ts';
import { IndexBuilder } from '../../main/evidence/index-builder.ts';
import { IndexReader } from '../../main/evidence/readers/index-reader.ts';
import { createSqlite, openSqlite } from '../../main/evidence/sqlite.ts';
import { openCountryDatabase } from '../../main/analysis/destinations/country-database.ts';
import { readCountryData } from '../../main/workflow/address-data.ts';
import { benchExhibits, numbers, sceneRows } from './query-scene.ts';

const count = Number(process.argv[2] ?? '5000000');
if (!Number.isInteger(count) || count < 1000) throw new Error('FLOWS is a whole number from 1000 on');
const given = process.argv[3];
const folder = given ?? mkdtempSync(join(tmpdir(), 'handsight-query-'));
mkdirSync(folder, { recursive: true });
const file = join(folder, `index-${count}.sqlite`);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const pageRows = 100;

function build(): void {
  const begun = performance.now();
  const cpuBegun = process.cpuUsage();
  const builder = new IndexBuilder(createSqlite(file), benchExhibits);
  let messages = 0;
  for (const { flow, messages: own, finding } of sceneRows(count)) {
    builder.insertMessages(own);
    builder.insertFlows([flow]);
    if (finding !== null) builder.insertFindings([finding]);
    messages += own.length;
  }
  const loaded = performance.now();
  builder.complete();
  builder.close();
  const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(1);
  const rows = count + messages;
  const cpu = process.cpuUsage(cpuBegun);
  say(
    `built: ${count} flows, ${messages} messages: load ${seconds(begun, loaded)} s (${(((loaded - begun) * 1000) / rows).toFixed(2)} µs a row), ` +
      `indexes and digest ${seconds(loaded, performance.now())} s, CPU of both ${((cpu.user + cpu.system) / 1e6).toFixed(0)} s, ${(statSync(file).size / 2 ** 20).toFixed(0)} MiB`,
  );
}

if (!existsSync(file)) build();

const country = readCountryData();
const countries = country === null ? null : openCountryDatabase(country.bytes, country.name, null);
const facts = {
  countryOf: (address: string): string | null => countries?.countryOf(address).country ?? null,
  phasesOf: () => [
    { fromUs: Number.NEGATIVE_INFINITY, phase: 'before-consent' as const },
    { fromUs: Date.UTC(2014, 7, 7, 10, 20) * 1000, phase: 'after-consent' as const },
  ],
};

let turn = 0;
/** A reader whose columns nobody has read yet, as after opening a case; or one like the last. */
function reader(fresh: boolean): IndexReader {
  if (fresh) turn += 1;
  return new IndexReader(openSqlite(file, { readonly: true }), {
    generation: 1,
    file,
    bytes: 0,
    sha256: `bench ${turn}`,
    schemaVersion: 0,
    engineVersion: '',
    inputs: '',
    digests: {} as never,
  });
}

const any = numbers(99);

interface Question {
  readonly name: string;
  readonly table: RowTable;
  readonly filter: string;
  readonly sort?: RowSort;
  /** Where the page begins, as a share of all that match. */
  readonly place?: () => number;
}

function ask(
  open: () => IndexReader,
  question: Question,
  kind: 'new' | 'again' | 'cold',
): { readonly ms: number; readonly cpuMs: number; readonly total: number } {
  const parsed = parseFilter(question.filter);
  if (!parsed.ok) throw new Error(`${question.filter}: ${parsed.problem.code}`);
  if (kind === 'new') {
    // Nothing of it, and of no part of it, is remembered.
    const before = open();
    before.rowFacts(facts).answers().forget();
    before.close();
  }
  const cpuBegun = process.cpuUsage();
  const begun = performance.now();
  const index = open();
  const rows = matchingRows(index.rowFacts(facts), question.table, parsed.terms, question.sort ?? asCaptured);
  const from = Math.min(Math.floor((question.place?.() ?? 0) * rows.length), Math.max(0, rows.length - pageRows));
  index.rows(question.table as 'flow', rows.page(from, from + pageRows));
  index.close();
  const ms = performance.now() - begun;
  const cpu = process.cpuUsage(cpuBegun);
  return { ms, cpuMs: (cpu.user + cpu.system) / 1000, total: rows.length };
}

function tell(question: Question, kind: 'new' | 'again'): void {
  const times: number[] = [];
  const cpus: number[] = [];
  let total = 0;
  for (let i = 0; i < 15; i += 1) {
    const asked = ask(() => reader(false), question, kind);
    if (kind === 'again' && i === 0) continue;
    times.push(asked.ms);
    cpus.push(asked.cpuMs);
    total = asked.total;
  }
  times.sort((a, b) => a - b);
  cpus.sort((a, b) => a - b);
  const at = (all: readonly number[], share: number): string =>
    (all[Math.min(all.length - 1, Math.floor(all.length * share))] ?? 0).toFixed(1).padStart(8);
  say(
    `${question.name.padEnd(58)} ${kind.padEnd(6)}${at(times, 0.5)} ${at(times, 0.95)} ${at(cpus, 0)} ${at(cpus, 0.5)}  ${total}`,
  );
}

const pages: readonly Question[] = [
  { name: 'flows, first page', table: 'flow', filter: '' },
  { name: 'flows, a page anywhere', table: 'flow', filter: '', place: () => any(1000) / 1000 },
  { name: 'flows, last page', table: 'flow', filter: '', place: () => 1 },
  {
    name: 'flows by bytes sent, descending, anywhere',
    table: 'flow',
    filter: '',
    sort: { by: 'sent', descending: true },
    place: () => any(1000) / 1000,
  },
  {
    name: 'flows by host, anywhere',
    table: 'flow',
    filter: '',
    sort: { by: 'host', descending: false },
    place: () => any(1000) / 1000,
  },
  { name: 'messages, a page anywhere', table: 'message', filter: '', place: () => any(1000) / 1000 },
  { name: 'hits, a page anywhere', table: 'finding', filter: '', place: () => any(1000) / 1000 },
  {
    name: 'hits by severity, a page anywhere',
    table: 'finding',
    filter: '',
    sort: { by: 'severity', descending: false },
    place: () => any(1000) / 1000,
  },
];
const filters: readonly Question[] = [
  'channel:cleartext',
  'application:http',
  'label:after',
  'country:CN',
  'host:service-17.example',
  'identifier:imei',
  'representation:pseudonymised',
  'phase:before-consent',
  'time:10:00..10:05',
  'has:hits',
  'kind:http-request',
  'channel:cleartext identifier:imei country:US phase:before-consent',
  '-channel:tls host:service-1 time:10:00..10:30 -identifier:imei',
].map((filter) => ({ name: `flows, ${filter}`, table: 'flow', filter }));
const inMessages: readonly Question[] = ['kind:http-request', 'channel:tls', 'identifier:imei kind:http-request'].map(
  (filter) => ({ name: `messages, ${filter}`, table: 'message', filter }),
);
const searches: readonly Question[] = [
  { name: 'search of a host: flows, xiaomi', table: 'flow', filter: 'xiaomi' },
  { name: 'search of a host: messages, host:rare.api.account', table: 'message', filter: 'host:rare.api.account' },
  { name: 'search of a URI: messages, uri:device=42424', table: 'message', filter: 'uri:device=42424' },
  { name: 'search of a URI: flows, uri:session=3k', table: 'flow', filter: 'uri:session=3k' },
  { name: 'search anywhere: flows, service-399', table: 'flow', filter: 'service-399' },
  { name: 'search anywhere: messages, track/499', table: 'message', filter: 'track/499' },
  { name: 'search anywhere: flows, what nothing holds', table: 'flow', filter: 'zzzzqqqq' },
];

say(`${'ms'.padEnd(65)}     p50      p95 CPU best  CPU p50  rows`);
const cold = performance.now();
ask(() => reader(true), { name: '', table: 'flow', filter: '' }, 'cold');
say(`first page of all after opening (columns read)            ${(performance.now() - cold).toFixed(0).padStart(13)}`);
for (const question of [...filters.slice(0, 1), ...searches.slice(0, 3)]) {
  const { ms } = ask(() => reader(true), question, 'cold');
  say(`after opening: ${question.name.padEnd(50)}${ms.toFixed(0).padStart(8)}`);
}
{
  // As the window does after a case was opened, in steps between which it answers.
  turn += 1;
  const steps: number[] = [];
  for (let more = true; more;) {
    const begun = performance.now();
    const index = reader(false);
    more = warmColumns(index.rowFacts(facts));
    index.close();
    steps.push(performance.now() - begun);
  }
  const sum = steps.reduce((all, ms) => all + ms, 0);
  say(`read ahead: ${steps.length} steps of at most ${Math.max(...steps).toFixed(0)} ms, ${sum.toFixed(0)} ms in all`);
  for (const question of [...filters.slice(0, 1), ...filters.slice(3, 4), ...searches.slice(0, 3)]) {
    const { ms } = ask(() => reader(false), question, 'new');
    say(`read ahead, then: ${question.name.padEnd(47)}${ms.toFixed(0).padStart(8)}`);
  }
}
for (const question of pages.filter(({ sort }) => sort !== undefined)) {
  const { ms } = ask(() => reader(false), question, 'cold');
  say(`sorted once: ${question.name.padEnd(52)}${ms.toFixed(0).padStart(8)}`);
}
for (const question of pages) tell(question, 'again');
for (const question of [...filters, ...inMessages, ...searches]) {
  tell(question, 'new');
  tell(question, 'again');
}
for (const line of ['', 'channel:cleartext']) {
  const index = reader(false);
  const parsed = parseFilter(line);
  const terms = parsed.ok ? parsed.terms : [];
  index.rowFacts(facts).answers().forget();
  const begun = performance.now();
  const summary = summariseTime(index.rowFacts(facts), terms, 1000);
  const between = performance.now();
  facets(index.rowFacts(facts), terms, 12);
  say(
    `timeline «${line}»: ${(between - begun).toFixed(0)} ms, ${summary?.buckets.length} pieces; values to click: ${(performance.now() - between).toFixed(0)} ms`,
  );
  index.close();
}
say(`memory of this process: ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB`);
if (given === undefined) rmSync(folder, { recursive: true, force: true });
