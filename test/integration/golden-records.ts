import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { collectors } from '../../main/acquisition/plan.ts';
import { runAcquisition } from '../../main/acquisition/run-acquisition.ts';
import { acquisitionKnowledge as knowledge } from '../../main/parsing/acquisition-knowledge.ts';
import { parseApk } from '../../main/parsing/apk/parse-apk.ts';
import { parseExhibit } from '../../main/parsing/parse-exhibit.ts';
import type { ParseResult } from '../../main/parsing/parse-result.ts';
import type { PullOrigin } from '../../shared/model/exhibit.ts';
import type { RecordBody } from '../../shared/model/record.ts';
import { fakeEvidence } from '../unit/acquisition/fake-handset.ts';
import { deviceLink, fixedDevice, fixedInstant } from './device-link.ts';
import { personas } from './handset-bench.ts';

/**
 * Golden records: what a whole acquisition of each persona gives, from its texts to the records, command by command. What a known
 * command gives may not change unseen; a command that is new is no failure until the files are written anew, which
 * `HANDSIGHT_WRITE_GOLDEN=1 npx vitest run test/integration/persona-golden.test.ts` does. The difference is looked at before it is committed.
 */
export interface Golden {
  readonly release: string | null;
  /** By collector and command. */
  readonly commands: Readonly<Record<string, CommandGolden>>;
}

export interface CommandGolden {
  /** With its reason where it has one. */
  readonly outcome: string;
  /** How many records of each kind; facts by topic. */
  readonly counts: Readonly<Record<string, number>>;
  /** Of all its records, sorted; null without any. */
  readonly sha256: string | null;
  readonly first: readonly string[];
  /** Lines that no parser could read. */
  readonly unread: readonly string[];
}

export const goldenFileOf = (id: string): string => join(personas, 'golden', `${id}.json`);

function countsOf(records: readonly RecordBody[]): Record<string, number> {
  const counts: Record<string, number> = {};
  const names = records.map((record) => (record.kind === 'fact' ? `fact ${record.topic}` : record.kind));
  for (const name of names.sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function goldenOfCommand(outcome: string, results: readonly ParseResult[]): CommandGolden {
  const records = results.flatMap((result) => result.records);
  const lines = records.map((record) => JSON.stringify(record)).sort();
  return {
    outcome,
    counts: countsOf(records),
    sha256: lines.length === 0 ? null : createHash('sha256').update(lines.join('\n')).digest('hex'),
    first: lines.slice(0, 5),
    unread: results.flatMap(({ unparsed }) => unparsed.map(({ text, reason }) => `${reason}: ${text}`)),
  };
}

/** An app's code that was pulled, as the index has it read. */
function parseCode(bytes: Buffer, { path, package: owner }: PullOrigin): ParseResult {
  const read = (offset: number, length: number): Uint8Array => bytes.subarray(offset, offset + length);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return parseApk({ source: { bytes: bytes.length, read }, sha256, path, package: owner ?? null });
}

/** A full acquisition without adb and without time; the clock's own measurement is left out, it is of the moment. */
export async function goldenOf(id: string): Promise<Golden> {
  const evidence = fakeEvidence();
  const outcome = await runAcquisition({
    link: deviceLink(fixedDevice(id)),
    evidence,
    knowledge,
    profile: 'full',
    only: collectors.filter((collector) => collector.id !== 'clock'),
    now: () => fixedInstant,
  });
  const context = { collectedAt: fixedInstant, handsetClock: null, release: outcome.release };
  const commands: Record<string, CommandGolden> = {};
  for (const { collector, commands: sent } of outcome.results) {
    for (const { command, outcome: judged, reason } of sent) {
      const results = evidence.stored.flatMap(({ meta, bytes, outcome: kept }) => {
        const asked = meta.collector === collector && meta.command === command && kept === 'read';
        if (!asked) return [];
        if (meta.origin.type === 'pull' && meta.kind === 'apk') return [parseCode(bytes, meta.origin)];
        if (meta.origin.type !== 'command') return [];
        return [parseExhibit({ collector, command, bytes, context, stream: meta.origin.stream })];
      });
      // The name of a file of ours on the handset is another each time.
      const key = `${collector}: ${command.replace(/handsight-[0-9a-f]+/, 'handsight-…')}`;
      commands[key] = goldenOfCommand(reason === null ? judged : `${judged} (${reason})`, results);
    }
  }
  return { release: outcome.release, commands };
}
