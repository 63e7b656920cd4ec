import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { KeyLog } from '../dissection/keylog/key-log.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import type { Conduct } from './conduct.ts';
import { readProblem } from './read-problem.ts';

const blockBytes = 1024 * 1024;

/**
 * Size of a file that may be taken in as a key log: its first MiB holds a secret.
 * Problems: as of reading a file, `empty-file`, `not-a-key-log`.
 */
export function lookAtKeyLog(file: string): Result<number> {
  try {
    const facts = statSync(file);
    if (facts.isDirectory()) return fail('path-is-directory', { path: file });
    if (!facts.isFile()) return fail('not-a-key-log', { path: file });
    if (facts.size === 0) return fail('empty-file', { path: file });
    const log = new KeyLog(1);
    const handle = openSync(file, 'r');
    try {
      const block = Buffer.alloc(Math.min(blockBytes, facts.size));
      log.add(block.subarray(0, readSync(handle, block, 0, block.length, 0)));
    } finally {
      closeSync(handle);
    }
    return log.size > 0 ? ok(facts.size) : fail('not-a-key-log', { path: file });
  } catch (error) {
    return readProblem(error, file);
  }
}

export interface KeyLogWish {
  readonly handset: string;
  readonly label: string;
  readonly run: string | null;
  /** Captures it belongs to; none stands for all of the same handset, label and (where it has one) run. */
  readonly captures: readonly string[];
}

/**
 * Takes a key log into custody: its bytes as they are, then how many lines of it are no secret (`fault`).
 * Problems: those of writing the case, `interrupted`.
 */
export async function storeKeyLog(
  writer: CaseWriter,
  file: string,
  { handset, label, run, captures }: KeyLogWish,
  conduct: Conduct,
  span: { readonly doneBytes: number; readonly totalBytes: number },
): Promise<Result<Exhibit>> {
  const name = basename(file);
  const origin = { type: 'import', fileName: name, compression: null, captures } as const;
  const meta = { originalName: name, kind: 'key-log', acquisition: null, collector: null, origin } as const;
  const begun = writer.beginExhibit({ ...meta, label, handset, run });
  if (!begun.ok) return begun;
  const exhibit = begun.value;
  const log = new KeyLog();
  const written = await eachBlock(file, conduct.signal, (block) => {
    log.push(block);
    const end = exhibit.write(block);
    const done = span.doneBytes + exhibit.bytes;
    conduct.progress({ task: 'import', step: name, done, total: span.totalBytes, unit: 'bytes', note: null });
    return end;
  });
  if (!written.ok) {
    exhibit.abandon(conduct.signal.aborted ? 'import cancelled' : 'import failed');
    return written;
  }
  log.endText();
  return exhibit.finish({ outcome: 'read', packets: null, fault: faultOf(log), origin });
}

function faultOf(log: KeyLog): string | null {
  const { secrets, malformed, dropped } = log.counts;
  if (dropped > 0) return `cap-secrets: ${dropped} of ${secrets} secrets are beyond what is used`;
  return malformed > 0 ? `key-log-lines: ${malformed} lines beside ${secrets} secrets` : null;
}

/**
 * Hands on a file in blocks, valid only during the call. Throws on a file that cannot be read any more.
 * Problems: those of `take`, `interrupted`.
 */
async function eachBlock(
  file: string,
  signal: AbortSignal,
  take: (block: Uint8Array) => Result<void>,
): Promise<Result<void>> {
  const handle = openSync(file, 'r');
  try {
    const block = Buffer.allocUnsafeSlow(blockBytes);
    for (;;) {
      if (signal.aborted) return fail('interrupted');
      const bytes = readSync(handle, block, 0, blockBytes, null);
      if (bytes === 0) return ok(undefined);
      const taken = take(block.subarray(0, bytes));
      if (!taken.ok) return taken;
      // Signals are heard between blocks.
      await setImmediate();
    }
  } finally {
    closeSync(handle);
  }
}
