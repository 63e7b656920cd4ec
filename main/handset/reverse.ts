import { setTimeout as sleep } from 'node:timers/promises';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';
import { printable, problemOfFailure } from './adb-failure.ts';
import { endProblem, readBlock } from './adb-service.ts';
import type { AdbStream } from './adb-stream.ts';
import type { LinkContext } from './link-context.ts';
import type { HandsetReverse, ReverseRule } from './link-types.ts';

const answerTimeoutMs = 10_000;

/**
 * `reverse:` services. Undo order that keeps the server alive (a stream the handset opens to a rule that is gone
 * aborts the whole adb server): first restore `http_proxy`, then `removeDrained`, which waits until nobody uses the rule.
 */
export function createReverse(link: LinkContext): HandsetReverse {
  return {
    add: (remote, local) => addRule(link, remote, local),
    list: () => listRules(link),
    removeDrained: (remote, options) => removeDrained(link, remote, options),
  };
}

async function ask<T>(
  link: LinkContext,
  service: string,
  read: (stream: AdbStream) => Promise<Result<T>>,
): Promise<Result<T>> {
  const opened = await link.open(service, null, { timeoutMs: link.openTimeoutMs });
  if (!opened.ok) return opened;
  const { stream, note } = opened.value;
  stream.limit(answerTimeoutMs, undefined);
  const result = await read(stream);
  stream.end(null);
  note({
    outcome: result.ok ? 'ok' : result.problem.code,
    bytesReceived: stream.bytesReceived,
    bytesSent: stream.bytesSent,
  });
  return result;
}

/** The handset's own OKAY or FAIL, behind the one of the service. */
async function status(link: LinkContext, stream: AdbStream): Promise<Result<null>> {
  const word = await stream.exactly(4);
  if (word === null) return { ok: false, problem: endProblem(stream, link.serial) };
  if (word.toString('latin1') === 'OKAY') return ok(null);
  if (word.toString('latin1') !== 'FAIL') return fail('PROTOCOL', undefined, printable(word.toString('latin1'), 8));
  const text = await readBlock(stream);
  return text.ok ? { ok: false, problem: problemOfFailure(text.value.toString('utf8'), link.serial) } : text;
}

function checkSpec(spec: string): boolean {
  return /^(tcp:\d{1,5}|local(abstract|reserved|filesystem)?:[^;\s]{1,100})$/.test(spec);
}

async function addRule(
  link: LinkContext,
  remote: string,
  local: string,
): Promise<Result<{ readonly remote: string; readonly port: number | null }>> {
  if (!checkSpec(remote) || !checkSpec(local))
    return fail('value-invalid', { what: 'reverse', value: `${remote};${local}` });
  return await ask(link, `reverse:forward:${remote};${local}`, async (stream) => {
    const said = await status(link, stream);
    if (!said.ok) return said;
    if (remote !== 'tcp:0') return ok({ remote, port: /^tcp:(\d+)$/.test(remote) ? Number(remote.slice(4)) : null });
    // The port that the handset chose follows as a block.
    const block = await readBlock(stream);
    const port = block.ok ? Number(block.value.toString('latin1')) : Number.NaN;
    return port >= 1 && port <= 65_535
      ? ok({ remote: `tcp:${port}`, port })
      : fail('PROTOCOL', { serial: link.serial }, 'the handset did not say which port it chose');
  });
}

async function listRules(link: LinkContext): Promise<Result<readonly ReverseRule[]>> {
  return await ask(link, 'reverse:list-forward', async (stream) => {
    const block = await readBlock(stream);
    if (!block.ok) return block;
    const rules: ReverseRule[] = [];
    for (const line of block.value.toString('utf8').split('\n')) {
      const [, remote, local] = line.trim().split(/\s+/);
      if (remote !== undefined && local !== undefined)
        rules.push({ remote: printable(remote, 200), local: printable(local, 200) });
    }
    return ok(rules);
  });
}

async function removeDrained(
  link: LinkContext,
  remote: string,
  options: { readonly openStreams: () => number; readonly marginMs?: number; readonly timeoutMs?: number },
): Promise<Result<null>> {
  if (!checkSpec(remote)) return fail('value-invalid', { what: 'reverse', value: remote });
  const marginMs = options.marginMs ?? 1000;
  const deadline = performance.now() + (options.timeoutMs ?? 30_000);
  let quietSince: number | null = null;
  for (;;) {
    const streams = options.openStreams();
    const now = performance.now();
    quietSince = streams > 0 ? null : (quietSince ?? now);
    if (quietSince !== null && now - quietSince >= marginMs) break;
    if (now > deadline) return fail('TIMEOUT', { what: remote, streams });
    await sleep(Math.min(50, marginMs));
  }
  return await ask(link, `reverse:killforward:${remote}`, (stream) => status(link, stream));
}
