import type { Words } from './words.tsx';

/**
 * Why something is not simply there. Reasons are codes of the catalogue (`outcome.CODE`), problem codes, `exit-N`, `exceptionN`,
 * or words already: what the catalogue does not know is shown as it is.
 */
export function reasonText(words: Pick<Words, 'say' | 'sayIfKnown'>, reason: string): string {
  const code = reason.startsWith('outcome.') ? reason.slice('outcome.'.length) : reason;
  const exit = /^exit-(-?\d+)$/.exec(code)?.[1];
  if (exit !== undefined) return words.say('outcome.exit', { status: exit });
  const exception = /^exception(-?\d+)$/.exec(code)?.[1];
  if (exception !== undefined) return words.say('outcome.exception', { code: exception });
  return words.sayIfKnown(`outcome.${code}`, words.sayIfKnown(`problem.${code}`, code));
}
