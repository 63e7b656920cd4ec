import type { Finding } from '../../shared/model/finding.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { NumberedFinding } from '../evidence/case-types.ts';
import type { IndexFilter, IndexReader } from '../evidence/readers/index-reader.ts';
import { statementOf } from '../analysis/statements/statement.ts';
import type { Lang } from './conduct.ts';

/** Findings with their numbers and decisions, worded in the asked language, in the order of their numbers. */
export function namedFindings(reader: CaseReader, index: IndexReader, filter: IndexFilter, lang: Lang): Finding[] {
  return detailedFindings(reader, index, filter, lang).map(({ context: _context, ...finding }) => finding);
}

/** As `namedFindings`, with the bytes around each match. */
export function detailedFindings(
  reader: CaseReader,
  index: IndexReader,
  filter: IndexFilter,
  lang: Lang,
): NumberedFinding[] {
  return reader
    .nameFindings(index.findings(filter))
    .map((finding) => ({ ...finding, statement: statementOf(finding, lang) }));
}
