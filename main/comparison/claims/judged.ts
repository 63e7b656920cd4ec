import type { ClaimVerdict, Verdict } from '../../../shared/model/claim.ts';
import { say } from '../wording.ts';
import type { Language } from '../wording.ts';
import type { ClaimInput } from './evidence.ts';
import { isOfRun } from './run-roles.ts';
import type { RunRole } from './run-roles.ts';

export type Judged = Pick<ClaimVerdict, 'verdict' | 'why' | 'for' | 'against' | 'missing'>;

export function judged(
  verdict: Verdict,
  why: string,
  parts: Partial<Pick<Judged, 'for' | 'against' | 'missing'>> = {},
): Judged {
  return { verdict, why, for: parts.for ?? [], against: parts.against ?? [], missing: parts.missing ?? [] };
}

/** The case holds nothing that this claim could be tested with: that is no test whose outcome was silence. */
export function notTestable(lang: Language, what: string): Judged {
  return judged('not-testable', say(lang, 'why.no-run', { what }), {
    missing: [say(lang, 'missing.no-run', { what })],
  });
}

/** Null where a run of that build has traffic: a capture, or a finding that the case holds without one (a radio log). */
export function withoutRun(
  { lang, findings }: ClaimInput,
  build: 'before' | 'after' | 'any',
  roles: readonly RunRole[],
): Judged | null {
  const heard = (role: RunRole): boolean =>
    (role.visibility !== null && role.visibility.captures.length > 0) ||
    findings.some((one) => (one.flow !== null || one.rule === 'silent-sms') && isOfRun(one, role.label, role.run));
  if (roles.some(heard)) return null;
  const traffic = say(lang, 'role.captured');
  return notTestable(lang, build === 'any' ? traffic : `${say(lang, `role.${build}`)}, ${traffic}`);
}

export const oldRuns = (input: ClaimInput): RunRole[] => input.roles.filter(({ build }) => build === 'before');
export const newRuns = (input: ClaimInput): RunRole[] => input.roles.filter(({ build }) => build === 'after');
export const labelsOf = (roles: readonly RunRole[]): Set<string> => new Set(roles.map(({ label }) => label));
export const only = (...kinds: string[]): ReadonlySet<string> => new Set(kinds);
