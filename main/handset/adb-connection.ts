import { Client, Commands } from 'adb-ts';
import type { Connection } from 'adb-ts';
import type { Socket } from 'node:net';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';

/** Where an adb server listens. */
export interface AdbEndpoint {
  readonly host: string;
  readonly port: number;
}

interface Adoption {
  abandoned: boolean;
}

/**
 * The only use made of adb-ts, and the only file that imports it: it opens a socket to the adb server.
 * Everything above the socket is our own, because the library cuts non-ASCII service strings, loses exit
 * codes, ignores backpressure and leaves sockets without an error listener (docs/decisions: adb-ts as transport).
 */
class PlainSocketCommand extends Commands.TransportCommand<Connection> {
  protected override keepAlive = true;
  protected override Cmd = '';

  constructor(connection: Connection, serial: string, adoption: Adoption) {
    super(connection, serial);
    // The guard comes first: from here to the end of the socket an error never becomes an uncaughtException.
    connection.on('error', ignoreSocketError);
    if (adoption.abandoned) connection.destroy();
  }

  override execute(): Promise<Connection> {
    return Promise.resolve(this.postExecute());
  }

  protected override postExecute(): Connection {
    return this.connection;
  }
}

function ignoreSocketError(): void {
  // Readers of the socket see the same error through their own read; this listener only keeps it from being uncaught.
}

/**
 * Connects a plain socket to the adb server, never starting one (`noAutoStart`).
 * Problems: SERVER_DOWN (refused, reset), TIMEOUT, ABORTED.
 */
export async function connectToServer(
  endpoint: AdbEndpoint,
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
): Promise<Result<Socket>> {
  if (options.signal?.aborted === true) return fail('ABORTED');
  const adoption: Adoption = { abandoned: false };
  const client = new Client({ host: endpoint.host, port: endpoint.port, noAutoStart: true });
  const connecting = client.customTransport(PlainSocketCommand, '', adoption).then(
    (connection): Result<Socket> => ok(connection),
    (error: unknown): Result<Socket> =>
      fail('SERVER_DOWN', { host: endpoint.host, port: endpoint.port }, messageOf(error)),
  );
  return await new Promise<Result<Socket>>((resolve) => {
    const give = (result: Result<Socket>): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
      resolve(result);
    };
    const abandon = (result: Result<Socket>): void => {
      adoption.abandoned = true;
      give(result);
    };
    const onAbort = (): void => abandon(fail('ABORTED'));
    const timer = setTimeout(
      () => abandon(fail('TIMEOUT', { host: endpoint.host, port: endpoint.port, ms: options.timeoutMs })),
      options.timeoutMs,
    );
    options.signal?.addEventListener('abort', onAbort, { once: true });
    void connecting.then((result) => {
      if (adoption.abandoned && result.ok) result.value.destroy();
      else give(result);
    });
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
