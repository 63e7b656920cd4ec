import type { ClaimVerdict } from '../../../shared/model/claim.ts';
import { say } from '../wording.ts';
import type { Language } from '../wording.ts';
import { serviceFlowsOf } from './evidence.ts';
import { ledger } from './ledger.ts';
import { predicates } from './predicates.ts';
import { describeRuns, runName } from './run-roles.ts';
import type { RoleInput, RunRole } from './run-roles.ts';

export interface JudgeClaimsInput extends RoleInput {
  readonly lang?: Language;
}

/** What a run was taken for, in words. */
export interface RunInWords {
  readonly label: string;
  readonly run: string;
  readonly build: string;
  readonly reset: string;
  readonly service: string;
  /** What that was taken from. */
  readonly basis: string;
}

function roleInWords(role: RunRole, lang: Language): RunInWords {
  const reset = role.reset === null ? 'role.reset-unknown' : role.reset ? 'role.reset' : 'role.kept';
  return {
    label: role.label,
    run: runName(role),
    build: say(lang, role.build === 'unknown' ? 'role.build-unknown' : `role.${role.build}`),
    reset: role.build === 'after' ? say(lang, reset) : '–',
    service: say(lang, role.switchedOn ? 'role.switched-on' : 'role.untouched'),
    basis:
      role.basis.length === 0
        ? '–'
        : role.basis.map((one) => say(lang, `basis.${one}`)).join(lang === 'en' ? ', ' : '、'),
  };
}

/** What each run was taken for when claims are judged, so that a reader can disagree. Order: label, run. */
export function runsAsTaken(input: JudgeClaimsInput): RunInWords[] {
  return describeRuns(input).map((role) => roleInWords(role, input.lang ?? 'en'));
}

/**
 * Verdicts on the ledger of the founding case, one per claim in the ledger's order. Pure: findings, records, events and
 * visibility in; `for` and `against` name findings by number, records by exhibit, runs by their silence. What each run was
 * taken for is the same for every claim: `runsAsTaken` says it once.
 */
export function judgeClaims(input: JudgeClaimsInput): ClaimVerdict[] {
  const lang = input.lang ?? 'en';
  const roles = describeRuns(input);
  const { findings, records, events } = input;
  const claimInput = { findings, records, events, roles, serviceFlows: serviceFlowsOf(findings), lang };
  return ledger.map(({ id, text, statedAt, source }) => {
    const judged = predicates[id](claimInput);
    return {
      claim: id,
      ...judged,
      text: text[lang],
      statedAt,
      source: source[lang],
    };
  });
}
