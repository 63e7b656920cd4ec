import type { Problem } from '../../shared/model/problem.ts';
import { identifierReasonText, identifierReasons } from '../analysis/identifiers/identifier-problem.ts';
import type { Lang } from './conduct.ts';
import { excerpt } from './excerpt.ts';
import { wordsFor } from './words.ts';

/** Their wording refers to the technical detail, which is a quotation in whatever language it came. */
const quoting: ReadonlySet<Problem['code']> = new Set(['internal', 'PROTOCOL', 'REMOTE']);

const longestDetail = 500;

/**
 * One clear line about an expected failure: what it is about, what happened, what to do. The technical detail is English
 * or comes from elsewhere; in another language it is only given where the sentence refers to it.
 * @param at where it is read: what to do may differ between the window and the terminal (`cli.problem.CODE`)
 */
export function wordProblem(lang: Lang, problem: Problem, at: 'anywhere' | 'terminal' = 'anywhere'): string {
  const { code, params = {} } = problem;
  const whole = problem.detail?.trim().replaceAll(/\s*\n\s*/g, ' | ');
  const detail = whole === undefined ? undefined : excerpt(whole, longestDetail);
  const words = wordsFor(lang);
  const doing = params['doing'];
  const said = doing === undefined ? params : { ...params, doing: wordDoing(lang, String(doing)) };
  const own = `cli.problem.${code}`;
  const text = at === 'terminal' && words(own) !== own ? words(own, said) : words(`problem.${code}`, said);
  const named = subjectOf(problem);
  const about = named === null || text.includes(named) ? '' : words('problem-line.about', { subject: named });
  const reason = reasonOf(lang, problem);
  if (reason !== null) return `${about}${text}${words('problem-line.reason', { reason })}`;
  const quoted = detail !== undefined && detail !== '' && (lang === 'en' || quoting.has(code));
  return `${about}${text}${quoted ? words('problem-line.detail', { detail }) : ''}`;
}

/** What a writer does, as its lock tells it: the verb is worded, the label after it is a name. */
export function wordDoing(lang: Lang, doing: string): string {
  const [verb = '', ...rest] = doing.split(' ');
  const text = wordsFor(lang)(`doing.${verb}`, { label: rest.join(' ') });
  return lang === 'en' || text === `doing.${verb}` ? doing : text;
}

/** The handset, address, option or folder that a problem is about. */
function subjectOf({ params = {} }: Problem): string | null {
  const { what, serial, host, port } = params;
  if (what !== undefined) return String(what);
  if (serial !== undefined) return String(serial);
  return host === undefined || port === undefined ? null : `${host}:${port}`;
}

function reasonOf(lang: Lang, { code, params = {} }: Problem): string | null {
  if (code !== 'identifier-invalid') return null;
  const reason = identifierReasons.find((one) => one === params['reason']);
  return reason === undefined ? null : identifierReasonText(reason, String(params['expected'] ?? ''), lang);
}
