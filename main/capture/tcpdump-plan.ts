import type { HandsetLink } from '../handset/link.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';

/** Becoming root on this handset, and the commands that follow from it. */
export interface TcpdumpPlan {
  readonly root: 'adbd' | 'su-user' | 'su-c';
  readonly capture: string;
  readonly signal: (pid: number, name: 'INT' | 'TERM') => string;
}

/**
 * Unbuffered (-U), whole packets (-s 0), 8 MB kernel buffer: without -B and with --immediate-mode, 781 of 1000 packets were
 * dropped (adb.md). The shell names its process id first and becomes tcpdump, so that a second shell can end it properly.
 */
const captureLine = 'echo PID $$ >&2; exec tcpdump -i any -n -s 0 -U -B 8192 -w -';

const wrappers: readonly { readonly root: TcpdumpPlan['root']; readonly wrap: (line: string) => string }[] = [
  { root: 'adbd', wrap: (line) => line },
  // The su of userdebug builds takes a user and words.
  { root: 'su-user', wrap: (line) => `su 0 sh -c '${line}'` },
  // Magisk's and its forerunners' su takes a line.
  { root: 'su-c', wrap: (line) => `su -c '${line}'` },
];

/**
 * Finds out how this handset lets us be root. Problems: REFUSED (shell without root; shell v1, whose terminal would
 * corrupt the capture), and those of the link.
 */
export async function planTcpdump(link: HandsetLink, signal?: AbortSignal): Promise<Result<TcpdumpPlan>> {
  if (!link.features.has('shell_v2')) {
    return fail('REFUSED', { serial: link.serial }, 'this release has no binary-safe shell (shell v2)');
  }
  const said: string[] = [];
  for (const { root, wrap } of wrappers) {
    const command = wrap('id');
    const result = await link.run(command, {
      timeoutMs: 10_000,
      maxBytes: 65_536,
      ...(signal === undefined ? {} : { signal }),
    });
    // A su that waits for a person to allow it is a refusal as long as nobody does.
    if (!result.ok && result.problem.code !== 'TIMEOUT') return { ok: false, problem: result.problem };
    const answer = result.ok ? result.value.stdout.toString('utf8') : '';
    if (/^uid=0\b/m.test(answer)) {
      return ok({ root, capture: wrap(captureLine), signal: (pid, name) => wrap(`kill -${name} ${pid}`) });
    }
    said.push(`${command}: ${result.ok ? firstLine(`${answer}${result.value.stderr.toString('utf8')}`) : 'no answer'}`);
  }
  return fail('REFUSED', { serial: link.serial }, `tcpdump needs root. ${said.join(' | ')}`);
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 120);
}
