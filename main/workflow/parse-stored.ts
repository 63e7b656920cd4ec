import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { ClockOffset } from '../../shared/model/handset.ts';
import type { Result } from '../../shared/model/problem.ts';
import { ok } from '../../shared/model/problem.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { HandsetClock, ParseResult } from '../parsing/parse-result.ts';
import { parseExhibit } from '../parsing/parse-exhibit.ts';

const nothing: ParseResult = {
  format: null,
  records: [],
  unparsed: [],
  unparsedCount: 0,
  limits: [],
  unparsable: false,
};

/** Parses one stored command output; other exhibits give nothing. Same exhibit and clock, same records. */
export function parseStored(
  reader: CaseReader,
  exhibit: Exhibit,
  clock: Pick<ClockOffset, 'offsetMs' | 'boundMs' | 'zone'> | null,
): Result<ParseResult> {
  const { origin } = exhibit;
  if (origin.type !== 'command' || exhibit.kind !== 'command-output') return ok(nothing);
  const bytes = reader.readExhibit(exhibit.id, 256 * 1024 * 1024);
  if (!bytes.ok) return bytes;
  const handsetClock: HandsetClock | null =
    clock === null ? null : { offsetMs: clock.offsetMs, boundMs: clock.boundMs, zone: clock.zone };
  return ok(
    parseExhibit({
      collector: exhibit.collector,
      command: origin.command,
      bytes: bytes.value,
      stream: origin.stream,
      context: { collectedAt: origin.startedAt, handsetClock },
    }),
  );
}
