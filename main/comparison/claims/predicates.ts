import { recipientOf } from '../compare-traffic.ts';
import { say } from '../wording.ts';
import type { LedgerClaim } from './ledger.ts';
import { judged, labelsOf, notTestable, oldRuns, only, withoutRun } from './judged.ts';
import type { Judged } from './judged.ts';
import { judgeC6, judgeC7 } from './predicates-after.ts';
import { isRunFitForAbsence, isOfRun } from './run-roles.ts';
import {
  cite,
  citeRecord,
  isBeforeConsent,
  kindsInWords,
  othersInWords,
  privateKinds,
  runsInWords,
  serviceKinds,
  serviceRecords,
  silenceOf,
  transmissionsIn,
  unfitness,
} from './evidence.ts';
import type { ClaimInput } from './evidence.ts';

/** Sending confirms sending; «only» is contradicted by company; the purpose is not testable. */
export function judgeC1(input: ClaimInput): Judged {
  const { lang } = input;
  const roles = oldRuns(input);
  const lacking = withoutRun(input, 'before', roles);
  if (lacking !== null) return lacking;
  const device = transmissionsIn(input, roles, only('imei', 'meid'), 'maker');
  const others = othersInWords(input, roles, only('imei', 'meid'), 'maker');
  const missing = [say(lang, 'missing.purpose')];
  if (device.length === 0) return judged('not-enough-evidence', say(lang, 'why.c1.none') + others, { missing });
  const recipients = new Set(device.map(recipientOf));
  const company = transmissionsIn(input, roles, privateKinds, 'maker').filter(
    (finding) =>
      finding.identifier?.kind !== 'imei' &&
      finding.identifier?.kind !== 'meid' &&
      recipients.has(recipientOf(finding)),
  );
  if (company.length === 0) {
    return judged('not-testable', say(lang, 'why.c1.purpose', { count: device.length }) + others, {
      for: cite(device),
      missing,
    });
  }
  return judged('partly', say(lang, 'why.c1.only', { count: device.length }) + others, {
    for: cite(device),
    against: cite(company),
    missing,
  });
}

/** Identifiers sent before any consent act. */
export function judgeC2(input: ClaimInput): Judged {
  const { lang } = input;
  const lacking = withoutRun(input, 'any', input.roles);
  if (lacking !== null) return lacking;
  const sent = transmissionsIn(input, input.roles, privateKinds, 'maker');
  const others = othersInWords(input, input.roles, privateKinds, 'maker');
  const before = sent.filter(isBeforeConsent);
  const unknown = sent.filter((finding) => finding.consent === 'unknown' && !before.includes(finding));
  const missing = unknown.length === 0 ? [] : [say(lang, 'missing.consent-unknown', { count: unknown.length })];
  if (before.length > 0) {
    const params = { count: before.length, kinds: kindsInWords(before, lang), runs: runsInWords(before, lang) };
    return judged('refuted', say(lang, 'why.c2.refuted', params) + others, { against: cite(before), missing });
  }
  const after = sent.filter((finding) => finding.consent === 'after-act');
  const fit = input.roles.filter(isRunFitForAbsence);
  const unfit = input.roles.flatMap((role) => unfitness(role, lang) ?? []);
  if (after.length > 0 && fit.length > 0 && unknown.length === 0) {
    const silence = fit.map((role) => silenceOf(role, lang));
    return judged('confirmed', say(lang, 'why.c2.supported') + others, {
      for: [...cite(after), ...silence],
      missing: unfit,
    });
  }
  const nothing = sent.length === 0 ? [say(lang, 'missing.traffic')] : [];
  return judged('not-enough-evidence', say(lang, 'why.c2.open') + others, {
    missing: [...missing, ...nothing, ...unfit],
  });
}

/** Runs of the old build in which nobody switched the service on. */
export function judgeC3(input: ClaimInput): Judged {
  const { lang } = input;
  const roles = oldRuns(input).filter(({ switchedOn }) => !switchedOn);
  // The handset's own records speak as well as traffic does: any run of this kind will do.
  if (roles.length === 0) return notTestable(lang, `${say(lang, 'role.before')}, ${say(lang, 'role.untouched')}`);
  const sent = transmissionsIn(input, roles, serviceKinds, 'service').filter(isBeforeConsent);
  const others = othersInWords(input, roles, serviceKinds, 'service');
  const traces = serviceRecords(input, labelsOf(roles));
  const active = traces.filter(({ kind }) => kind === 'silent-sms' || kind === 'event');
  const support = [...cite(sent), ...traces.map(citeRecord)];
  if (sent.length > 0 || active.length > 0) {
    const params = { runs: runsInWords(roles, lang), count: support.length };
    return judged('confirmed', say(lang, 'why.c3.confirmed', params) + others, { for: support });
  }
  const missing = roles.flatMap((role) => unfitness(role, lang) ?? []);
  if (traces.length > 0) return judged('partly', say(lang, 'why.c3.partly') + others, { for: support, missing });
  return judged('not-enough-evidence', say(lang, 'why.c3.open') + others, { missing });
}

/** How long after a stimulus its consequence is looked for. */
const stimulusSeconds = 180;
const lookupStimulus = /contact|sms|聯絡人|簡訊/i;

/** A stimulus «contact» or «SMS», then a contact's number in traffic of the same run. */
export function judgeC4(input: ClaimInput): Judged {
  const { lang } = input;
  const lacking = withoutRun(input, 'any', input.roles);
  if (lacking !== null) return lacking;
  const stimuli = input.events.filter(
    (event) => event.kind === 'stimulus' && event.clock !== 'assumed' && lookupStimulus.test(event.text),
  );
  const numbers = transmissionsIn(input, input.roles, only('contact-msisdn'), 'service');
  const others = othersInWords(input, input.roles, only('contact-msisdn'), 'service');
  if (stimuli.length === 0) {
    const parts = { for: cite(numbers), missing: [say(lang, 'missing.stimulus')] };
    return judged('not-testable', say(lang, 'why.no-stimulus') + others, parts);
  }
  const followed = numbers.filter(({ at, label, run }) =>
    stimuli.some((event) => {
      const lagMs = at === null ? Number.NaN : Date.parse(at) - Date.parse(event.at);
      return lagMs >= 0 && lagMs <= stimulusSeconds * 1000 && isOfRun(event, label, run);
    }),
  );
  if (followed.length > 0) {
    const why = say(lang, 'why.c4.confirmed', { seconds: stimulusSeconds, count: followed.length });
    return judged('confirmed', why + others, { for: cite(followed) });
  }
  return judged('not-enough-evidence', say(lang, 'why.c4.open') + others, {
    for: cite(numbers),
    missing: [say(lang, 'missing.stimulus')],
  });
}

/** What a server keeps is not visible from the handset. */
export function judgeC5(input: ClaimInput): Judged {
  const { lang } = input;
  const numbers = transmissionsIn(input, input.roles, only('contact-msisdn', 'contact-name'), 'maker');
  return judged('not-testable', say(lang, 'why.c5', { count: numbers.length }), {
    missing: [say(lang, 'missing.server')],
  });
}

/** A number in plain form, in cleartext, on the old build. */
export function judgeC8(input: ClaimInput): Judged {
  const { lang } = input;
  const roles = oldRuns(input);
  const lacking = withoutRun(input, 'before', roles);
  if (lacking !== null) return lacking;
  const numbers = only('msisdn', 'contact-msisdn');
  const open = transmissionsIn(input, roles, numbers, 'service').filter(
    ({ representation, channel }) => representation === 'plain' && channel === 'cleartext',
  );
  const others = othersInWords(input, roles, numbers, 'service');
  if (open.length > 0) {
    const why = say(lang, 'why.c8.confirmed', { count: open.length, runs: runsInWords(open, lang) });
    return judged('confirmed', why + others, { for: cite(open) });
  }
  const missing = [say(lang, 'missing.number-before'), ...roles.flatMap((role) => unfitness(role, lang) ?? [])];
  return judged('not-enough-evidence', say(lang, 'why.c8.open') + others, { missing });
}

/** One predicate per claim of the ledger. */
export const predicates: Readonly<Record<LedgerClaim['id'], (input: ClaimInput) => Judged>> = {
  C1: judgeC1,
  C2: judgeC2,
  C3: judgeC3,
  C4: judgeC4,
  C5: judgeC5,
  C6: judgeC6,
  C7: judgeC7,
  C8: judgeC8,
};
