import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Result } from '../../shared/model/problem.ts';
import { ok } from '../../shared/model/problem.ts';
import type { Visibility } from '../../shared/model/comparison.ts';
import type { Salt } from '../analysis/search/patterns.ts';
import type {
  CaptureClocks,
  ReportInput,
  ReportComparison,
  ReportFinding,
  TrafficShare,
} from '../report/report-input.ts';
import type { NumberedFinding } from '../evidence/case-types.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';
import { eventsOf } from './case-events.ts';
import { pairHandsets } from './compared-handsets.ts';
import { changesBetween, comparisonCaveats, labelPairs } from './compare.ts';
import type { Conduct, Lang } from './conduct.ts';
import { nowAt } from './conduct.ts';
import { readCountryData, readNetworkData, type AddressData } from './address-data.ts';
import { withIndex } from './current-index.ts';
import { wordFault, wordStoredFault } from './gaps.ts';
import { identifiersWithDoubts } from './identifier-doubts.ts';
import { saltOf } from './handset-salts.ts';
import { detailedFindings } from './named-findings.ts';
import { packetInstantsOf } from './packet-instants.ts';
import type { WorkstationInstantOf } from './packet-instants.ts';
import { programHash, programVersion } from './program-version.ts';
import { patternCounts } from './pattern-counts.ts';
import { exhibitsAsRead } from './query-case.ts';
import { placeOfRecord } from './record-place.ts';
import { checkComplaints, judgeClaimsOf, runsAsTakenOf } from './verify-claims.ts';

const everything = { label: null, run: null } as const;

/** Everything a report says, in the conduct's language. Problems: those of reading the case and of building the index. */
export async function gatherReport(directory: string, conduct: Conduct): Promise<Result<ReportInput>> {
  return withIndex(directory, conduct, (reader, index) => ok(gather(reader, index, conduct)));
}

function gather(reader: CaseReader, index: IndexReader, conduct: Conduct): ReportInput {
  const { lang } = conduct;
  const summary = reader.summary();
  const exhibits = exhibitsAsRead(reader, index, everything);
  const instantOf = packetInstantsOf(reader, index);
  return {
    summary,
    madeAt: nowAt(),
    madeBy: conduct.actor ?? summary.examiner,
    program: { version: programVersion(), sha256: programHash() },
    handsets: reader.handsets(),
    intakes: reader.intakes(),
    identifiers: identifiersWithDoubts(reader),
    acquisitions: reader.acquisitions(),
    exhibits: exhibits.map((one) => ({ ...one, fault: one.fault === null ? null : wordStoredFault(lang, one.fault) })),
    events: eventsOf(reader, index, everything),
    findings: detailedFindings(reader, index, {}, lang).map((one) => findingOf(reader, exhibits, one, instantOf)),
    comparisons: labelPairs(reader).map(([before, after]) => comparisonOf(reader, index, before, after, conduct)),
    runs: runsAsTakenOf(reader, index, lang),
    claims: judgeClaimsOf(reader, index, lang),
    complaints: checkComplaints(reader, index, lang).map(({ complaint, verdict }) => ({ complaint, verdict })),
    visibility: index
      .visibility()
      .map((one) => ({ ...one, gaps: one.gaps.map((gap) => wordVisibilityGap(lang, gap)) })),
    captureClocks: captureClocksOf(index),
    traffic: trafficShares(index),
    custody: reader.custody(),
    salts: saltsOf(index),
    patterns: patternCounts(index.meta('patterns')),
    countryData: aboutData(readCountryData()),
    networkData: aboutData(readNetworkData()),
  };
}

function aboutData(data: AddressData | null): ReportInput['countryData'] {
  return data === null ? null : { name: data.name, builtAt: data.builtAt, licence: data.licence };
}

function captureClocksOf(index: IndexReader): CaptureClocks[] {
  const clocks = new Map<string, CaptureClocks & { readonly readings: CaptureClocks['readings'][number][] }>();
  for (const record of index.records({ kind: 'clock' })) {
    if (record.kind !== 'clock' || record.measuredAt === undefined) continue;
    const { exhibit, run, label, measuredAt, offsetMs, boundMs } = record;
    const known = clocks.get(exhibit) ?? { exhibit, run: run ?? label, readings: [] };
    known.readings.push({ at: measuredAt, offsetMs, boundMs });
    clocks.set(exhibit, known);
  }
  return [...clocks.values()];
}

/** As the analysis collects them: from every record, each once. */
function saltsOf(index: IndexReader): Salt[] {
  const salts = new Map<string, Salt>();
  for (const kind of ['property', 'package'] as const) {
    for (const record of index.records({ kind })) {
      const salt = saltOf(record);
      if (salt !== null) salts.set(JSON.stringify(salt), salt);
    }
  }
  return [...salts.values()];
}

function findingOf(
  reader: CaseReader,
  exhibits: readonly Exhibit[],
  named: NumberedFinding,
  instantOf: WorkstationInstantOf,
): ReportFinding {
  const { bodyOffset, context, ...finding } = named;
  const capture = finding.frames[0]?.exhibit;
  return {
    finding,
    context,
    bodyOffset,
    decodings: finding.decodings ?? [],
    place: placeOfRecord(reader, exhibits, named),
    statement: finding.statement,
    ...(capture === undefined || finding.at === null ? {} : { workstation: instantOf(capture, finding.at) }),
  };
}

const codedGap = /^(E\d+): ([a-z][a-z-]*) ×(\d+)$/;

/** `E208: tcp-gap ×3`, or a capture's stored fault, in words; what a person attested stands as it is. */
function wordVisibilityGap(lang: Lang, gap: Visibility['gaps'][number]): string {
  const [, exhibit, code, count] = codedGap.exec(gap) ?? [];
  if (exhibit !== undefined && code !== undefined) return `${exhibit}: ${wordFault(lang, code, '')} ×${count ?? ''}`;
  const [, owner, fault] = /^(E\d+): (.+)$/s.exec(gap) ?? [];
  return owner === undefined || fault === undefined ? gap : `${owner}: ${wordStoredFault(lang, fault)}`;
}

function comparisonOf(
  reader: CaseReader,
  index: IndexReader,
  before: string,
  after: string,
  conduct: Conduct,
): ReportComparison {
  const changes = changesBetween(reader, index, before, after, conduct.lang);
  const shown = changes.filter((change) => !change.noise);
  const compared = pairHandsets(reader, before, after).pairs.length > 0;
  const caveats = comparisonCaveats(reader, index, before, after, conduct.lang);
  return { before, after, changes: shown, noiseLeftOut: changes.length - shown.length, compared, caveats };
}

/** Recipients in the picture and its table; the others are summed so that nothing is missing. */
const shownRecipients = 60;

function trafficShares(index: IndexReader): TrafficShare[] {
  const rows = index
    .trafficByRecipient()
    .map(({ label, recipient, channel, bytesToServer }) => ({ label, recipient, channel, bytesToServer }))
    .sort((a, b) => b.bytesToServer - a.bytesToServer || (a.recipient < b.recipient ? -1 : 1));
  const rest = new Map<string, TrafficShare>();
  for (const row of rows.slice(shownRecipients)) {
    const key = `${row.label}\n${row.channel}`;
    const sum = rest.get(key);
    rest.set(key, { ...row, recipient: '*', bytesToServer: row.bytesToServer + (sum?.bytesToServer ?? 0) });
  }
  return [...rows.slice(0, shownRecipients), ...rest.values()];
}
