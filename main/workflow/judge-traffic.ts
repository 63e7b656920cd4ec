import type { CaseEvent } from '../../shared/model/event.ts';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { FindingDraft } from '../../shared/model/finding.ts';
import type { SnapshotRecord } from '../../shared/model/record.ts';
import type { Visibility } from '../../shared/model/comparison.ts';
import type { ExhibitFacts } from '../analysis/detectors/finding-input.ts';
import { makeFindings } from '../analysis/detectors/make-findings.ts';
import type { PatternSet } from '../analysis/search/patterns.ts';
import { measureVisibility } from '../analysis/visibility/measure-visibility.ts';
import { addressBooks } from './address-books.ts';
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

/** Rules over what was gathered, and how much could be seen. */
export function judgeTraffic({ exhibits, patterns, gathering, events, records }: JudgeInput): Judged {
  const findings = makeFindings({
    patterns,
    exhibits: exhibits.map((one) => withClockStep(one, gathering.clockSteps.get(one.id))),
    flows: gathering.flows,
    messages: gathering.messages,
    answeredTo: gathering.answeredTo,
    hits: gathering.hits,
    events,
    records,
    bytesSearched: gathering.bytesSearched,
    ...addressBooks(),
  });
  const visibility = measureVisibility(gathering.sights, gathering.canaryRequests, events);
  return { findings, visibility };
}

function withClockStep(exhibit: Exhibit, clockStepUs: number | undefined): ExhibitFacts {
  return clockStepUs === undefined ? exhibit : { ...exhibit, clockStepUs };
}
