import { setImmediate } from 'node:timers/promises';
import type { Page } from '../../shared/contract/operation.ts';
import type { FindingOrder } from '../../shared/contract/findings.ts';
import type { Finding, FindingDraft } from '../../shared/model/finding.ts';
import { statementOf } from '../analysis/statements/statement.ts';
import { findingMask, findingsInOrder } from '../evidence/columns/finding-rows.ts';
import type { FindingChoice } from '../evidence/columns/finding-rows.ts';
import { chunksOf, Mask } from '../evidence/columns/masks.ts';
import type { RowFacts } from '../evidence/columns/row-facts.ts';
import { RowSet } from '../evidence/columns/row-set.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';
import type { Lang } from './conduct.ts';

export interface FindingWish extends FindingChoice {
  readonly decision: 'confirm' | 'dismiss' | 'open' | null;
  /** Any text of a finding as it is shown. */
  readonly text: string | null;
  readonly order: FindingOrder;
  /** Key of the last one that was seen. */
  readonly after: string | null;
  readonly limit: number;
}

/** What the case knows of its findings. */
export type FindingNames = Pick<CaseReader, 'nameFindings' | 'decisions' | 'findingNumbers' | 'highestFindingNumber'>;

/** Findings searched for a text before others are answered. */
const searchedAtOnce = 1000;

/**
 * One page of the findings, by key. Only its own rows are read: filters and order come from the columns, numbers and order
 * are worked out once for an index. A text is sought in each finding that passes the other filters, once.
 */
export async function findingPage(
  names: FindingNames,
  index: IndexReader,
  facts: RowFacts,
  lang: Lang,
  wish: FindingWish,
): Promise<Page<Finding>> {
  const { order, after, limit } = wish;
  const mask = await passing(names, index, facts, lang, wish);
  const rows = new RowSet(mask, orderOf(names, index, facts, order), false);
  const last = after === null ? null : index.findingRow(after);
  const from = last === null ? 0 : rows.placeAfter(last);
  const page = named(names, index, rows.page(from, from + limit), lang);
  return { rows: page, next: from + limit >= rows.length ? null : (page.at(-1)?.key ?? null), total: rows.length };
}

/** In the order of the rows given. */
function named(names: FindingNames, index: IndexReader, rows: Uint32Array, lang: Lang): Finding[] {
  const drafts = index.rows('finding', rows);
  const byKey = new Map(names.nameFindings(drafts).map((one) => [one.key, one]));
  return drafts.flatMap(({ key }: FindingDraft) => {
    const one = byKey.get(key);
    if (one === undefined) return [];
    const { context: _context, ...finding } = one;
    return [{ ...finding, statement: statementOf(one, lang) }];
  });
}

/** Worked out once for an index, and again when a number was allotted. */
function orderOf(names: FindingNames, index: IndexReader, facts: RowFacts, order: FindingOrder): Uint32Array {
  const highest = names.highestFindingNumber();
  return facts.store.derived(`findings by ${order} to ${highest}`, () => {
    const numbers = facts.store.derived(`finding numbers to ${highest}`, () => {
      const known = names.findingNumbers();
      const found = new Uint32Array(facts.store.u32('finding.class').length);
      for (const { row, key } of index.findingRows()) found[row] = known.get(key) ?? 0;
      return found;
    });
    return findingsInOrder(facts, order, numbers);
  });
}

async function passing(
  names: FindingNames,
  index: IndexReader,
  facts: RowFacts,
  lang: Lang,
  wish: FindingWish,
): Promise<Mask> {
  const mask = findingMask(facts, wish);
  const { decision } = wish;
  if (decision !== null) {
    const decided = decidedMask(names, index, mask.length, decision);
    mask.keep(decision === 'open' ? decided.invert() : decided);
  }
  const text = wish.text?.trim().toLowerCase() ?? '';
  if (text === '') return mask;
  const { label, rule, severity, identifierKind, channel, representation } = wish;
  const asked = [lang, label, rule, severity, identifierKind, channel, representation, decision];
  // A decision and a number are text, too.
  const state = `${JSON.stringify(asked)} ${names.decisions().length} ${names.highestFindingNumber()}`;
  return searched(names, index, facts, lang, mask, { text, state });
}

/** With a decision of this kind as their last; `open`: with any. */
function decidedMask(
  names: FindingNames,
  index: IndexReader,
  count: number,
  decision: 'confirm' | 'dismiss' | 'open',
): Mask {
  const last = new Map(names.decisions().map(({ findingKey, verdict }) => [findingKey, verdict]));
  const decided = new Mask(count);
  for (const [key, verdict] of last) {
    const row = decision === 'open' || verdict === decision ? index.findingRow(key) : null;
    if (row !== null) decided.set(row);
  }
  return decided;
}

/** Findings with the text. What lacks the beginning of a text lacks the text: a word that is being typed reads less and less. */
async function searched(
  names: FindingNames,
  index: IndexReader,
  facts: RowFacts,
  lang: Lang,
  mask: Mask,
  { text, state }: { readonly text: string; readonly state: string },
): Promise<Mask> {
  const known = facts.store.derived('finding texts', () => new Map<string, Mask>());
  const keyOf = (of: string): string => `${state} ${of}`;
  for (let end = text.length; end > 0; end -= 1) {
    const before = known.get(keyOf(text.slice(0, end)));
    if (before === undefined) continue;
    if (end === text.length) return before.copy();
    mask.keep(before);
    break;
  }
  const found = new Mask(mask.length);
  for (const chunk of chunksOf(mask)) {
    const rows = chunk.slice();
    for (let from = 0; from < rows.length; from += searchedAtOnce) {
      const some = rows.subarray(from, from + searchedAtOnce);
      const rowOf = new Map(index.rows('finding', some).map(({ key }, i) => [key, some[i] ?? 0]));
      for (const one of named(names, index, some, lang)) {
        if (JSON.stringify(one).toLowerCase().includes(text)) found.set(rowOf.get(one.key) ?? 0);
      }
      await setImmediate();
    }
  }
  if (known.size >= keptTexts) known.clear();
  known.set(keyOf(text), found);
  return found.copy();
}

const keptTexts = 40;
