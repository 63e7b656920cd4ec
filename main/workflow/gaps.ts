import type { Lang } from './conduct.ts';
import { wordsFor } from './words.ts';

/**
 * Why something is not whole: a code with what it is about, worded for whoever reads it (`gap.CODE` of the catalogue).
 * Stored as it is, so that the language of the moment reaches neither the index nor custody.
 */
export interface Gap {
  readonly code: GapCode;
  readonly params: Readonly<Record<string, string | number>>;
}

export type GapCode =
  | 'command'
  | 'code-cut'
  | 'ended-by'
  | 'not-reached'
  | 'change-left'
  | 'clock-step'
  | 'handset-differs'
  | 'handset-not-compared'
  | 'identifiers-limit'
  | 'identifier-not-taken'
  | 'exhibit-fault'
  | 'exhibit-problem'
  | 'unparsable'
  | 'no-section'
  | 'pattern-skipped'
  | 'pattern-in-fields'
  | 'identifiers-contradicted'
  | 'patterns-dropped'
  | 'joins-dropped'
  | 'proposals-limit'
  | 'seeds-limit'
  | 'usage-limit'
  | 'answers-limit'
  | 'segment'
  | 'packets-missing'
  | 'packets-dropped'
  | 'interruption'
  | 'canary-lost'
  | 'clock-set'
  | 'clocks-not-stored'
  | 'raw-search-only'
  | 'hits-limit'
  | 'join-no-time'
  | 'join-same-bytes'
  | 'join-overlap'
  | 'join-too-few'
  | 'output-other'
  | 'output-changed'
  | 'output-no-parts'
  | 'output-parts-limit'
  | 'output-no-end'
  | 'output-twice'
  | 'archive-unread'
  | 'archive-no-report'
  | 'archive-entry'
  | 'archive-entries'
  | 'archive-no-androidqf'
  | 'archive-no-hashes'
  | 'archive-hash-lines'
  | 'archive-hash-missing'
  | 'archive-hash-other'
  | 'folder-left-out';

export function gap(code: GapCode, params: Gap['params'] = {}): Gap {
  return { code, params };
}

/** A fault of a capture: its code in words, the technical detail where it says more (English only), how often. */
export function faultGap(
  exhibit: { readonly id: string; readonly originalName: string },
  fault: { readonly code: string; readonly detail: string; readonly count: number },
): Gap {
  const { id, originalName: name } = exhibit;
  return gap('exhibit-fault', { exhibit: id, name, fault: fault.code, detail: fault.detail, count: fault.count });
}

export function wordGap(lang: Lang, { code, params }: Gap): string {
  const words = wordsFor(lang);
  const said: Record<string, string | number> = { ...params };
  const say = (name: string, key: (value: string) => string): void => {
    const value = params[name];
    if (value === undefined) return;
    const text = words(key(String(value)));
    said[name] = text === key(String(value)) ? value : text;
  };
  say('outcome', (value) => `ui.outcome.${value}`);
  say('end', (value) => `ui.capture-end.${value}`);
  say('reason', (value) => `gap-reason.${value}`);
  say('problem', (value) => `gap-reason.${value}`);
  say('collector', (value) => `collector.${value}`);
  say('when', (value) => `gap-when.${value}`);
  say('why', (value) => `archive-why.${value}`);
  if (params['lists'] !== undefined) said['lists'] = wordLists(lang, String(params['lists']));
  if (params['fault'] !== undefined) {
    said['fault'] = wordFault(lang, String(params['fault']), String(params['detail'] ?? ''));
  }
  return words(`gap.${code}`, said);
}

/** Lists of the handset's state that are compared (acquisition/run-state-check): by name, and why not in brackets. */
function wordLists(lang: Lang, lists: string): string {
  const words = wordsFor(lang);
  const word = (kind: 'list' | 'reason', code: string): string => {
    const text = words(`gap-${kind}.${code}`);
    return text === `gap-${kind}.${code}` ? code : text;
  };
  const named = lists.split(', ').map((one) => {
    const [, of = one, reason] = /^(\S+) \((\S+)\)$/.exec(one) ?? [];
    if (reason === undefined) return word('list', of);
    return lang === 'en'
      ? `${word('list', of)} (${word('reason', reason)})`
      : `${word('list', of)}（${word('reason', reason)}）`;
  });
  return named.join(lang === 'en' ? ', ' : '、');
}

/** What is wrong with an exhibit's bytes. The detail is English or comes from elsewhere. */
export function wordFault(lang: Lang, code: string, detail: string): string {
  const words = wordsFor(lang);
  const text = words(`fault.${code}`);
  if (text === `fault.${code}`) return detail === '' ? code : `${code}: ${detail}`;
  if (detail === '') return text;
  if (lang === 'en') return `${text}: ${detail}`;
  return figure.test(detail) ? `${text}：${detail}` : text;
}

/** Seconds: the same in every language. */
const figure = /^[\d.]+ s$/;

const storedFault = /^([a-z][a-z-]*)(?: at byte (\d+))?: (.*)$/s;

/** `byte-limit:67108864`: how much was kept stands beside it as the exhibit's size. */
const byteLimit = /^byte-limit:\d+$/;

/** The `fault` of a stored exhibit (`CODE at byte N: detail`) for people. */
export function wordStoredFault(lang: Lang, fault: string): string {
  if (byteLimit.test(fault)) return wordFault(lang, 'byte-limit', '');
  const [, code, offset, detail] = storedFault.exec(fault) ?? [];
  if (code === undefined || detail === undefined) return fault;
  const text = wordFault(lang, code, detail);
  return offset === undefined ? text : wordsFor(lang)('gap.at-byte', { fault: text, offset: Number(offset) });
}

export function isGap(value: unknown): value is Gap {
  if (typeof value !== 'object' || value === null) return false;
  const { code, params } = value as Partial<Record<keyof Gap, unknown>>;
  return typeof code === 'string' && typeof params === 'object' && params !== null;
}
