import type { FindingDraft } from '../../../shared/model/finding.ts';
import { buildNameBook } from '../destinations/name-book.ts';
import { statementOf } from '../statements/statement.ts';
import type { FindingInput, RuleContext, UnwordedFinding } from './finding-input.ts';
import { rules } from './rules.ts';

/**
 * What the rules state about a case: pure, the same for the same input in whatever order it comes. Sorted by exhibit, first frame, offset, rule and
 * key; statements are in English, statementOf words them in the other language.
 */
export function makeFindings(input: FindingInput): FindingDraft[] {
  const context: RuleContext = {
    ...input,
    exhibitOf: new Map(input.exhibits.map((exhibit) => [exhibit.id, exhibit])),
    flowOf: new Map(input.flows.map((flow) => [flow.id, flow])),
    names: buildNameBook(
      [...input.messages].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.frame - b.frame)),
      input.answeredTo,
    ),
    copyOf: copiesOf(input),
  };
  const byKey = new Map<string, UnwordedFinding>();
  for (const rule of rules) {
    for (const draft of rule.detect(context)) {
      const known = byKey.get(draft.key);
      // Two rows of one key would be one finding twice; the surer one stays, whatever the order of the input.
      if (known === undefined || JSON.stringify(draft) < JSON.stringify(known)) byKey.set(draft.key, draft);
    }
  }
  const order = new Map(
    [...input.exhibits]
      .sort((a, b) => compare(a.id, b.id))
      .map((exhibit, n) => [`${exhibit.sha256} ${exhibit.label} ${exhibit.run ?? ''}`, n]),
  );
  const place = (draft: UnwordedFinding): number =>
    order.get(`${draft.exhibitSha256} ${draft.label} ${draft.run ?? ''}`) ?? order.size;
  return [...byKey.values()]
    .sort(
      (a, b) =>
        place(a) - place(b) ||
        (a.frames[0]?.frame ?? 0) - (b.frames[0]?.frame ?? 0) ||
        (a.streamOffset ?? 0) - (b.streamOffset ?? 0) ||
        compare(a.rule, b.rule) ||
        compare(a.key, b.key),
    )
    .map((draft) => ({ ...draft, statement: statementOf(draft, 'en') }));
}

function compare(a: string, b: string): number {
  if (a.length !== b.length && /^[A-Z]\d+$/.test(a) && /^[A-Z]\d+$/.test(b)) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

function copiesOf(input: FindingInput): Map<string, string> {
  const seen = new Map<string, number>();
  const copies = new Map<string, string>();
  for (const exhibit of [...input.exhibits].sort((a, b) => compare(a.id, b.id))) {
    const count = (seen.get(exhibit.sha256) ?? 0) + 1;
    seen.set(exhibit.sha256, count);
    if (count > 1) copies.set(exhibit.id, `#${count}`);
  }
  return copies;
}
