import cliEn from '../../shared/locale/cli.en.json' with { type: 'json' };
import windowEn from '../../shared/locale/en.json' with { type: 'json' };
import type { Words } from './words.ts';

/** Words that stand inside a gap: an outcome, a reason, what was asked. */
const innerFamilies = /^(?:collector|gap-reason|gap-when|gap-list|fault|ui\.outcome|ui\.capture-end)\./;

const english: Readonly<Record<string, string>> = { ...windowEn, ...cliEn };
const keyOfInner = new Map(
  Object.entries(english)
    .filter(([key]) => innerFamilies.test(key))
    .map(([key, text]) => [text, key]),
);

interface GapPattern {
  readonly key: string;
  readonly names: readonly string[];
  readonly pattern: RegExp;
}

/** Messages of the catalogue that hold plain arguments only, as patterns; those that say more come first. */
const gapPatterns: readonly GapPattern[] = Object.entries(english)
  .filter(([key, text]) => key.startsWith('gap.') && !/\{\w+,/.test(text))
  .sort(([, a], [, b]) => b.replace(/\{\w+\}/g, '').length - a.replace(/\{\w+\}/g, '').length)
  .map(([key, text]) => ({
    key,
    names: [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''),
    pattern: new RegExp(
      `^${text
        .split(/\{\w+\}/)
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('(.*?)')}$`,
      's',
    ),
  }));

/**
 * What an acquisition lacks is stored in English when it ends: one gap a line. In another language the catalogue's own
 * messages are recognised and said again; a line that none of them gave stands as it is.
 */
export function storedGaps(detail: string, words: Words): string[] {
  const lines = detail.split('\n').filter((line) => line !== '');
  return words.lang === 'en' ? lines : lines.map((line) => sayAgain(line, words));
}

function sayAgain(line: string, words: Words): string {
  for (const { key, names, pattern } of gapPatterns) {
    const match = pattern.exec(line);
    if (match === null) continue;
    const params = names.map((name, index) => [name, innerInWords(match[index + 1] ?? '', words)] as const);
    return words(key, Object.fromEntries(params));
  }
  return line;
}

function innerInWords(text: string, words: Words): string {
  const key = keyOfInner.get(text);
  if (key !== undefined) return words(key);
  const parts = text.split(', ');
  return parts.length > 1 && parts.every((part) => keyOfInner.has(part))
    ? parts.map((part) => innerInWords(part, words)).join('、')
    : text;
}
