import type { Server } from 'node:http';
import type { HandsetLink } from '../handset/link.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';
import type { CanaryPort, RecordChange } from './capture-types.ts';

/** Path of the canary's request; behind it stand the 32 hexadecimal digits of the nonce. */
export const canaryPath = '/handsight-canary/';

/**
 * The canary as a request that the whole analysis must find again: the handset's curl (in the system since Android 10) asks
 * over its own loopback interface for `/handsight-canary/NONCE`; a reverse rule carries it to a server of ours, and is
 * removed when nothing uses it any more. The rule is a change of the handset: told to `changes` before it is made and at its
 * end. Problems: NOT_FOUND (no curl), REMOTE, those of the link. Throws what `changes` throws: no rule is then made.
 */
export function httpCanary(link: HandsetLink, changes: RecordChange): CanaryPort {
  return async (nonce, signal) => {
    const server = await listen(nonce.toString('hex'));
    try {
      return await askThrough(link, changes, server, { nonceHex: nonce.toString('hex'), signal });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  };
}

async function askThrough(
  link: HandsetLink,
  changes: RecordChange,
  server: Server,
  { nonceHex, signal }: { readonly nonceHex: string; readonly signal: AbortSignal },
): Promise<Result<{ readonly command: string }>> {
  let streams = 0;
  server.on('connection', (socket) => {
    streams += 1;
    socket.once('close', () => (streams -= 1));
  });
  // The same port on both sides: the address in the request is then true wherever it is read.
  const port = portOf(server);
  const remote = `tcp:${port}`;
  const change = {
    command: `reverse:forward:${remote};${remote}`,
    reason: 'canary',
    undo: [{ type: 'remove-reverse', remote, local: remote }],
  } as const;
  changes({ ...change, state: 'begun', why: null });
  const rule = await link.reverse.add(remote, remote);
  changes({ ...change, state: 'made', why: null });
  const result = rule.ok ? await ask(link, `http://127.0.0.1:${port}${canaryPath}${nonceHex}`, signal) : rule;
  server.closeAllConnections();
  const removed = await link.reverse.removeDrained(remote, { openStreams: () => streams, marginMs: 300 });
  const why = removed.ok || (await isGone(link, remote)) ? null : removed.problem.code;
  changes({ ...change, state: why === null ? 'undone' : 'left', why });
  return result;
}

/** A rule that could not be removed may never have been made, or be gone with its transport: the handset's list says. */
async function isGone(link: HandsetLink, remote: string): Promise<boolean> {
  const rules = await link.reverse.list();
  return rules.ok && rules.value.every((one) => one.remote !== remote);
}

async function ask(link: HandsetLink, url: string, signal: AbortSignal): Promise<Result<{ readonly command: string }>> {
  const command = `curl -s -m 5 ${url}`;
  const result = await link.run(command, { timeoutMs: 8000, maxBytes: 65_536, signal });
  if (!result.ok) return { ok: false, problem: result.problem };
  const { exitCode, stdout, stderr } = result.value;
  if (exitCode === 0 && stdout.toString('latin1') === answer) return ok({ command });
  return fail(
    exitCode === 127 ? 'NOT_FOUND' : 'REMOTE',
    { exitCode: exitCode ?? -1 },
    stderr.toString('utf8').slice(0, 200),
  );
}

const answer = 'handsight';

async function listen(nonceHex: string): Promise<Server> {
  // Loaded when it is needed: every command line would wait for it.
  const server = process.getBuiltinModule('node:http').createServer({ keepAlive: false }, (request, response) => {
    const known = request.url === `${canaryPath}${nonceHex}`;
    const body = known ? answer : '';
    const headers = { 'content-type': 'text/plain', 'content-length': body.length, connection: 'close' };
    response.writeHead(known ? 200 : 404, headers).end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('a listening server has an address');
  return address.port;
}
