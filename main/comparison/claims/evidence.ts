import type { CaseEvent } from '../../../shared/model/event.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import type { SnapshotRecord } from '../../../shared/model/record.ts';
import { isServicePlace } from '../../analysis/detectors/service-signals.ts';
import { belongsTo, foundingMaker } from '../../analysis/destinations/maker-domains.ts';
import { recipientNames } from '../../analysis/destinations/recipient-names.ts';
import { isTransmission, recipientOf } from '../compare-traffic.ts';
import { identifierInWords } from '../meaning.ts';
import { say } from '../wording.ts';
import type { Language } from '../wording.ts';
import { isRunFitForAbsence, isOfRun, runName } from './run-roles.ts';
import type { RunRole } from './run-roles.ts';

/** What a verdict is made of, before it is worded. */
export interface ClaimInput {
  readonly findings: readonly Finding[];
  readonly records: readonly SnapshotRecord[];
  readonly events: readonly CaseEvent[];
  readonly roles: readonly RunRole[];
  /** As `serviceFlowsOf` gives them. */
  readonly serviceFlows: ReadonlySet<string>;
  readonly lang: Language;
}

/** Identifiers of the person, the SIM card or the handset that the claims speak of. */
export const privateKinds: ReadonlySet<string> = new Set([
  'imei',
  'meid',
  'imsi',
  'iccid',
  'msisdn',
  'contact-msisdn',
  'contact-name',
  'android-id',
  'serial',
  'wifi-mac',
  'account',
  'email',
]);

/** What the messaging service is known to use. */
export const serviceKinds: ReadonlySet<string> = new Set(['imei', 'meid', 'imsi', 'iccid', 'msisdn', 'contact-msisdn']);

/** Whom a claim is about: the vendor who made it, or the messaging service that it speaks of. What others received is not counted. */
export type Recipients = 'maker' | 'service';

/** A service message tells of itself what it is for; its gateway is the number it went to. */
const serviceRules: ReadonlySet<string> = new Set([
  'silent-sms',
  'service-started-without-consent',
  'service-contacted-protected',
]);

/** Does the finding state something that those received whom the claim is about? */
export function goesTo(input: ClaimInput, finding: Finding, recipients: Recipients): boolean {
  if (serviceRules.has(finding.rule)) return true;
  const names = finding.destination === null ? [] : recipientNames(finding.destination);
  if (isServicePlace(names) || input.serviceFlows.has(conversationOf(finding))) return true;
  return recipients === 'maker' && belongsTo(names, foundingMaker);
}

/** Conversations in which the service showed itself, whatever its host is called. */
export function serviceFlowsOf(findings: readonly Finding[]): ReadonlySet<string> {
  return new Set(findings.filter(({ rule, flow }) => serviceRules.has(rule) && flow !== null).map(conversationOf));
}

const conversationOf = ({ exhibitSha256, label, run, flow }: Finding): string =>
  JSON.stringify([exhibitSha256, label, run, flow]);

/** What was sent to others than those whom the claim is about, in words; empty when there is nothing of the kind. */
export function othersInWords(
  input: ClaimInput,
  roles: readonly RunRole[],
  kinds: ReadonlySet<string>,
  recipients: Recipients,
): string {
  const others = sentTo(input, roles, kinds).filter((finding) => !goesTo(input, finding, recipients));
  if (others.length === 0) return '';
  const names = [...new Set(others.map(recipientOf))].sort();
  const params = { count: others.length, recipients: names.join(input.lang === 'en' ? ', ' : '、') };
  return (input.lang === 'en' ? ' ' : '') + say(input.lang, 'why.others', params);
}

/** Transmissions that a verdict may rest on: what is only possible (digits inside a longer number) counts once the examiner has confirmed it. */
export function transmissionsIn(
  input: ClaimInput,
  roles: readonly RunRole[],
  kinds: ReadonlySet<string>,
  recipients: Recipients,
): Finding[] {
  return sentTo(input, roles, kinds).filter((finding) => goesTo(input, finding, recipients));
}

function sentTo(input: ClaimInput, roles: readonly RunRole[], kinds: ReadonlySet<string>): Finding[] {
  return possibleTransmissionsIn(input, roles, kinds).filter(
    ({ confidence, decision }) => confidence !== 'possible' || decision?.verdict === 'confirm',
  );
}

/** All that may be a transmission, to whomever: with one of these a run is not silent. */
export function possibleTransmissionsIn(
  input: ClaimInput,
  roles: readonly RunRole[],
  kinds: ReadonlySet<string>,
): Finding[] {
  return input.findings.filter(
    (finding) =>
      isTransmission(finding) &&
      finding.identifier !== null &&
      kinds.has(finding.identifier.kind) &&
      roles.some((role) => isOfRun(finding, role.label, role.run)),
  );
}

/** As the finding says: where nobody attested what was done, nothing is claimed. */
export function isBeforeConsent(finding: Finding): boolean {
  return finding.consent === 'before-any-act';
}

/** Display name of a finding in a verdict. */
export const cite = (findings: readonly Finding[]): string[] =>
  [...new Set(findings.map(({ number }) => number))].sort();

/** A record in a verdict: exhibit and what it says. */
export function citeRecord(record: SnapshotRecord): string {
  switch (record.kind) {
    case 'setting':
      return `${record.exhibit} ${record.namespace}/${record.name}=${record.value}`;
    case 'component':
      return `${record.exhibit} ${record.package}/${record.name}`;
    case 'silent-sms':
      return `${record.exhibit} silent SMS ${record.atHandset ?? ''}`.trim();
    case 'event':
      return `${record.exhibit} ${record.text}`;
    case 'app-op':
      return `${record.exhibit} ${record.package}/${record.op}=${record.mode}`;
    case 'permission':
      return `${record.exhibit} ${record.package}/${record.name}`;
    case 'crash':
      return `${record.exhibit} ${record.package ?? record.process ?? ''}: ${record.exception ?? record.tag}`;
    default:
      return `${record.exhibit} ${record.kind}`;
  }
}

export function kindsInWords(findings: readonly Finding[], lang: Language): string {
  const kinds = [...new Set(findings.map((finding) => finding.identifier?.kind ?? ''))]
    .filter((kind) => kind !== '')
    .sort();
  return kinds.map((kind) => identifierInWords(kind, lang)).join(lang === 'en' ? ', ' : '、');
}

export function runsInWords(
  things: readonly { readonly label: string; readonly run: string | null }[],
  lang: Language,
): string {
  return [...new Set(things.map(runName))].sort().join(lang === 'en' ? ', ' : '、');
}

/** «R3: not observed, n minutes, v % readable»: a run's silence as a piece of evidence. */
export function silenceOf(role: RunRole, lang: Language): string {
  return say(lang, 'absence.run', {
    run: runName(role),
    minutes: Math.round((role.visibility?.minutes ?? 0) * 10) / 10,
    percent: role.visibility?.readablePercent ?? '?',
  });
}

/** Why a run's silence is worth nothing; null for a fit one. */
export function unfitness(role: RunRole, lang: Language): string | null {
  if (isRunFitForAbsence(role)) return null;
  if (role.visibility === null || role.visibility.readablePercent === null)
    return say(lang, 'missing.no-visibility', { run: runName(role) });
  const { holes = 0 } = role.visibility;
  if (role.visibility.canaries === 'both' && holes > 0)
    return say(lang, 'missing.holes', { run: runName(role), count: holes });
  return say(lang, 'missing.unfit', { run: runName(role), canaries: role.visibility.canaries });
}

/** The classes of decompiled MIUI `Mms` that carry the service. */
export const serviceComponent = /\bMx(?:Activate|Message|Task|Push|Activation)\w*$/;

/** Traces of the service on the handset itself: its setting, its receivers of the start, its silent SMS, its log lines. */
export function serviceRecords(input: ClaimInput, labels: ReadonlySet<string>): SnapshotRecord[] {
  const seen = new Set<string>();
  return input.records.filter((record) => {
    if (!labels.has(record.label) || !isServiceRecord(record)) return false;
    const key = citeRecord(record);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function isServiceRecord(record: SnapshotRecord): boolean {
  if (record.kind === 'setting') return record.name === 'mx_used' && record.value === '1';
  if (record.kind === 'component')
    return serviceComponent.test(record.name) && record.bootReceiver && record.enabled !== false;
  if (record.kind === 'event')
    return record.eventKind === 'note' && /network messaging started without an act/.test(record.text);
  return record.kind === 'silent-sms';
}
