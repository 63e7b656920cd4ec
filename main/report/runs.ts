import type { Visibility } from '../../shared/model/comparison.ts';
import type { MaskedReport } from './masked-report.ts';

/** One run of a handset, as a column or a group. */
export interface ReportRunColumn {
  readonly handset: string;
  readonly label: string;
  readonly run: string | null;
  readonly visibility: Visibility | null;
}

/** Every run that something was collected or found in, in the order in which the case got it. */
export function runsOfReport(report: Pick<MaskedReport, 'exhibits' | 'findings' | 'visibility'>): ReportRunColumn[] {
  const runs = new Map<string, ReportRunColumn>();
  const note = (handset: string, label: string, run: string | null): void => {
    const key = runKey(handset, label, run);
    if (!runs.has(key)) runs.set(key, { handset, label, run, visibility: visibilityOf(report.visibility, label, run) });
  };
  for (const { handset, label, run } of report.exhibits) note(handset, label, run);
  for (const { finding } of report.findings) note(finding.handset, finding.label, finding.run);
  // A label with named runs needs no nameless one beside them, unless something was found there.
  const found = new Set(report.findings.map(({ finding }) => runKey(finding.handset, finding.label, finding.run)));
  const named = new Set(
    [...runs.values()].filter((one) => one.run !== null).map((one) => `${one.handset}\n${one.label}`),
  );
  return [...runs]
    .filter(([key, one]) => one.run !== null || found.has(key) || !named.has(`${one.handset}\n${one.label}`))
    .map(([, one]) => one);
}

export function runKey(handset: string, label: string, run: string | null): string {
  return JSON.stringify([handset, label, run]);
}

function visibilityOf(all: readonly Visibility[], label: string, run: string | null): Visibility | null {
  return (
    all.find((one) => one.label === label && (one.run ?? null) === run) ??
    all.find((one) => one.label === label && (one.run ?? null) === null && run === null) ??
    null
  );
}
