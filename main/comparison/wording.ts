import { claimWording } from './wording/claims.ts';
import { changeWording } from './wording/changes.ts';

export const languages = ['en', 'zh-Hant'] as const;
export type Language = (typeof languages)[number];

/** One sentence in both languages; `{name}` stands for a parameter. */
export type Wording = Readonly<Record<Language, string>>;

/** Every sentence that this room says. A test keeps overclaiming words out of it. */
export const catalogue = { ...changeWording, ...claimWording } as const;
export type WordingKey = keyof typeof catalogue;

export function fill(template: string, params: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/** Words a sentence of the catalogue. A parameter that is not given stays visible as `{name}`. */
export function say(lang: Language, key: WordingKey, params: Readonly<Record<string, string | number>> = {}): string {
  return fill(catalogue[key][lang], params);
}
