import type { ClaimVerdict, Complaint } from '../../shared/model/claim.ts';
import type { Result } from '../../shared/model/problem.ts';
import { ok } from '../../shared/model/problem.ts';
import { judgeClaims, runsAsTaken } from '../comparison/claims/judge-claims.ts';
import type { JudgeClaimsInput, RunInWords } from '../comparison/claims/judge-claims.ts';
import type { ComplaintVerdict } from '../comparison/judge-complaint.ts';
import { judgeComplaint } from '../comparison/judge-complaint.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';
import { eventsOf } from './case-events.ts';
import { snapshotsBetween } from './compare.ts';
import { pairHandsets } from './compared-handsets.ts';
import type { Conduct, Lang } from './conduct.ts';
import { withIndex } from './current-index.ts';
import type { LabelSide } from './label-snapshot.ts';
import { namedFindings } from './named-findings.ts';

/** A verdict per claim of the ledger, then one per complaint. Problems: those of analysing. */
export async function verifyClaims(directory: string, conduct: Conduct): Promise<Result<ClaimVerdict[]>> {
  return withIndex(directory, conduct, (reader, index) =>
    ok([
      ...judgeClaimsOf(reader, index, conduct.lang),
      ...checkComplaints(reader, index, conduct.lang).map((one) => one.verdict),
    ]),
  );
}

/** Kinds of record that verdicts rest on; the bulk of properties and log lines is not read. */
const claimKinds = [
  'setting',
  'component',
  'app-op',
  'event',
  'silent-sms',
  'identifier',
  'crash',
  'permission',
] as const;

export function judgeClaimsOf(reader: CaseReader, index: IndexReader, lang: Lang): ClaimVerdict[] {
  return judgeClaims(claimInputOf(reader, index, lang));
}

/** What each run of the case was taken for when its claims were judged. Problems: those of analysing. */
export async function runsTaken(directory: string, conduct: Conduct): Promise<Result<RunInWords[]>> {
  return withIndex(directory, conduct, (reader, index) => ok(runsAsTakenOf(reader, index, conduct.lang)));
}

/** As `runsTaken`, where case and index are open already. */
export function runsAsTakenOf(reader: CaseReader, index: IndexReader, lang: Lang): RunInWords[] {
  return runsAsTaken(claimInputOf(reader, index, lang));
}

function claimInputOf(reader: CaseReader, index: IndexReader, lang: Lang): JudgeClaimsInput {
  const buildDates = index.records({ kind: 'property', text: 'ro.build.date.utc' });
  return {
    findings: namedFindings(reader, index, {}, lang),
    records: [...buildDates, ...claimKinds.flatMap((kind) => index.records({ kind }))],
    // What a handset records of its use attests no act.
    events: eventsOf(reader, index, { label: null, run: null }).filter(({ kind }) => kind !== 'usage'),
    visibility: index.visibility(),
    lang,
  };
}

export interface CheckedComplaint {
  readonly complaint: Complaint;
  readonly check: ComplaintVerdict;
  readonly verdict: ClaimVerdict;
}

/** Each complaint against the records of the labels it names, else of its handset's first and last label. */
export function checkComplaints(reader: CaseReader, index: IndexReader, lang: Lang): CheckedComplaint[] {
  return reader.complaints().map((complaint) => {
    const [first, last] = labelsOf(reader, complaint);
    const before = complaint.labelBefore ?? first;
    const after = complaint.labelAfter ?? last;
    const several = severalHandsets(reader, complaint, before, after);
    const side = (label: string | null): LabelSide | null =>
      label === null ? null : { label, handset: complaint.handset };
    const check = judgeComplaint(complaint, {
      ...snapshotsBetween(reader, index, side(before), after === before ? null : side(after)),
      oneOf: several,
      lang,
    });
    const { verdict, why } = check;
    return {
      complaint,
      check,
      verdict: {
        claim: complaint.id,
        verdict,
        why,
        for: check.for,
        against: check.against,
        missing: check.missing,
        text: complaint.text,
        statedAt: complaint.receivedAt,
        source: complaint.from,
      },
    };
  });
}

/** Handsets of which the complaint may mean any; none where it says, or where each label stands for one. */
function severalHandsets(
  reader: CaseReader,
  complaint: Complaint,
  before: string | null,
  after: string | null,
): readonly string[] {
  if (complaint.handset !== null || before === null || after === null) return [];
  const { pairs, unpaired } = pairHandsets(reader, before, after);
  if (pairs.length === 1) return [];
  return pairs.length > 1
    ? pairs.flatMap((pair) => pair.before ?? [])
    : [...new Set([...unpaired.before, ...unpaired.after])];
}

function labelsOf(reader: CaseReader, complaint: Complaint): readonly [string | null, string | null] {
  if (complaint.handset === null) return [null, null];
  const labels = [...new Set(reader.exhibits({ handset: complaint.handset }).map((one) => one.label))];
  return [labels[0] ?? null, labels.at(-1) ?? null];
}
