import type { ClaimVerdict } from '../../../shared/model/claim.ts';
import { say } from '../wording.ts';
import type { Language } from '../wording.ts';
import { ledger } from './ledger.ts';
import { predicates } from './predicates.ts';
import { describeRuns, runName } from './run-roles.ts';
import type { RoleInput, RunRole } from './run-roles.ts';

export interface JudgeClaimsInput extends RoleInput {
  readonly lang?: Language;
}

function roleInWords(role: RunRole, lang: Language): string {
  const reset = role.reset === null ? 'role.reset-unknown' : role.reset ? 'role.reset' : 'role.kept';
  return say(lang, 'claim.role', {
    run: runName(role),
    build: say(lang, role.build === 'unknown' ? 'role.build-unknown' : `role.${role.build}`),
    reset: role.build === 'after' ? say(lang, reset) : '–',
    service: say(lang, role.switchedOn ? 'role.switched-on' : 'role.untouched'),
    basis:
      role.basis.length === 0
        ? '–'
        : role.basis.map((one) => say(lang, `basis.${one}`)).join(lang === 'en' ? ', ' : '、'),
  });
}

/**
 * Verdicts on the ledger of the founding case, one per claim in the ledger's order. Pure: findings, records, events and
 * visibility in; `for` and `against` name findings by number, records by exhibit, runs by their silence. `why` ends with
 * what each run was taken for, so that a reader can disagree.
 */
export function judgeClaims(input: JudgeClaimsInput): ClaimVerdict[] {
  const lang = input.lang ?? 'en';
  const roles = describeRuns(input);
  const claimInput = { findings: input.findings, records: input.records, events: input.events, roles, lang };
  const taken = say(lang, 'claim.roles', { roles: roles.map((role) => roleInWords(role, lang)).join('; ') });
  return ledger.map(({ id, text, statedAt, source }) => {
    const judged = predicates[id](claimInput);
    return {
      claim: id,
      ...judged,
      why: roles.length === 0 ? judged.why : `${judged.why} ${taken}`,
      text: text[lang],
      statedAt,
      source: source[lang],
    };
  });
}
