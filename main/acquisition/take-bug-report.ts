import type { CommandOrigin } from '../../shared/model/exhibit.ts';
import { judgePull } from './judge-pull.ts';
import type { Judgement, OpenOutput } from './ports.ts';
import { fileNameOf } from './run-command.ts';
import type { FinishedCommand, StepContext } from './run-command.ts';
import { whatHappened } from './what-happened.ts';

const checkpointBytes = 64 * 1024 * 1024;
/** What an answer is judged by; and where the directory of an archive ends (PKWARE APPNOTE 4.3.16: 22 bytes and a comment). */
const headBytes = 16 * 1024;
const tailBytes = 65_557;

const archiveStart = Buffer.from('504b0304', 'hex');
const archiveEnd = Buffer.from('504b0506', 'hex');

/** Writes on as bytes come, and keeps what is judged: nothing is held whole. */
class Taken {
  bytes = 0;
  head: Buffer = Buffer.alloc(0);
  #tail: Buffer = Buffer.alloc(0);
  readonly #output: OpenOutput;

  constructor(output: OpenOutput) {
    this.#output = output;
  }

  async write(chunk: Uint8Array): Promise<void> {
    const before = this.bytes;
    this.bytes += chunk.length;
    if (before < headBytes) this.head = Buffer.concat([this.head, chunk.subarray(0, headBytes - before)]);
    this.#tail = Buffer.concat([this.#tail, chunk.subarray(-tailBytes)]).subarray(-tailBytes);
    await this.#output.write(chunk);
    if (Math.floor(this.bytes / checkpointBytes) > Math.floor(before / checkpointBytes))
      await this.#output.checkpoint();
  }

  /** Null for an archive that has its beginning and its end. */
  archiveFault(): Judgement | null {
    if (!this.head.subarray(0, 4).equals(archiveStart)) {
      const said = this.head.subarray(0, 200).toString('utf8').trim() || null;
      return { outcome: 'refused', reason: 'report-no-archive', said };
    }
    if (this.#tail.lastIndexOf(archiveEnd) !== -1) return null;
    return { outcome: 'interrupted', reason: 'report-cut', said: null };
  }
}

interface StreamWish {
  readonly command: string;
  readonly ending: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly isArchive: boolean;
}

/** Sends a command whose standard output is the report, and writes it into custody as it comes; its standard error beside it. */
export async function streamReport(
  context: StepContext,
  collector: string,
  { command, ending, timeoutMs, maxBytes, isArchive }: StreamWish,
): Promise<readonly FinishedCommand[]> {
  const protocol = context.link.features.has('shell_v2') ? ('shell-v2' as const) : ('shell-v1' as const);
  const startedAt = context.now();
  const began = performance.now();
  const common = { type: 'command', command, protocol, startedAt } as const;
  const stream = protocol === 'shell-v1' ? ('merged' as const) : ('stdout' as const);
  const open: CommandOrigin = { ...common, stream, exitStatus: null, endedAt: startedAt, problem: null };
  const meta = { collector, command, kind: 'file', originalName: fileNameOf(command, ending) } as const;
  const output = await context.evidence.open({ ...meta, origin: open });
  const taken = new Taken(output);
  context.onBytes(command, 0);
  const sent = await context.link.run(command, {
    timeoutMs,
    maxBytes,
    signal: context.signal,
    keepStdout: false,
    onStdout: async (chunk) => {
      await taken.write(chunk);
      context.onBytes(command, taken.bytes);
    },
  });
  const run = sent.ok ? sent.value : sent.partial;
  const problem = !sent.ok ? sent.problem.code : sent.value.truncatedAtBytes === null ? null : 'LIMIT';
  const stderr = run?.stderr ?? Buffer.alloc(0);
  const exitStatus = run?.exitCode ?? null;
  const judged =
    problem === 'LIMIT'
      ? { outcome: 'interrupted' as const, reason: 'byte-limit', said: null }
      : ((problem === null && isArchive && taken.bytes > 0 ? taken.archiveFault() : null) ??
        context.knowledge.judge(command, { stdout: taken.head, stderr, exitCode: exitStatus, problem }));
  const fault = judged.outcome === 'read' ? null : judged.reason;
  const origin = { ...common, exitStatus, endedAt: context.now(), problem };
  const exhibits = [await output.finish({ outcome: judged.outcome, fault, origin: { ...origin, stream } })];
  if (stderr.length > 0) {
    const name = fileNameOf(command, '.stderr.txt');
    const beside = {
      ...meta,
      kind: 'command-output',
      originalName: name,
      origin: { ...origin, stream: 'stderr' },
    } as const;
    exhibits.push(await (await context.evidence.hold(beside, stderr)).finish({ outcome: judged.outcome, fault }));
  }
  const bytes = taken.bytes + stderr.length;
  const result = { command, ...judged, exhibits, bytes, durationMs: performance.now() - began, replaced: false };
  return [{ result, stdout: new Uint8Array(), problem: problem === 'LIMIT' ? null : problem }];
}

/** Pulls the archive into custody. `sha256` of what came, where that is the whole of an archive; else null. */
export async function pullReport(
  context: StepContext,
  collector: string,
  path: string,
  maxBytes: number,
): Promise<{ readonly done: FinishedCommand; readonly sha256: string | null }> {
  const command = `pull ${path}`;
  const startedAt = context.now();
  const began = performance.now();
  const origin = { type: 'pull', path, startedAt } as const;
  const output = await context.evidence.open({
    collector,
    command,
    kind: 'file',
    originalName: path.slice(path.lastIndexOf('/') + 1),
    origin: { ...origin, endedAt: startedAt },
  });
  const taken = new Taken(output);
  context.onBytes(command, 0);
  const pulled = await context.link.pull(path, (chunk) => taken.write(chunk), {
    maxBytes,
    signal: context.signal,
    onProgress: (received) => context.onBytes(command, received),
  });
  const problem = pulled.ok ? null : await whatHappened(context, pulled.problem.code);
  const limit = pulled.ok && pulled.value.truncatedAtBytes !== null ? 'byte-limit' : null;
  const judged = judgePull({ problem, limit, bytes: taken.bytes }, () => taken.archiveFault());
  const fault = judged.reason;
  const exhibit = await output.finish({
    outcome: judged.outcome,
    fault,
    origin: { ...origin, endedAt: context.now() },
  });
  const result = {
    command,
    ...judged,
    exhibits: [exhibit],
    bytes: taken.bytes,
    durationMs: performance.now() - began,
    replaced: false,
  };
  const isWhole = pulled.ok && judged.outcome === 'read';
  return {
    done: { result, stdout: new Uint8Array(), problem },
    sha256: isWhole ? pulled.value.sha256 : null,
  };
}
