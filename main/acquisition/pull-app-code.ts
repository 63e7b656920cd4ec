import type { ToldStatus } from '../../shared/model/exhibit.ts';
import { judgePull } from './judge-pull.ts';
import type { CommandResult, Judgement } from './ports.ts';
import { fileNameOf } from './run-command.ts';
import type { FinishedCommand, StepContext } from './run-command.ts';
import { whatHappened } from './what-happened.ts';

const checkpointBytes = 64 * 1024 * 1024;
// eslint-disable-next-line no-control-regex
const apkPath = /^(?:\/[^/\u0000-\u001f\u007f]+){2,}\.apk$/;

/** A part of an app's code, by the handset's word. */
export interface AppFile {
  readonly package: string;
  readonly path: string;
}

/** Whether a path can be that of an app's code and of nothing else. */
export function isFit({ path }: AppFile): boolean {
  return apkPath.test(path) && path.length <= 1000 && !path.split('/').includes('..');
}

/** What the handset says of files before any is pulled. */
export interface ToldFiles {
  readonly of: ReadonlyMap<string, ToldStatus>;
  readonly bytes: number;
  /** Whether it answered for each; one that is not there or not to be read has no bytes. */
  readonly isWhole: boolean;
}

const refusals: ReadonlySet<string> = new Set(['NOT_FOUND', 'REFUSED', 'REMOTE']);

/** Asks for the size and time of each file: how much there is to pull, and by what a file is known again. */
export async function tellFiles(context: StepContext, files: readonly AppFile[]): Promise<ToldFiles> {
  const of = new Map<string, ToldStatus>();
  let bytes = 0;
  for (const file of files) {
    if (!isFit(file)) continue;
    context.onBytes(`stat ${file.path}`, 0);
    const told = await context.link.stat(file.path, { signal: context.signal });
    if (!told.ok && refusals.has(told.problem.code)) continue;
    // Whether the handset is still there is found out by what is asked next.
    if (!told.ok) return { of, bytes, isWhole: false };
    const { sizeBytes, modifiedSecondsAtHandset } = told.value;
    if (!Number.isSafeInteger(sizeBytes) || !Number.isSafeInteger(modifiedSecondsAtHandset)) continue;
    of.set(file.path, { sizeBytes, modifiedSecondsAtHandset });
    bytes += sizeBytes;
  }
  return { of, bytes, isWhole: true };
}

/** Pulls one file into custody as it comes. */
export async function pullFile(
  context: StepContext,
  collector: string,
  { path, package: owner }: AppFile,
  {
    status,
    maxBytes,
    onReceived,
  }: {
    readonly status: ToldStatus | null;
    readonly maxBytes: number;
    readonly onReceived: (bytes: number) => void;
  },
): Promise<FinishedCommand> {
  const command = `pull ${path}`;
  context.onBytes(command, 0);
  const startedAt = context.now();
  const began = performance.now();
  const told = status === null ? {} : { told: status };
  const origin = { type: 'pull', path, package: owner, ...told, startedAt } as const;
  const output = await context.evidence.open({
    collector,
    command,
    kind: 'apk',
    originalName: fileNameOf(`${owner}-${path.slice(path.lastIndexOf('/') + 1, -'.apk'.length)}`, '.apk'),
    origin: { ...origin, endedAt: startedAt },
  });
  let bytes = 0;
  const take = (received: number): void => {
    context.onBytes(command, received);
    onReceived(received);
  };
  const pulled = await context.link.pull(
    path,
    async (chunk) => {
      const before = bytes;
      bytes += chunk.length;
      await output.write(chunk);
      if (Math.floor(bytes / checkpointBytes) > Math.floor(before / checkpointBytes)) await output.checkpoint();
    },
    { maxBytes, signal: context.signal, onProgress: take },
  );
  const problem = pulled.ok ? null : await whatHappened(context, pulled.problem.code);
  const limit = pulled.ok && pulled.value.truncatedAtBytes !== null ? 'total-limit' : null;
  const judged = judgePull({ problem, limit, bytes });
  const exhibit = await output.finish({
    outcome: judged.outcome,
    fault: judged.reason,
    origin: { ...origin, endedAt: context.now() },
  });
  return { result: resultOf(command, judged, [exhibit], bytes, began), stdout: new Uint8Array(), problem };
}

export function resultOf(
  command: string,
  judged: Judgement,
  exhibits: readonly string[],
  bytes: number,
  began: number,
): CommandResult {
  return { command, ...judged, exhibits, bytes, durationMs: performance.now() - began, replaced: false };
}
