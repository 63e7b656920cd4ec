import type { RecordBody } from '../../../shared/model/record.ts';
import type { Language, Wording } from '../wording.ts';
import type { MakerId, SubjectKind } from './rule.ts';
import { ruleOf } from './tables.ts';

/** What a record means, so far as a source attests it. */
export interface RecordMeaning {
  readonly subject: string;
  readonly about: Wording;
  /** What the value says, where it is one of those that have a meaning. */
  readonly value: Wording | null;
  readonly source: string;
  readonly seenOn: string;
  /** Whose table it stands in. */
  readonly maker: MakerId;
}

/** What a record is about, in the tables' words, and its value; null for kinds that the tables do not know. */
function subjectOf(record: RecordBody): readonly [`${SubjectKind}:${string}`, string | null] | null {
  switch (record.kind) {
    case 'setting':
      return [`setting:${record.namespace}/${record.name}`, record.value];
    case 'property':
      return [`property:${record.name}`, record.value];
    case 'package':
      return [`package:${record.name}`, null];
    case 'component':
      return [`component:${className(record.package, record.name)}`, null];
    case 'app-op':
      return [`app-op:${record.op}`, null];
    case 'permission':
      return [`permission:${record.name}`, null];
    // A fact of a package (a job, an alarm, use …) is the package's: what that is, helps to read it.
    case 'fact':
      return record.package === null ? null : [`package:${record.package}`, null];
    default:
      return null;
  }
}

/** `.Name` is short for `PACKAGE.Name` (ComponentName.flattenToShortString). */
function className(packageName: string, name: string): string {
  const short = name.slice(name.lastIndexOf('/') + 1);
  return short.startsWith('.') ? packageName + short : short;
}

/** What a record means on a handset of this maker; null where no source says so. `maker` null: not known. */
export function meaningOf(record: RecordBody, maker: MakerId | null): RecordMeaning | null {
  const about = subjectOf(record);
  if (about === null) return null;
  const [subject, value] = about;
  const found = ruleOf(subject, maker);
  if (found === null) return null;
  const { rule } = found;
  const said = value !== null && Object.hasOwn(rule.values ?? {}, value) ? rule.values?.[value] : undefined;
  return {
    subject,
    about: rule.about,
    value: said ?? null,
    source: rule.source,
    seenOn: rule.seenOn,
    maker: found.maker,
  };
}

/** The meaning in one line. */
export function meaningText(meaning: RecordMeaning, lang: Language): string {
  const about = meaning.about[lang];
  if (meaning.value === null) return about;
  return lang === 'en' ? `${about}: ${meaning.value[lang]}` : `${about}：${meaning.value[lang]}`;
}
