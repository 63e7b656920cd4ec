import type { Wording } from '../wording.ts';

/** Families of system software that have rules of their own; `android`: what every maker's system has from Android itself. */
export const makerIds = ['android', 'miui', 'one-ui', 'emui', 'color-os', 'origin-os'] as const;
export type MakerId = (typeof makerIds)[number];

export const subjectKinds = ['setting', 'property', 'package', 'component', 'app-op', 'permission'] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/** What a setting, property, package, component, app-op or permission is, so far as a source attests it. */
export interface MakerRule {
  /** `setting:NAMESPACE/NAME`, `property:NAME`, `package:NAME`, `component:CLASS`, `app-op:NAME`, `permission:NAME`. */
  readonly subject: `${SubjectKind}:${string}`;
  /** What it is, in words an examiner can quote. */
  readonly about: Wording;
  /** What its values say, where they have meanings. */
  readonly values?: Readonly<Record<string, Wording>>;
  /** Address or document that says so. */
  readonly source: string;
  /** On which release it was seen, or since which it is documented. */
  readonly seenOn: string;
}

/** One line of a table. */
export function rule(
  subject: MakerRule['subject'],
  en: string,
  zhHant: string,
  source: string,
  seenOn: string,
  values?: Readonly<Record<string, Wording>>,
): MakerRule {
  return { subject, about: { en, 'zh-Hant': zhHant }, source, seenOn, ...(values === undefined ? {} : { values }) };
}

const words = (en: string, zhHant: string): Wording => ({ en, 'zh-Hant': zhHant });

export const onOff = { '1': words('on', '開啟'), '0': words('off', '關閉') } as const;
export const yesNo = { '1': words('yes', '是'), '0': words('no', '否') } as const;
export const allowedOrNot = { '1': words('allowed', '允許'), '0': words('not allowed', '不允許') } as const;
/** For values that need words of their own: `value, English, Chinese`. */
export function meanings(...rows: readonly (readonly [string, string, string])[]): Readonly<Record<string, Wording>> {
  return Object.fromEntries(rows.map(([value, en, zhHant]) => [value, words(en, zhHant)]));
}
