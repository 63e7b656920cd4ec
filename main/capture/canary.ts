import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HandsetLink } from '../handset/link.ts';
import { nowInstant } from '../handset/instant.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';
import type { CanaryPort, CanaryReport, RecordChange } from './capture-types.ts';
import { httpCanary } from './http-canary.ts';
import type { NonceWatch } from './nonce-watch.ts';

const findWithinMs = 3000;

/**
 * What a live capture uses: an HTTP request where the handset has curl, else the plain bytes of `loopbackCanary`.
 * Both stay on the handset's loopback interface; the request needs a reverse rule, which is told to `changes`.
 */
export function handsetCanary(link: HandsetLink, changes: RecordChange): CanaryPort {
  const request = httpCanary(link, changes);
  const bytes = loopbackCanary(link);
  return async (nonce, signal) => {
    const asked = await request(nonce, signal);
    return asked.ok || signal.aborted ? asked : await bytes(nonce, signal);
  };
}

/**
 * The canary without any server: the handset sends the nonce to itself over its loopback interface, which `-i any` sees.
 * Nothing leaves the handset, so the control cannot be mistaken for its traffic. `ping -p` (iputils, on every release; fills
 * the payload with up to 16 bytes) first, then toybox's `nc -u` (Android 9 and later) fed through standard input.
 */
export function loopbackCanary(link: HandsetLink, address = '127.0.0.1'): CanaryPort {
  return async (nonce, signal) => {
    const ping = `ping -c 1 -W 1 -p ${nonce.toString('hex')} ${address}`;
    const pinged = await link.run(ping, { timeoutMs: 5000, maxBytes: 65_536, signal });
    if (pinged.ok && pinged.value.exitCode === 0) return ok({ command: ping });
    const netcat = `nc -u -w 1 ${address} 9`;
    const sent = await sendThroughNetcat(link, netcat, nonce, signal);
    if (sent.ok) return ok({ command: netcat });
    const said = pinged.ok ? pinged.value.stderr.toString('utf8').slice(0, 200) : pinged.problem.code;
    return fail(sent.problem.code, sent.problem.params, `${ping}: ${said}; ${netcat}: ${sent.problem.detail ?? ''}`);
  };
}

async function sendThroughNetcat(
  link: HandsetLink,
  command: string,
  nonce: Buffer,
  signal: AbortSignal,
): Promise<Result<null>> {
  const spawned = await link.spawn(command, { timeoutMs: 5000, signal });
  if (!spawned.ok) return spawned;
  const netcat = spawned.value;
  const { stdin, stdout, stderr, exit } = netcat;
  let said = '';
  stdout.resume();
  stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(0, 200)));
  await stdin.write(nonce);
  await stdin.end();
  // Over UDP nothing ever answers: some builds of nc stay until they are told to go.
  const ended = await Promise.race([exit, sleep(1500, null)]);
  netcat.kill();
  if (ended === null || (ended.ok && ended.value.exitCode === 0)) return ok(null);
  return ended.ok ? fail('NOT_FOUND', undefined, said.trim()) : ended;
}

/** Sends one canary and waits until its bytes have passed into the segment that is being written. */
export async function sendCanary(
  port: CanaryPort,
  watch: NonceWatch,
  about: { readonly when: CanaryReport['when']; readonly segment: number; readonly signal: AbortSignal },
): Promise<CanaryReport> {
  const nonce = randomBytes(16);
  const found = watch.want(nonce);
  const sentAt = nowInstant();
  const sent = await port(nonce, about.signal);
  const foundAtBytes = await Promise.race([found, sleep(findWithinMs, null, { ref: false })]);
  return {
    when: about.when,
    nonceHex: nonce.toString('hex'),
    sentAt,
    command: sent.ok ? sent.value.command : null,
    problem: sent.ok ? null : sent.problem,
    segment: about.segment,
    foundAtBytes,
  };
}
