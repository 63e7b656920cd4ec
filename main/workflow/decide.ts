import type { Complaint, Symptom } from '../../shared/model/claim.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Conduct } from './conduct.ts';
import { writeCase } from './case-session.ts';
import { checkedText } from './checked-text.ts';
import { instantOf } from './instants.ts';
import { nowAt } from './conduct.ts';
import { listCase } from './query-case.ts';

export interface NewComplaint {
  readonly text: string;
  readonly from: string;
  readonly handset: string | null;
  readonly package: string | null;
  readonly labelBefore: string | null;
  readonly labelAfter: string | null;
  readonly symptom?: Symptom | null | undefined;
  /** RFC 3339; null: now. */
  readonly receivedAt: string | null;
}

export function addComplaint(directory: string, complaint: NewComplaint, conduct: Conduct): Result<Complaint> {
  const { text, from, labelBefore, labelAfter } = complaint;
  const texts = checkedText({
    text,
    from,
    package: complaint.package,
    before: labelBefore,
    after: labelAfter,
    as: conduct.actor,
  });
  if (!texts.ok) return texts;
  const receivedAt = complaint.receivedAt === null ? nowAt() : instantOf(complaint.receivedAt);
  if (receivedAt === null) return fail('instant-invalid', { value: complaint.receivedAt ?? '' });
  return writeCase(directory, 'adding a complaint', conduct, (writer) =>
    writer.addComplaint({ ...complaint, symptom: complaint.symptom ?? null, receivedAt }),
  );
}

/** Records the examiner's word on a finding named by its key or number. Problems: `finding-unknown`, `reason-missing`. */
export async function decideFinding(
  directory: string,
  wish: { readonly key: string; readonly verdict: 'confirm' | 'dismiss'; readonly reason: string },
  conduct: Conduct,
): Promise<Result<Finding>> {
  if (wish.reason.trim() === '') return fail('reason-missing');
  const texts = checkedText({ reason: wish.reason, as: conduct.actor });
  if (!texts.ok) return texts;
  const findings = await listCase(directory, 'findings', { label: null, run: null }, conduct);
  if (!findings.ok) return findings;
  const found = findings.value.find((one) => one.key === wish.key || one.number === wish.key);
  if (found === undefined) return fail('finding-unknown', { key: wish.key });
  const decided = writeCase(directory, 'deciding a finding', conduct, (writer) =>
    writer.decide(found.key, { verdict: wish.verdict, reason: wish.reason }),
  );
  return decided.ok ? ok({ ...found, decision: decided.value }) : decided;
}
