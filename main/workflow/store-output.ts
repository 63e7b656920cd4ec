import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { CommandOrigin, Exhibit, ImportStatement } from '../../shared/model/exhibit.ts';
import type { Result } from '../../shared/model/problem.ts';
import { fail } from '../../shared/model/problem.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import type { ExhibitMeta } from '../evidence/incoming.ts';
import type { Section, Sections } from '../parsing/import/sections.ts';
import { judgeOutcome } from '../parsing/judge-outcome.ts';
import type { Conduct } from './conduct.ts';
import { readProblem } from './read-problem.ts';
import { collectorOf } from './stated-output.ts';

const blockBytes = 1024 * 1024;
/** What an output is judged by: an error message is short (parsing/judge-outcome). */
const judgedBytes = 16 * 1024;
/** Time between two checkpoints of a long copy: what a crash can cost. */
const checkpointBytes = 256 * 1024 * 1024;

/** Whose the exhibits are. */
export interface Belonging {
  readonly acquisition: string;
  readonly handset: string;
  readonly label: string;
  readonly run: string | null;
}

/** Bytes as they come, and what turned out to be wrong with them by their end. */
export interface BytesSource {
  blocks(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  fault?(): string | null;
}

/** A stretch of an open file; `bytes` null: to its end. */
export function stretchOf(fd: number, offsetBytes: number, bytes: number | null): BytesSource {
  return {
    *blocks() {
      const block = Buffer.allocUnsafeSlow(blockBytes);
      let done = 0;
      for (;;) {
        const wanted = Math.min(blockBytes, (bytes ?? Number.POSITIVE_INFINITY) - done);
        const read = wanted === 0 ? 0 : readSync(fd, block, 0, wanted, offsetBytes + done);
        if (read === 0) return;
        done += read;
        yield block.subarray(0, read);
      }
    },
  };
}

/** Told of every block as it is copied. */
export type OnBlock = (block: Uint8Array) => void;

/**
 * Copies bytes into an exhibit of their own. On a problem nothing of it stays; what a checkpoint acknowledged is in custody as
 * dropped. Problems: those of writing the case, `interrupted`, `path-unreadable`.
 */
export async function storeBytes(
  writer: CaseWriter,
  source: BytesSource,
  meta: ExhibitMeta,
  conduct: Conduct,
  onBlock: OnBlock,
): Promise<Result<Exhibit>> {
  const begun = writer.beginExhibit(meta);
  if (!begun.ok) return begun;
  const exhibit = begun.value;
  const head: Buffer[] = [];
  const give = (problem: Result<never>): Result<never> => {
    exhibit.abandon(conduct.signal.aborted ? 'import cancelled' : 'import failed');
    return problem;
  };
  try {
    for await (const piece of source.blocks()) {
      if (conduct.signal.aborted) return give(fail('interrupted'));
      const before = exhibit.bytes;
      const written = exhibit.write(piece);
      if (!written.ok) return give(written);
      if (before < judgedBytes) head.push(Buffer.from(piece.subarray(0, judgedBytes - before)));
      onBlock(piece);
      if (Math.floor(exhibit.bytes / checkpointBytes) > Math.floor(before / checkpointBytes)) {
        const point = exhibit.checkpoint();
        if (!point.ok) return give(point);
      }
      // Signals are heard between blocks.
      await setImmediate();
    }
  } catch (error) {
    if (exhibit.isOpen) give(fail('interrupted'));
    return readProblem(error, meta.originalName);
  }
  if (conduct.signal.aborted) return give(fail('interrupted'));
  const { outcome, fault } = judged(meta.origin, Buffer.concat(head));
  const wrong = source.fault?.() ?? null;
  const stored = exhibit.finish({
    packets: null,
    outcome: wrong !== null && head.length === 0 ? 'unparsable' : outcome,
    fault: wrong ?? fault,
  });
  return stored.ok ? stored : give(stored);
}

/** Of an output what it comes to, by its own words; of another file that it is there. */
function judged(origin: ExhibitMeta['origin'], head: Uint8Array): Pick<Exhibit, 'outcome' | 'fault'> {
  if (origin.type !== 'command') return { outcome: 'read', fault: null };
  const empty = new Uint8Array();
  const { outcome, reason } = judgeOutcome(origin.command, {
    stdout: head,
    stderr: empty,
    exitCode: null,
    problem: null,
  });
  return { outcome, fault: outcome === 'read' || outcome === 'empty' ? null : reason };
}

/** The origin of an output that came in a file: nobody knows when the command ran but by what was said. */
function commandOrigin(
  command: string,
  from: { readonly statement: ImportStatement; readonly fileName: string },
  place: {
    readonly exhibit: string | null;
    readonly offsetBytes: number;
    readonly encoding: Sections['encoding'];
    readonly saidBy: 'person' | 'file';
  },
): CommandOrigin {
  const { statement, fileName } = from;
  const at = statement.takenAt ?? statement.modifiedAt;
  const { encoding, ...rest } = place;
  return {
    type: 'command',
    command,
    stream: 'merged',
    protocol: 'imported',
    exitStatus: null,
    startedAt: at,
    endedAt: at,
    problem: null,
    imported: { ...statement, fileName, ...rest, ...(encoding === 'utf-8' ? {} : { encoding }) },
  };
}

/** Takes a whole file in: as the output of one command, or (`command` null) as a file that holds the outputs of many. */
export async function storeWholeFile(
  writer: CaseWriter,
  source: { readonly path: string; readonly fileName: string; readonly statement: ImportStatement },
  command: string | null,
  belonging: Belonging,
  conduct: Conduct,
  onBlock: OnBlock,
): Promise<Result<Exhibit>> {
  const { path, fileName, statement } = source;
  const place = { exhibit: null, offsetBytes: 0, encoding: 'utf-8', saidBy: 'person' } as const;
  const origin: ExhibitMeta['origin'] =
    command === null
      ? { type: 'import', fileName, compression: null, statement }
      : commandOrigin(command, source, place);
  const meta = {
    ...belonging,
    originalName: fileName,
    kind: command === null ? ('file' as const) : ('command-output' as const),
    collector: command === null ? null : collectorOf(command),
    origin,
  };
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    return readProblem(error, path);
  }
  try {
    return await storeBytes(writer, stretchOf(fd, 0, null), meta, conduct, onBlock);
  } finally {
    closeSync(fd);
  }
}

/** Cuts one part out of a file that is in custody: an exhibit of its own, as the output of the command that its heading names. */
export async function storePart(
  writer: CaseWriter,
  whole: { readonly exhibit: Exhibit; readonly fd: number; readonly statement: ImportStatement },
  section: Section,
  encoding: Sections['encoding'],
  belonging: Belonging,
  conduct: Conduct,
): Promise<Result<Exhibit>> {
  const { exhibit, fd, statement } = whole;
  const { command, offsetBytes, bytes } = section;
  const from = { statement, fileName: exhibit.originalName };
  const origin = commandOrigin(command, from, { exhibit: exhibit.id, offsetBytes, encoding, saidBy: 'file' });
  const meta = {
    ...belonging,
    originalName: `${exhibit.originalName}: ${command}`,
    kind: 'command-output' as const,
    collector: collectorOf(command),
    origin,
  };
  return storeBytes(writer, stretchOf(fd, offsetBytes, bytes), meta, conduct, () => undefined);
}

/** Stores an entry of an archive in custody: as the output of a command, or (`command` null) as a file that holds many. */
export async function storeEntry(
  writer: CaseWriter,
  source: BytesSource,
  from: {
    readonly exhibit: Exhibit;
    readonly statement: ImportStatement;
    readonly entry: { readonly name: string; readonly headerOffset: number };
    readonly command: string | null;
  },
  belonging: Belonging,
  conduct: Conduct,
  onBlock: OnBlock,
): Promise<Result<Exhibit>> {
  const { exhibit, statement, entry, command } = from;
  const fileName = exhibit.originalName;
  const place = { exhibit: exhibit.id, offsetBytes: entry.headerOffset, encoding: 'utf-8', saidBy: 'file' } as const;
  const origin: ExhibitMeta['origin'] =
    command === null
      ? { type: 'import', fileName, compression: null, statement }
      : commandOrigin(command, { statement, fileName }, place);
  const meta = {
    ...belonging,
    originalName: entry.name,
    kind: command === null ? ('file' as const) : ('command-output' as const),
    collector: command === null ? null : collectorOf(command),
    origin,
  };
  return storeBytes(writer, source, meta, conduct, onBlock);
}
