import { createHash } from 'node:crypto';
import type { RunOptions, RunOutcome, RunResult } from '../../../main/handset/link-types.ts';
import type { AcquisitionLink, EvidencePort, OutputMeta } from '../../../main/acquisition/ports.ts';
import type { Outcome } from '../../../shared/model/acquisition.ts';
import type { HandsetChange } from '../../../shared/model/handset-change.ts';
import type { ProblemCode } from '../../../shared/model/problem.ts';
import { fail, ok } from '../../../shared/model/problem.ts';

/** What the fake handset answers to a command: text, or a failure with what came before it. */
export type Answer =
  | {
      readonly stdout?: string | Buffer;
      readonly stderr?: string;
      readonly exitCode?: number;
      readonly delayMs?: number;
    }
  | { readonly problem: ProblemCode; readonly stdout?: string };

export interface FakeHandset {
  readonly link: AcquisitionLink;
  readonly sent: string[];
}

function result(stdout: Buffer, stderr: Buffer, exitCode: number | null, v2: boolean): RunResult {
  return {
    stdout,
    stderr,
    exitCode: v2 ? exitCode : null,
    durationMs: 1,
    startedAt: '2014-08-07T04:00:00.000000Z',
    endedAt: '2014-08-07T04:00:00.001000Z',
    protocol: v2 ? 'shell-v2' : 'shell-v1',
    truncatedAtBytes: null,
  };
}

/** A link whose handset answers by a table; commands that are not in it are not found. */
export function fakeHandset(
  answers: (command: string) => Answer | undefined,
  options: {
    readonly v2?: boolean;
    readonly present?: () => boolean;
    readonly files?: Readonly<Record<string, Buffer>>;
  } = {},
): FakeHandset {
  const v2 = options.v2 ?? true;
  const sent: string[] = [];
  const run = async (command: string, o: RunOptions = {}): Promise<RunOutcome> => {
    sent.push(command);
    if (o.signal?.aborted === true) return { ...fail('ABORTED'), partial: null };
    const answer = answers(command) ?? {
      stderr: `/system/bin/sh: ${command.split(' ', 1)[0] ?? ''}: not found\n`,
      exitCode: 127,
    };
    if ('problem' in answer) {
      const partial =
        answer.stdout === undefined ? null : result(Buffer.from(answer.stdout), Buffer.alloc(0), null, v2);
      return { ...fail(answer.problem), partial };
    }
    if (answer.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, answer.delayMs));
    const stdout = Buffer.from(answer.stdout ?? '');
    const stderr = Buffer.from(answer.stderr ?? '');
    await o.onStdout?.(stdout);
    const kept = o.keepStdout === false ? Buffer.alloc(0) : stdout;
    const value = v2
      ? result(kept, stderr, answer.exitCode ?? 0, true)
      : result(Buffer.concat([kept, stderr]), Buffer.alloc(0), null, false);
    return { ok: true, value };
  };
  const link: AcquisitionLink = {
    serial: 'fake',
    features: new Set(v2 ? ['shell_v2', 'cmd'] : []),
    run,
    stat: (path) => {
      const file = Object.entries(options.files ?? {}).find(([pattern]) => path.startsWith(pattern))?.[1];
      if (file === undefined) return Promise.resolve(fail('NOT_FOUND'));
      const who = { uid: null, gid: null, errno: 0, sizeIs32Bit: false };
      return Promise.resolve(ok({ mode: 0o100644, sizeBytes: file.length, modifiedSecondsAtHandset: 1, ...who }));
    },
    pull: async (path, onChunk) => {
      sent.push(`pull ${path}`);
      const file = Object.entries(options.files ?? {}).find(([pattern]) => path.startsWith(pattern))?.[1];
      if (file === undefined) return { ...fail('NOT_FOUND'), partial: null };
      await onChunk(file);
      const at = '2014-08-07T04:00:00.000000Z';
      const value = {
        bytes: file.length,
        sha256: createHash('sha256').update(file).digest('hex'),
        startedAt: at,
        endedAt: at,
        truncatedAtBytes: null,
      };
      return { ok: true, value };
    },
    look: () =>
      Promise.resolve(
        (options.present?.() ?? true)
          ? ok({
              serial: 'fake',
              state: 'device',
              rawState: 'device',
              transport: 'tcp',
              model: null,
              product: null,
              transportId: '1',
              advice: 'advice.device',
            })
          : fail('NOT_FOUND'),
      ),
  };
  return { link, sent };
}

export interface StoredOutput {
  readonly id: string;
  readonly meta: OutputMeta;
  readonly bytes: Buffer;
  readonly outcome: Outcome;
  readonly fault: string | null;
}

/** Evidence in memory that notes the order of things. */
export function fakeEvidence(): EvidencePort & {
  readonly stored: StoredOutput[];
  readonly changes: HandsetChange[];
  readonly order: string[];
} {
  const stored: StoredOutput[] = [];
  const changes: HandsetChange[] = [];
  const order: string[] = [];
  return {
    stored,
    changes,
    order,
    hold: (meta, bytes) => {
      order.push(`hold ${meta.command}`);
      return Promise.resolve({
        finish: ({ outcome, fault }) => {
          const id = `E${String(stored.length + 1).padStart(3, '0')}`;
          order.push(`finish ${meta.command}`);
          stored.push({ id, meta, bytes: Buffer.from(bytes), outcome, fault });
          return Promise.resolve(id);
        },
      });
    },
    open: (meta) => {
      const chunks: Buffer[] = [];
      order.push(`open ${meta.command}`);
      return Promise.resolve({
        write: (bytes) => {
          chunks.push(Buffer.from(bytes));
          return Promise.resolve();
        },
        checkpoint: () => Promise.resolve(),
        finish: ({ outcome, fault, origin }) => {
          const id = `E${String(stored.length + 1).padStart(3, '0')}`;
          order.push(`finish ${meta.command}`);
          stored.push({ id, meta: { ...meta, origin }, bytes: Buffer.concat(chunks), outcome, fault });
          return Promise.resolve(id);
        },
      });
    },
    recordChange: (change) => {
      order.push(`${change.state} ${change.command.replace(/[0-9a-f]{12}/, 'X')}`);
      changes.push(change);
      return Promise.resolve();
    },
  };
}
