import type { Finding } from '../../../shared/model/finding.ts';
import { formsInWords, identifierInWords } from '../meaning.ts';
import { say } from '../wording.ts';
import { judged, labelsOf, newRuns, notTestable, only, withoutRun } from './judged.ts';
import type { Judged } from './judged.ts';
import { isRunFitForAbsence, isOfRun, runName } from './run-roles.ts';
import type { RunRole } from './run-roles.ts';
import {
  cite,
  citeRecord,
  isBeforeConsent,
  othersInWords,
  possibleTransmissionsIn,
  runsInWords,
  serviceComponent,
  serviceKinds,
  silenceOf,
  transmissionsIn,
  unfitness,
} from './evidence.ts';
import type { ClaimInput } from './evidence.ts';

/** Opt-in since the update: nothing sent while off, with and without a factory reset. */
export function judgeC6(input: ClaimInput): Judged {
  const { lang } = input;
  const roles = newRuns(input);
  // Silence needs more than a capture, which is said below; without any run of the new build there is nothing to be silent.
  if (roles.length === 0) return notTestable(lang, say(lang, 'role.after'));
  const sent = transmissionsIn(input, roles, serviceKinds, 'service').filter(isBeforeConsent);
  const others = othersInWords(input, roles, serviceKinds, 'service');
  // Silence is claimed only where nothing at all speaks: neither what is merely possible, nor what nobody attested consent for.
  const signs = [...possibleTransmissionsIn(input, roles, serviceKinds), ...protectedContacts(input, roles)];
  const loud = (role: RunRole): boolean => signs.some((finding) => isOfRun(finding, role.label, role.run));
  const untouched = roles.filter(({ switchedOn }) => !switchedOn);
  const silent = untouched.filter((role) => isRunFitForAbsence(role) && !loud(role));
  const silentReset = silent.filter(({ reset }) => reset === true);
  const missing = untouched.filter((role) => !loud(role)).flatMap((role) => unfitness(role, lang) ?? []);
  if (!untouched.some(({ reset }) => reset === true))
    missing.push(say(lang, 'missing.no-run', { what: `${say(lang, 'role.after')}, ${say(lang, 'role.reset')}` }));
  if (!untouched.some(({ reset }) => reset === false))
    missing.push(say(lang, 'missing.no-run', { what: `${say(lang, 'role.after')}, ${say(lang, 'role.kept')}` }));
  for (const role of silent)
    if (opaquePercent(role) > 0)
      missing.push(say(lang, 'missing.opaque', { run: runName(role), percent: opaquePercent(role) }));
  const unknown = transmissionsIn(input, roles, serviceKinds, 'service').filter(({ consent }) => consent === 'unknown');
  if (unknown.length > 0) missing.push(say(lang, 'missing.consent-unknown', { count: unknown.length }));
  const support =
    silentReset.length === 0
      ? []
      : [...silent.map((role) => silenceOf(role, lang)), ...offRecords(input, labelsOf(silentReset))];
  const params = { fit: runsInWords(silent, lang), against: runsInWords(sent, lang), count: sent.length };
  if (sent.length > 0 && support.length > 0)
    // That sentence speaks of the runs after a factory reset only.
    return judged('partly', say(lang, 'why.c6.partly', { ...params, fit: runsInWords(silentReset, lang) }) + others, {
      for: support,
      against: cite(sent),
      missing,
    });
  if (sent.length > 0)
    return judged('refuted', say(lang, 'why.c6.refuted', params) + others, { against: cite(sent), missing });
  if (support.length > 0)
    return judged('confirmed', say(lang, 'why.c6.confirmed', params) + others, { for: support, missing });
  return judged('not-enough-evidence', say(lang, 'why.c6.open') + others, { missing });
}

function opaquePercent(role: RunRole): number {
  const readable = role.visibility?.readablePercent ?? 100;
  return Math.round((100 - readable) * 10) / 10;
}

/** Records that show the service off: its setting at 0, its receivers switched off. */
function offRecords(input: ClaimInput, labels: ReadonlySet<string>): string[] {
  const off = input.records.filter((record) => {
    if (!labels.has(record.label)) return false;
    if (record.kind === 'setting') return record.name === 'mx_used' && record.value === '0';
    return record.kind === 'component' && serviceComponent.test(record.name) && record.enabled === false;
  });
  return [...new Set(off.map(citeRecord))];
}

interface NumberForm {
  readonly kind: string;
  readonly form: string;
  readonly findings: Finding[];
}

function formsOfNumbers(findings: readonly Finding[]): NumberForm[] {
  const forms = new Map<string, NumberForm>();
  for (const finding of findings) {
    const kind = finding.identifier?.kind ?? '';
    const form = `${finding.representation ?? 'unknown'} in ${finding.channel ?? 'unknown'}`;
    const key = `${kind} ${form}`;
    const known = forms.get(key) ?? { kind, form, findings: [] };
    forms.set(key, known);
    known.findings.push(finding);
  }
  return [...forms.values()].sort((a, b) => (a.kind + a.form < b.kind + b.form ? -1 : 1));
}

/** The service contacted over TLS: the way is protected, what went through it not seen. */
function protectedContacts(input: ClaimInput, roles: readonly RunRole[]): Finding[] {
  return input.findings.filter(
    (finding) =>
      finding.rule === 'service-contacted-protected' &&
      finding.decision?.verdict !== 'dismiss' &&
      roles.some((role) => isOfRun(finding, role.label, role.run)),
  );
}

/** Per field: cleartext speaks against, encryption of the number itself for; TLS protects the way only. */
export function judgeC7(input: ClaimInput): Judged {
  const { lang } = input;
  const roles = newRuns(input);
  const lacking = withoutRun(input, 'after', roles);
  if (lacking !== null) return lacking;
  const numbers = transmissionsIn(input, roles, only('msisdn', 'contact-msisdn'), 'service');
  const others = othersInWords(input, roles, only('msisdn', 'contact-msisdn'), 'service');
  if (numbers.length === 0) {
    const missing = [
      say(lang, 'missing.number-after'),
      ...roles
        .filter((role) => opaquePercent(role) > 0)
        .map((role) => say(lang, 'missing.opaque', { run: runName(role), percent: opaquePercent(role) })),
    ];
    return judged('not-enough-evidence', say(lang, 'why.c7.open') + others, { missing });
  }
  const fields = formsOfNumbers(numbers)
    .map(({ kind, form, findings }) =>
      say(lang, 'why.c7.field', {
        kind: identifierInWords(kind, lang),
        form: formsInWords(form, lang),
        count: findings.length,
        runs: runsInWords(findings, lang),
      }),
    )
    .join(lang === 'en' ? '; ' : '；');
  const encrypted = numbers.filter(({ representation }) => representation === 'encrypted');
  const open = numbers.filter(
    ({ representation, channel }) =>
      representation !== 'encrypted' && (channel === 'cleartext' || channel === 'unknown'),
  );
  const guarded = numbers.filter((finding) => !encrypted.includes(finding) && !open.includes(finding));
  const contacts = protectedContacts(input, roles).filter(({ consent }) => consent === 'after-act');
  // Over TLS the way is seen, not how the number is written in it.
  const missing = contacts.map(({ label, run }) =>
    say(lang, 'missing.content-unseen', { run: runName({ label, run }) }),
  );
  const parts = {
    for: cite([...encrypted, ...guarded, ...contacts]),
    against: cite(open),
    missing: [...new Set(missing)],
  };
  if (open.length > 0 && parts.for.length === 0)
    return judged('refuted', say(lang, 'why.c7.refuted', { fields }) + others, parts);
  if (contacts.length > 0 && guarded.length === 0 && encrypted.length === 0) {
    const runs = runsInWords(contacts, lang);
    return judged('partly', say(lang, 'why.c7.partly-contact', { fields, runs }) + others, parts);
  }
  if (open.length > 0 || guarded.length > 0)
    return judged('partly', say(lang, 'why.c7.partly', { fields }) + others, parts);
  return judged('confirmed', say(lang, 'why.c7.confirmed', { fields }) + others, parts);
}
