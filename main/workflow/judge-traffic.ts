import type { CaseEvent } from '../../shared/model/event.ts';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { FindingDraft } from '../../shared/model/finding.ts';
import type { SnapshotRecord } from '../../shared/model/record.ts';
import type { Visibility } from '../../shared/model/comparison.ts';
import { openCountryDatabase } from '../analysis/destinations/country-database.ts';
import { openNetworkDatabase, type NetworkDatabase } from '../analysis/destinations/network-database.ts';
import { makeFindings } from '../analysis/detectors/make-findings.ts';
import type { PatternSet } from '../analysis/search/patterns.ts';
import { measureVisibility } from '../analysis/visibility/measure-visibility.ts';
import { readCountryData, readNetworkData } from './address-data.ts';
import type { TrafficGathering } from './traffic-gathering.ts';

export interface JudgeInput {
  readonly exhibits: readonly Exhibit[];
  readonly patterns: PatternSet;
  readonly gathering: TrafficGathering;
  readonly events: readonly CaseEvent[];
  readonly records: readonly SnapshotRecord[];
}

export interface Judged {
  readonly findings: readonly FindingDraft[];
  readonly visibility: readonly Visibility[];
}

/** The npm packages of both databases say so of themselves. */
const dataCaution = 'the database says of itself that its data contain errors';

/** Rules over what was gathered, and how much could be seen. */
export function judgeTraffic({ exhibits, patterns, gathering, events, records }: JudgeInput): Judged {
  const country = readCountryData();
  const findings = makeFindings({
    patterns,
    exhibits,
    flows: gathering.flows,
    messages: gathering.messages,
    hits: gathering.hits,
    events,
    records,
    bytesSearched: gathering.bytesSearched,
    countries: country === null ? null : openCountryDatabase(country.bytes, country.name, dataCaution),
    networks: networkDatabase(),
  });
  const visibility = measureVisibility(gathering.sights, gathering.canaryRequests, events);
  return { findings, visibility };
}

function networkDatabase(): NetworkDatabase | null {
  const data = readNetworkData();
  return data === null
    ? null
    : openNetworkDatabase(data.bytes, { name: data.name, dataAt: data.builtAt, caution: dataCaution });
}
