import { setTimeout } from 'node:timers/promises';
import { setImmediate } from 'node:timers/promises';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Identifier } from '../../shared/model/identifier.ts';
import type { SnapshotRecord } from '../../shared/model/record.ts';
import { categorySeedsOf } from '../analysis/categories/categories.ts';
import type { CategorySeed } from '../analysis/categories/data-category.ts';
import { compilePatterns, maxLiterals, maxSeeds } from '../analysis/search/patterns.ts';
import type { PatternCounts, PatternSet, Salt } from '../analysis/search/patterns.ts';
import { microsecondsOf } from '../analysis/detectors/consent.ts';
import type { IndexBuilder } from '../evidence/index-builder.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import { missingSection, noSectionCode } from '../parsing/parse-result.ts';
import { addressBooks } from './address-books.ts';
import { handsetEventsKey, placedEventsKey } from './case-events.ts';
import { bytesOf, captureInput, type WholeCapture, wholeCaptures } from './capture-parts.ts';
import { CaptureWorker } from './capture-worker.ts';
import type { Conduct } from './conduct.ts';
import type { Gap } from './gaps.ts';
import { faultGap, gap } from './gaps.ts';
import type { EventRecord } from './handset-events.ts';
import { alignHandsetEvents } from './handset-events.ts';
import { saltOf } from './handset-salts.ts';
import { identifiersWithDoubts } from './identifier-doubts.ts';
import { ownSecretsKey } from './own-secrets-note.ts';
import { PacketClocks } from './packet-clocks.ts';
import type { ClockReading } from './packet-clocks.ts';
import { partsOf } from '../../shared/model/resumable.ts';
import { UsageEvents } from './usage-events.ts';
import { UidJoin } from './join-uids.ts';
import { judgeTraffic } from './judge-traffic.ts';
import type { AcquisitionFacts } from './parse-stored.ts';
import { acquisitionFacts, isParsed, noFacts, parseStored } from './parse-stored.ts';
import { readCaptures, searchesApart } from './read-captures.ts';
import { need } from './store-failure.ts';
import { TrafficGathering } from './traffic-gathering.ts';

export interface IndexOptions {
  readonly workers: number;
}

/** So long threads that read make themselves ready: the processors are theirs. */
const beginningMs = 400;

/** What came of a build, for people. */
export interface IndexSummary {
  readonly records: number;
  readonly flows: number;
  readonly messages: number;
  readonly findings: number;
  /** In order. */
  readonly findingKeys: readonly string[];
  readonly patterns: PatternCounts;
  /** What kept the exhibits from being read whole. */
  readonly gaps: readonly Gap[];
}

/**
 * Fills an index from what the case holds: command outputs → records; captures → flows, messages, hits; both → findings.
 * Same case, same rows in the same order, whatever the number of workers, time zone or language.
 */
export async function buildIndex(
  reader: CaseReader,
  builder: IndexBuilder,
  options: IndexOptions,
  conduct: Conduct,
): Promise<IndexSummary> {
  const exhibits = reader.exhibits();
  const wholes = wholeCaptures(exhibits, reader.joinedCaptures());
  const [first] = wholes;
  const apart = first !== undefined && searchesApart(bytesOf(first), wholes.length, options.workers);
  const waiting = first === undefined ? null : new CaptureWorker(apart);
  try {
    return await fillIndex(reader, builder, options, conduct, wholes, waiting);
  } finally {
    await waiting?.end();
  }
}

async function fillIndex(
  reader: CaseReader,
  builder: IndexBuilder,
  options: IndexOptions,
  conduct: Conduct,
  wholes: readonly WholeCapture[],
  waiting: CaptureWorker | null,
): Promise<IndexSummary> {
  const exhibits = reader.exhibits();
  const gaps: Gap[] = [];
  const parsed = await parseAll(reader, exhibits, builder, gaps, conduct);
  const captures = exhibits.filter((one) => one.kind === 'capture');
  // An index without one of the captures, or of what opens them, would stay, as if that one held nothing: it is refused by name.
  for (const { id, kind } of exhibits)
    if (kind === 'capture' || kind === 'key-log') need(reader.openExhibit(id)).close();
  const listed = identifiersWithDoubts(reader);
  const contradicted = [...new Set(listed.filter((one) => one.warnings.includes('contradicted')).map((one) => one.id))];
  if (contradicted.length > 0) gaps.push(gap('identifiers-contradicted', { identifiers: contradicted.join(', ') }));
  const identifiers = distinctIdentifiers(listed);
  const patterns = compilePatterns(identifiers, maxLiterals, parsed.salts, { seeds: parsed.seeds, probes: true });
  gaps.push(...patternGaps(patterns));
  if (parsed.seeds.length > maxSeeds) gaps.push(gap('seeds-limit', { count: maxSeeds, found: parsed.seeds.length }));
  const gathering = new TrafficGathering(wholes, builder);
  const totalBytes = captures.reduce((sum, one) => sum + one.bytes, 0);
  const stop = new AbortController();
  const reading = readCaptures(
    wholes.map((one) => captureInput(reader, one, exhibits)),
    patterns,
    options.workers,
    {
      onBatch: (input, batch) => gathering.take(input, batch),
      onFile: (input, start) => gathering.beginFile(input, start),
      onDone: (input, done) => gathering.finish(input, done),
      onProgress: (bytes, step) =>
        conduct.progress({
          task: 'analyse',
          step,
          done: bytes,
          total: totalBytes,
          unit: 'bytes',
          note: null,
        }),
    },
    AbortSignal.any([conduct.signal, stop.signal]),
    waiting,
  );
  try {
    // They are asked at the end: opened while this thread waits for rows, but not while the threads that read still begin.
    if (wholes.length > 0) {
      await Promise.race([reading, setTimeout(beginningMs, undefined, { ref: false })]);
      addressBooks();
    }
  } catch (error) {
    stop.abort();
    await reading.catch(() => undefined);
    throw error;
  }
  const { threadsEnded } = await reading;
  gaps.push(...gathering.gaps);
  const clocks = new PacketClocks(captures, parsed.clocks);
  const told = [...parsed.events, ...parsed.usage.events];
  const aligned = alignHandsetEvents(told, gathering.canaries, parsed.clockOf, clocks);
  gaps.push(...parsed.usage.gaps);
  builder.insertMeta(handsetEventsKey, aligned);
  // What a handset records of its use attests no act.
  const events = aligned.filter(({ kind }) => kind !== 'usage');
  const stated = reader.events();
  const placed = stated.map((one) => clocks.place(one));
  builder.insertMeta(
    placedEventsKey,
    placed.filter((one, i) => one !== stated[i]),
  );
  const judged = judgeTraffic({
    exhibits,
    patterns,
    gathering,
    events: [...placed, ...events],
    records: parsed.forRules,
  });
  builder.insertFindings(judged.findings);
  builder.insertVisibility(judged.visibility);
  builder.insertMeta(ownSecretsKey, gathering.ownSecrets);
  builder.insertMeta('gaps', gaps);
  builder.insertMeta('patterns', patterns.counts);
  await threadsEnded;
  return {
    records: parsed.count,
    flows: gathering.flowCount,
    messages: gathering.messageCount,
    findings: judged.findings.length,
    findingKeys: judged.findings.map(({ key }) => key).sort(),
    patterns: patterns.counts,
    gaps,
  };
}

/** What of the identifiers is not searched for, and which writings the limits took. */
function patternGaps({ skipped, counts }: PatternSet): Gap[] {
  const gaps = skipped
    .filter(({ reason }) => reason !== 'limit')
    .map(({ id, reason }) =>
      reason === 'in-fields'
        ? gap('pattern-in-fields', { identifier: id })
        : gap('pattern-skipped', { identifier: id, reason }),
    );
  const cut = skipped.filter(({ reason }) => reason === 'limit').length;
  const writings = counts.dropped.map(({ writing, count }) => `${writing} ${count}`).join(', ');
  if (counts.literalsDropped > 0)
    gaps.push(gap('patterns-dropped', { count: counts.literalsDropped, identifiers: cut, writings }));
  if (counts.joinedDropped > 0) gaps.push(gap('joins-dropped', { count: counts.joinedDropped, kept: counts.joined }));
  return gaps;
}

/** Several sources of one value are one identifier. */
function distinctIdentifiers(rows: readonly Identifier[]): Identifier[] {
  return [...new Map(rows.map((one) => [one.id, one])).values()];
}

interface Parsed {
  readonly count: number;
  readonly events: readonly EventRecord[];
  /** Of the handsets' own record of their use what bears on consent. */
  readonly usage: ReturnType<UsageEvents['result']>;
  /** Records that rules look at; the bulk (properties, logs …) stays in the index. */
  readonly forRules: readonly SnapshotRecord[];
  /** What the handsets have beside identifiers, to be hashed along with them. */
  readonly salts: readonly Salt[];
  /** Texts of data categories, each once. */
  readonly seeds: readonly CategorySeed[];
  readonly clockOf: (exhibit: string) => AcquisitionFacts['clock'];
  /** What live captures measured. */
  readonly clocks: readonly ClockReading[];
}

/** Limits of a parser that left something out; the others are assumptions (a year, an encoding). */
const lossyLimit = /^(cap-[a-z-]+|apk-[a-z-]+|dropbox-entries|jobs|rows-by-their-numbers)(?::(.*))?$/s;

const ruleKinds = new Set<SnapshotRecord['kind']>(['silent-sms', 'component', 'setting', 'event', 'identifier']);

async function parseAll(
  reader: CaseReader,
  exhibits: readonly Exhibit[],
  builder: IndexBuilder,
  gaps: Gap[],
  conduct: Conduct,
): Promise<Parsed> {
  const facts = acquisitionFacts(reader, exhibits);
  const acquisitionOf = new Map(exhibits.map((one) => [one.id, one.acquisition]));
  const factsOf = (exhibit: string): AcquisitionFacts => facts.get(acquisitionOf.get(exhibit) ?? '') ?? noFacts;
  const outputs = exhibits.filter(isParsed);
  const uids = new UidJoin();
  const acquisitions = reader.acquisitions();
  // What one that goes on with another reads belongs to the same reading of the handset.
  const readingOf = (id: string | null): string | null =>
    id === null ? null : (partsOf(acquisitions, id)[0]?.id ?? id);
  const events: EventRecord[] = [];
  const usage = new UsageEvents();
  const clocks: ClockReading[] = [];
  const forRules: SnapshotRecord[] = [];
  const salts = new Map<string, Salt>();
  const seeds = new Map<string, CategorySeed>();
  let count = 0;
  for (const [position, exhibit] of outputs.entries()) {
    conduct.progress({
      task: 'analyse',
      step: 'records',
      done: position,
      total: outputs.length,
      unit: 'steps',
      note: null,
    });
    // Signals are heard between exhibits.
    await setImmediate();
    if (conduct.signal.aborted) break;
    const parsed = parseStored(reader, exhibit, factsOf(exhibit.id));
    if (!parsed.ok) {
      gaps.push(gap('exhibit-problem', { ...named(exhibit), problem: parsed.problem.code }));
      builder.insertFaults([fault(exhibit.id, parsed.problem.code, 1, parsed.problem.detail ?? '')]);
      continue;
    }
    // A refused or absent command printed an error message; its words are no data to be misread.
    const readable = exhibit.outcome === 'read' || exhibit.outcome === 'interrupted' || exhibit.outcome === 'timed-out';
    const { label, handset, run } = exhibit;
    const bodies = readable ? uids.join(readingOf(exhibit.acquisition), parsed.value.records) : [];
    const records = bodies.map((body): SnapshotRecord => ({
      ...body,
      label,
      handset,
      run,
      exhibit: exhibit.id,
    }));
    builder.insertRecords(records);
    count += records.length;
    for (const record of records) {
      if (record.kind === 'event') events.push(record);
      usage.take(record);
      if (record.kind === 'clock' && record.measuredAt !== undefined)
        clocks.push({ ...record, atUs: microsecondsOf(record.measuredAt) });
      if (ruleKinds.has(record.kind)) forRules.push(record);
      const salt = saltOf(record);
      if (salt !== null) salts.set(JSON.stringify(salt), salt);
      for (const seed of categorySeedsOf(record)) seeds.set(JSON.stringify(seed), seed);
    }
    if (!readable) continue;
    const { unparsable, unparsedCount, unparsed } = parsed.value;
    const section = missingSection(parsed.value);
    if (section !== null) gaps.push(gap('no-section', { ...named(exhibit), section }));
    if (unparsable) {
      if (section === null) gaps.push(gap('unparsable', named(exhibit)));
      builder.insertFaults([fault(exhibit.id, 'unparsable', unparsedCount, unparsed[0]?.reason ?? '')]);
    } else if (unparsedCount > 0) {
      const first = unparsed[0];
      const detail = first === undefined ? '' : `first: line ${first.line} ${first.reason}: ${first.text}`;
      builder.insertFaults([fault(exhibit.id, 'unparsed-lines', unparsedCount, detail)]);
      if (section === null || unparsed.some(({ reason }) => reason !== noSectionCode(section)))
        gaps.push(faultGap(exhibit, { code: 'unparsed-lines', detail, count: unparsedCount }));
    }
    for (const limit of parsed.value.limits) {
      builder.insertFaults([fault(exhibit.id, `parse-${limit}`, 1, '')]);
      const [, code, detail] = lossyLimit.exec(limit) ?? [];
      if (code !== undefined) gaps.push(faultGap(exhibit, { code, detail: detail ?? '', count: 1 }));
    }
  }
  return {
    count,
    events,
    usage: usage.result(),
    forRules,
    salts: [...salts.values()],
    seeds: [...seeds.values()],
    clockOf: (exhibit) => factsOf(exhibit).clock,
    clocks,
  };
}

function named({ id, originalName }: Exhibit): { readonly exhibit: string; readonly name: string } {
  return { exhibit: id, name: originalName };
}

function fault(
  exhibit: string,
  code: string,
  count: number,
  detail: string,
): Parameters<IndexBuilder['insertFaults']>[0] extends Iterable<infer F> ? F : never {
  return { exhibit, code, offsetBytes: null, frame: null, count, detail };
}
