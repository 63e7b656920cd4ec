import { logEventRules } from '../parsing/log-events.ts';
import { usageTexts } from '../parsing/usage-texts.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { AcquisitionScope } from '../../shared/model/acquisition-note.ts';
import { readStartedNote } from '../../shared/model/acquisition-note.ts';
import { readChangeNote } from '../../shared/model/handset-change.ts';
import { captureNoteMessage, readCaptureNote } from '../../shared/model/capture-note.ts';
import { readRecognisedNote } from '../../shared/model/handset-identity.ts';
import { readComparedNote } from '../../shared/model/handset-comparison.ts';
import type { Words } from './words.ts';

/**
 * Words for what the rooms before this one record as codes or fixed English phrases. What is not known here is raw
 * evidence, or what a person typed, and stands as it is.
 */

const usageRules = Object.entries(usageTexts).map(([id, text]) => ({ id: `usage-${id}`, text }));

const eventPatterns = [...logEventRules, ...usageRules].map(({ id, text }) => ({
  id,
  pattern: new RegExp(`^${text.split('$1').map(escapePattern).join('(.+)')}$`, 's'),
}));

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** What a log line was read as (parsing/log-events), or a capture noted of itself, in the report's language. */
export function eventInWords(text: string, words: Words): string {
  const noted = readCaptureNote(text);
  if (noted !== null) {
    const { message, params } = captureNoteMessage(noted);
    return words(`captureNote.${message}`, params);
  }
  const [, what, user] = /^(.+) \(user (\d{1,9})\)$/s.exec(text) ?? [];
  if (what !== undefined && user !== undefined)
    return words('event.of-user', { what: eventInWords(what, words), user });
  for (const { id, pattern } of eventPatterns) {
    const match = pattern.exec(text);
    if (match !== null && words.has(`event.${id}`)) return words(`event.${id}`, { what: match[1] ?? '' });
  }
  return text;
}

const clockTies: Readonly<Record<string, string>> = {
  'clock tied by canary': 'canary',
  'clock taken as equal': 'equal',
  'clock offset measured': 'measured',
  "packets on the handset's clock": 'same',
  'packets on several clocks': 'several',
  'zone not known': 'no-zone',
  'an hour that the zone leaves out': 'no-hour',
};

/** `E032 (clock taken as equal)` → the exhibit and how its clock was tied to the capture's. */
export function eventSource(source: string, words: Words): string {
  const attested = /^attested by (.+)$/s.exec(source);
  if (attested !== null) return words('report.events.attested', { who: attested[1] ?? '' });
  const [, exhibit, note] = /^(E\d+) \((.+)\)$/.exec(source) ?? [];
  const tie = clockTies[note ?? ''];
  return exhibit === undefined || tie === undefined ? source : `${exhibit} (${words(`clockTie.${tie}`)})`;
}

/** What speaks for or against a claim, where it is no finding: a record (`E020 system/mx_used=1`) or a change. */
export function citeInWords(cite: string, words: Words): string {
  const [, side, part] = /^(before|after): (\S+)$/.exec(cite) ?? [];
  if (side !== undefined && part !== undefined) return `${words(`missing.${side}`)}: ${words.code('changeKind', part)}`;
  const [, exhibit, said] = /^(E\d+) (.+)$/s.exec(cite) ?? [];
  if (exhibit === undefined || said === undefined) {
    const [, kind, subject] = /^(\S+) (.+)$/s.exec(cite) ?? [];
    return kind !== undefined && words.has(`changeKind.${kind}`)
      ? `${words(`changeKind.${kind}`)}: ${subject ?? ''}`
      : words.code('missing', cite);
  }
  const sms = /^silent SMS ?(.*)$/.exec(said);
  return `${exhibit} ${sms === null ? eventInWords(said, words) : words('event.silent-sms', { what: sms[1] ?? '' })}`;
}

/** Why a command gave nothing, or what is wrong with a capture: a code, worded where it is known. */
export function reasonInWords(reason: string, words: Words): string {
  const exit = /^exit-(\d+)$/.exec(reason);
  if (exit !== null) return words('reason.exit', { status: exit[1] ?? '' });
  const exception = /^exception(-\d+)$/.exec(reason);
  if (exception !== null) return words('reason.exception', { status: exception[1] ?? '' });
  for (const family of ['reason', 'gap-reason', 'fault'])
    if (words.has(`${family}.${reason}`)) return words(`${family}.${reason}`);
  return reason;
}

/** Fields that a rule names itself; names of protocol fields are evidence. */
export function fieldInWords(finding: Finding, words: Words): string {
  return finding.field === null ? words('report.none') : words.code('field', finding.field);
}

/** Where a value was read or typed: an exhibit's number, or a customary place. */
export function identifierSource(source: string, words: Words): string {
  return words.code('identifierSource', source);
}

/** One step of a transform. */
export function stepInWords(step: string, words: Words): string {
  const [, where, count] = /^(first|middle)-(\d+)$/.exec(step) ?? [];
  if (where !== undefined) return words(`step.${where}`, { count: Number(count) });
  const [, how, parts] = /^(join|hmac):(.*)$/s.exec(step) ?? [];
  if (how !== undefined) return words(`step.${how}`, { parts: parts ?? '' });
  return words.code('step', step);
}

/** Titles of collectors; an id that has none stands as it is. */
export function collectorsInWords(ids: readonly string[], words: Words): string {
  return ids.map((id) => words.code('collector', id)).join(words.lang === 'en' ? ', ' : '、');
}

const semicolon = ({ lang }: Words): string => (lang === 'en' ? '; ' : '；');

/** What an acquisition stated of itself as it began; nothing where it asks what a named profile asks. */
export function scopeInWords({ continues, insteadOf, collectors }: AcquisitionScope, words: Words): string[] {
  const said: string[] = [];
  if (continues !== undefined) said.push(words('report.acquisitions.continues', { id: continues }));
  if (insteadOf !== undefined) {
    const because = insteadOf.because.map((one) => words(`acquire.differs.${one}`)).join(semicolon(words));
    said.push(words('acquire.instead', { id: insteadOf.id, because }));
  }
  if (collectors !== undefined)
    said.push(words('report.acquisitions.asked', { collectors: collectorsInWords(collectors, words) }));
  return said;
}

const reportNote = /^(.*) \(([\w-]+), (\d+) bytes, SHA-256 ([0-9a-f]{64}), identifiers left: (\d+)\)$/s;

/** What custody notes beside an action. */
export function custodyNote(action: string, note: string, words: Words): string {
  const change = action.startsWith('handset-change-') ? readChangeNote(note) : null;
  if (change !== null) {
    const { subject, command, reason, undo, why } = change;
    const end =
      undo === 'none'
        ? words('changeReason.stays')
        : why === null
          ? words('changeReason.undo', { undo })
          : words('changeReason.left', { undo, why: reasonInWords(why, words) });
    return `${subject}: ${command} (${words(`changeReason.${reason}`)}; ${end})`;
  }
  const compared = action === 'handset-compared' ? readComparedNote(note) : null;
  if (compared !== null) return words('custodyNote.handset-compared', { ...compared });
  const recognised = action === 'handset-recognised' ? readRecognisedNote(note) : null;
  if (recognised !== null) {
    const sources = recognised.by.map((one) => words(`identitySource.${one}`)).join(words.lang === 'en' ? ', ' : '、');
    return words('custodyNote.handset-recognised', { change: recognised.change, sources });
  }
  const started = action === 'acquisition-started' ? readStartedNote(note) : null;
  if (started !== null) return [started.id, ...scopeInWords(started, words)].join(semicolon(words));
  const exported = action === 'report-exported' ? reportNote.exec(note) : null;
  if (exported !== null) {
    const [, name = '', lang = '', bytes = '', sha256 = '', left = ''] = exported;
    return words('custodyNote.report-exported', { name, lang, bytes, sha256, left });
  }
  return note;
}
