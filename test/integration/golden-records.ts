import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { collectors } from '../../main/acquisition/plan.ts';
import { runAcquisition } from '../../main/acquisition/run-acquisition.ts';
import { acquisitionKnowledge as knowledge } from '../../main/parsing/acquisition-knowledge.ts';
import { parseExhibit } from '../../main/parsing/parse-exhibit.ts';
import type { RecordBody } from '../../shared/model/record.ts';
import { fakeEvidence } from '../unit/acquisition/fake-handset.ts';
import { deviceLink, fixedDevice, fixedInstant } from './device-link.ts';
import { personas } from './handset-bench.ts';

/**
 * Golden records: what a whole acquisition of each persona gives, from its texts to the records. A new collector or a changed parser
 * shows here by persona and kind; when the change is meant, `HANDSIGHT_WRITE_GOLDEN=1 npx vitest run test/integration/persona-golden.test.ts`
 * writes the files anew, and the difference is looked at before it is committed.
 */
export interface Golden {
  readonly release: string | null;
  /** How many of the commands that were sent were read, empty, absent, refused … */
  readonly commands: Readonly<Record<string, number>>;
  readonly gaps: readonly string[];
  /** Lines that no parser could read. */
  readonly unread: readonly string[];
  readonly kinds: Readonly<Record<string, KindGolden>>;
}

interface KindGolden {
  readonly count: number;
  /** Of all records of the kind, sorted. */
  readonly sha256: string;
  readonly first: readonly string[];
}

export const goldenFileOf = (id: string): string => join(personas, 'golden', `${id}.json`);

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of [...words].sort()) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function kindsOf(records: readonly RecordBody[]): Record<string, KindGolden> {
  const named = (record: RecordBody): string => (record.kind === 'fact' ? `fact ${record.topic}` : record.kind);
  const kinds = [...new Set(records.map(named))].sort();
  return Object.fromEntries(
    kinds.map((kind) => {
      const lines = records
        .filter((record) => named(record) === kind)
        .map((record) => JSON.stringify(record))
        .sort();
      const sha256 = createHash('sha256').update(lines.join('\n')).digest('hex');
      return [kind, { count: lines.length, sha256, first: lines.slice(0, 5) }];
    }),
  );
}

/** A full acquisition without adb and without time; the clock's own measurement is left out, it is of the moment. */
export async function goldenOf(id: string): Promise<Golden> {
  const device = fixedDevice(id);
  const evidence = fakeEvidence();
  const outcome = await runAcquisition({
    link: deviceLink(device),
    evidence,
    knowledge,
    profile: 'full',
    only: collectors.filter((collector) => collector.id !== 'clock'),
    now: () => fixedInstant,
  });
  const context = { collectedAt: fixedInstant, handsetClock: null, release: outcome.release };
  const parsed = evidence.stored.flatMap(({ meta, bytes, outcome: judged }) => {
    if (meta.origin.type !== 'command' || judged !== 'read') return [];
    const { collector, command } = meta;
    const result = parseExhibit({ collector, command, bytes, context, stream: meta.origin.stream });
    return [{ command, result }];
  });
  return {
    release: outcome.release,
    commands: countBy(outcome.results.flatMap(({ commands }) => commands.map((one) => one.outcome))),
    gaps: outcome.gaps.map(({ command, reason }) => `${command}: ${reason ?? ''}`),
    unread: parsed.flatMap(({ command, result }) =>
      result.unparsed.map(({ text, reason }) => `${command}: ${reason}: ${text}`),
    ),
    kinds: kindsOf(parsed.flatMap(({ result }) => result.records)),
  };
}
