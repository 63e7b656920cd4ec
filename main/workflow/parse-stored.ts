import { readSync } from 'node:fs';
import type { Exhibit, PullOrigin } from '../../shared/model/exhibit.ts';
import type { Result } from '../../shared/model/problem.ts';
import { ok } from '../../shared/model/problem.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { HandsetClock, ParseResult } from '../parsing/parse-result.ts';
import { parseApk } from '../parsing/apk/parse-apk.ts';
import { parseExhibit } from '../parsing/parse-exhibit.ts';
import type { AcquiredClock } from './handset-events.ts';
import { isSetBetween } from './packet-clocks.ts';

const nothing: ParseResult = {
  format: null,
  records: [],
  unparsed: [],
  unparsedCount: 0,
  limits: [],
  unparsable: false,
};

/** What an acquisition learnt of its handset that its other outputs are read with. */
export interface AcquisitionFacts {
  readonly clock: AcquiredClock | null;
  readonly release: string | null;
}

export const noFacts: AcquisitionFacts = { clock: null, release: null };

/** Whether an exhibit's bytes give records. */
export function isParsed({ kind, origin }: Exhibit): boolean {
  return origin.type === 'command' ? kind === 'command-output' : origin.type === 'pull' && kind === 'apk';
}

/** Parses one stored command output, or the code of an app; other exhibits give nothing. Same exhibit and facts, same records. */
export function parseStored(reader: CaseReader, exhibit: Exhibit, facts: AcquisitionFacts): Result<ParseResult> {
  const { origin } = exhibit;
  if (origin.type === 'pull' && exhibit.kind === 'apk') return parseStoredApk(reader, exhibit, origin);
  if (origin.type !== 'command' || exhibit.kind !== 'command-output') return ok(nothing);
  const bytes = reader.readExhibit(exhibit.id, 256 * 1024 * 1024);
  if (!bytes.ok) return bytes;
  return ok(
    parseExhibit({
      collector: exhibit.collector,
      command: origin.command,
      bytes: bytes.value,
      stream: origin.stream,
      cut: origin.problem !== null,
      encoding: origin.imported?.encoding,
      context: { collectedAt: origin.startedAt, handsetClock: facts.clock, release: facts.release },
    }),
  );
}

/** Of an app's code that came whole, what stands in a few of its places: it is not read into memory. */
function parseStoredApk(reader: CaseReader, exhibit: Exhibit, origin: PullOrigin): Result<ParseResult> {
  if (exhibit.outcome !== 'read') return ok(nothing);
  const open = reader.openExhibit(exhibit.id);
  if (!open.ok) return open;
  const { fd, bytes } = open.value;
  try {
    const read = (offset: number, length: number): Uint8Array => {
      const block = Buffer.alloc(Math.max(0, Math.min(length, bytes - offset)));
      return block.subarray(0, readSync(fd, block, 0, block.length, offset));
    };
    const { sha256 } = exhibit;
    return ok(parseApk({ source: { bytes, read }, sha256, path: origin.path, package: origin.package ?? null }));
  } finally {
    open.value.close();
  }
}

/**
 * Clock and release per acquisition, read from its stored exhibits (the first clock measurement, the first property list):
 * the same whenever it is asked. Later measurements tell whether the clock was set meanwhile.
 */
export function acquisitionFacts(reader: CaseReader, exhibits: readonly Exhibit[]): Map<string, AcquisitionFacts> {
  const facts = new Map<string, AcquisitionFacts>();
  for (const exhibit of exhibits) {
    const { acquisition, collector } = exhibit;
    if (acquisition === null || (collector !== 'clock' && collector !== 'properties')) continue;
    const known = facts.get(acquisition) ?? noFacts;
    if (collector === 'clock' ? known.clock?.wasSet === true : known.release !== null) continue;
    const parsed = parseStored(reader, exhibit, noFacts);
    if (!parsed.ok) continue;
    let { clock, release } = known;
    for (const record of parsed.value.records) {
      if (record.kind === 'clock') clock = withMeasurement(clock, record);
      if (record.kind === 'property' && record.name === 'ro.build.version.release') release ??= record.value;
    }
    facts.set(acquisition, { clock, release });
  }
  return facts;
}

function withMeasurement(clock: AcquiredClock | null, { offsetMs, boundMs, zone }: HandsetClock): AcquiredClock {
  if (clock === null) return { offsetMs, boundMs, zone };
  return isSetBetween(clock, { offsetMs, boundMs }) ? { ...clock, wasSet: true } : clock;
}
