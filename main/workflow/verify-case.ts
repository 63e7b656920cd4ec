import { tmpdir } from 'node:os';
import type { CheckLine } from '../../shared/model/custody.ts';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { beginScratchIndex } from '../evidence/index-build.ts';
import type { IndexDigests } from '../evidence/index-digest.ts';
import { openCaseForReading } from '../evidence/open-case.ts';
import { firstFailure, verifyCase } from '../evidence/verify.ts';
import { defaultWorkers } from './analyse.ts';
import { buildIndex } from './build-index.ts';
import { readCase } from './case-session.ts';
import type { Conduct } from './conduct.ts';
import { engineVersion } from './engine-version.ts';
import { problemOfFailure } from './store-failure.ts';

export interface Verification {
  readonly summary: true;
  readonly ok: boolean;
  readonly checks: number;
  readonly failed: number;
  readonly head: string | null;
  /** The first thing that is wrong, or null. */
  readonly firstFailure: string | null;
}

/**
 * Recomputes everything in a case: exhibits, custody chain, rows, and the index from scratch. Writes nothing.
 * Problems: no case to check, `head-mismatch` never (a wrong head is a failed line), `interrupted`.
 */
export async function verifyCaseFolder(
  directory: string,
  wish: { readonly head: string | null },
  conduct: Conduct,
  onLine: (line: CheckLine) => void,
): Promise<Result<Verification>> {
  if (wish.head !== null && !/^[0-9a-f]{64}$/.test(wish.head))
    return fail('value-invalid', { what: '--head', value: wish.head });
  const lines = await verifyCase(directory, {
    ...(wish.head === null ? {} : { head: wish.head }),
    signal: conduct.signal,
    rebuildIndex: (folder) => rebuiltDigests(folder, conduct),
    onProgress: (done, total) =>
      conduct.progress({ task: 'verify', step: 'exhibits', done, total, unit: 'bytes', note: null }),
  });
  if (!lines.ok) return lines;
  if (conduct.signal.aborted) return fail('interrupted');
  for (const line of lines.value) onLine(line);
  const first = firstFailure(lines.value);
  const head = first === null ? readCase(directory, (reader) => ok(reader.head())) : null;
  return ok({
    summary: true,
    ok: first === null,
    checks: lines.value.length,
    failed: lines.value.filter((line) => !line.ok).length,
    head: head?.ok === true ? head.value : null,
    firstFailure: first === null ? null : `${first.check} ${first.subject}: ${first.detail ?? ''}`,
  });
}

async function rebuiltDigests(directory: string, conduct: Conduct): Promise<Result<IndexDigests>> {
  const reader = openCaseForReading(directory);
  if (!reader.ok) return reader;
  try {
    const { engineVersion: built } = reader.value.indexState();
    if (built !== engineVersion)
      return fail('index-missing', undefined, `built by engine ${built ?? '?'}, this is ${engineVersion}`);
    const scratch = beginScratchIndex(reader.value);
    await buildIndex(reader.value, scratch, { workers: defaultWorkers() }, conduct);
    return ok(scratch.digests());
  } catch (error) {
    // The rebuild lies in the temporary folder: that it is full says nothing against the case.
    return problemOfFailure(error, tmpdir());
  } finally {
    reader.value.close();
  }
}
