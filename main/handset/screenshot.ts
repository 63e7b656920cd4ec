import { createHash, randomBytes } from 'node:crypto';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';
import type { HandsetLink, Screenshot } from './link-types.ts';

const maxPngBytes = 64 * 1024 * 1024;
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * A picture of the screen as PNG. With shell v2 it comes over standard output and nothing is written on the handset;
 * older releases mangle binary output, so there it goes through a file in /data/local/tmp that is removed afterwards
 * (`wroteFile` names it: that is a change of the handset, to be recorded).
 * Problems: those of run and pull; REFUSED or REMOTE with screencap's own words; PROTOCOL when it is not a PNG.
 */
export async function takeScreenshot(
  link: Pick<HandsetLink, 'features' | 'run' | 'pull'>,
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal | undefined },
): Promise<Result<Screenshot>> {
  return link.features.has('shell_v2') ? await overShell(link, options) : await throughFile(link, options);
}

async function overShell(
  link: Pick<HandsetLink, 'run'>,
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal | undefined },
): Promise<Result<Screenshot>> {
  const command = 'screencap -p';
  const result = await link.run(command, { timeoutMs: 30_000, maxBytes: maxPngBytes, ...options });
  if (!result.ok) return result;
  const { stdout, stderr, exitCode, truncatedAtBytes } = result.value;
  if (truncatedAtBytes !== null) return fail('LIMIT', { what: 'screenshot', maximum: maxPngBytes });
  if (exitCode !== 0) return fail('REMOTE', { exitCode: exitCode ?? -1 }, stderr.toString('utf8').slice(0, 500));
  return checked(stdout, command, null);
}

async function throughFile(
  link: Pick<HandsetLink, 'run' | 'pull'>,
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal | undefined },
): Promise<Result<Screenshot>> {
  const path = `/data/local/tmp/handsight-${randomBytes(6).toString('hex')}.png`;
  const command = `screencap -p ${path}`;
  const made = await link.run(command, { timeoutMs: 30_000, ...options });
  if (!made.ok) return made;
  const chunks: Buffer[] = [];
  const pulled = await link.pull(path, (chunk) => void chunks.push(chunk), { maxBytes: maxPngBytes });
  const removed = await link.run(`rm ${path}`, { timeoutMs: 10_000 });
  if (!pulled.ok)
    return fail(pulled.problem.code, pulled.problem.params, made.value.stdout.toString('utf8').slice(0, 500));
  if (!removed.ok)
    return fail(removed.problem.code, { left: path }, 'the picture could not be removed from the handset');
  return checked(Buffer.concat(chunks), command, path);
}

function checked(png: Buffer, command: string, wroteFile: string | null): Result<Screenshot> {
  if (!png.subarray(0, pngSignature.length).equals(pngSignature)) {
    return fail('PROTOCOL', { bytes: png.length }, 'screencap did not answer with a PNG');
  }
  return ok({ png, sha256: createHash('sha256').update(png).digest('hex'), command, wroteFile });
}
