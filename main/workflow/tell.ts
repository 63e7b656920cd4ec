import type { Conduct, Lang } from './conduct.ts';
import type { Words } from './words.ts';
import { wordsFor } from './words.ts';

/** Tells what a person should know, in their language and, for what stays on a screen, in the other one too. */
export function tell(conduct: Pick<Conduct, 'lang' | 'notice'>, say: (words: Words, lang: Lang) => string): void {
  if (conduct.notice === undefined) return;
  const both = { en: say(wordsFor('en'), 'en'), 'zh-Hant': say(wordsFor('zh-Hant'), 'zh-Hant') };
  conduct.notice(both[conduct.lang], both);
}
