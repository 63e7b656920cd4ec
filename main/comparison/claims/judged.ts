import type { ClaimVerdict, Verdict } from '../../../shared/model/claim.ts';
import type { ClaimInput } from './evidence.ts';
import type { RunRole } from './run-roles.ts';

export type Judged = Pick<ClaimVerdict, 'verdict' | 'why' | 'for' | 'against' | 'missing'>;

export function judged(
  verdict: Verdict,
  why: string,
  parts: Partial<Pick<Judged, 'for' | 'against' | 'missing'>> = {},
): Judged {
  return { verdict, why, for: parts.for ?? [], against: parts.against ?? [], missing: parts.missing ?? [] };
}

export const oldRuns = (input: ClaimInput): RunRole[] => input.roles.filter(({ build }) => build === 'before');
export const newRuns = (input: ClaimInput): RunRole[] => input.roles.filter(({ build }) => build === 'after');
export const labelsOf = (roles: readonly RunRole[]): Set<string> => new Set(roles.map(({ label }) => label));
export const only = (...kinds: string[]): ReadonlySet<string> => new Set(kinds);
