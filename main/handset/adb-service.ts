import { fail, ok } from '../../shared/model/problem.ts';
import type { Problem, Result } from '../../shared/model/problem.ts';
import { connectToServer } from './adb-connection.ts';
import type { AdbEndpoint } from './adb-connection.ts';
import { problemOfFailure, printable } from './adb-failure.ts';
import { AdbStream } from './adb-stream.ts';

/** Longest service string the protocol's four hexadecimal digits can announce. */
export const maxServiceBytes = 0xffff;

export interface OpenOptions {
  /** Time to connect and to get the server's and the handset's OKAY. Default 10 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A server as the rooms above see it: its endpoint may change when it is restarted; null while it is down. */
export interface AdbServerAddress {
  endpoint(): AdbEndpoint | null;
}

/**
 * Four hexadecimal digits of the length in UTF-8 bytes, then the bytes.
 * Problems: LIMIT above 65,535 bytes or above `maximumBytes`; value-invalid for a NUL, which would cut the command on the handset.
 */
export function encodeService(service: string, maximumBytes: number = maxServiceBytes): Result<Buffer> {
  const bytes = Buffer.from(service, 'utf8');
  const limit = Math.min(maximumBytes, maxServiceBytes);
  if (bytes.length > limit) return fail('LIMIT', { what: 'service', bytes: bytes.length, maximum: limit });
  if (bytes.includes(0)) return fail('value-invalid', { what: 'service' }, 'the service string holds a NUL byte');
  return ok(Buffer.concat([Buffer.from(bytes.length.toString(16).padStart(4, '0')), bytes]));
}

/** Opens a service of the server itself (`host:…`); the stream stands just behind OKAY. */
export async function openHostService(
  server: AdbServerAddress,
  service: string,
  options: OpenOptions = {},
): Promise<Result<AdbStream>> {
  return await open(server, [service], null, options);
}

/** Opens a service of one handset; the stream stands just behind the handset's OKAY. */
export async function openHandsetService(
  server: AdbServerAddress,
  serial: string,
  service: string,
  options: OpenOptions = {},
): Promise<Result<AdbStream>> {
  const checked = encodeService(service);
  if (!checked.ok) return checked;
  return await open(server, [`host:transport:${serial}`, service], serial, options);
}

async function open(
  server: AdbServerAddress,
  services: readonly string[],
  serial: string | null,
  options: OpenOptions,
): Promise<Result<AdbStream>> {
  const endpoint = server.endpoint();
  if (endpoint === null) return fail('SERVER_DOWN');
  const timeoutMs = options.timeoutMs ?? 10_000;
  const startedMs = performance.now();
  const socket = await connectToServer(endpoint, { timeoutMs, signal: options.signal });
  if (!socket.ok) return socket;
  const stream = new AdbStream(socket.value);
  stream.limit(Math.max(1, timeoutMs - (performance.now() - startedMs)), options.signal);
  for (const service of services) {
    const problem = await request(stream, service, serial);
    if (problem !== null) {
      stream.end(null);
      return { ok: false, problem };
    }
  }
  stream.limit(null, undefined);
  return ok(stream);
}

async function request(stream: AdbStream, service: string, serial: string | null): Promise<Problem | null> {
  const encoded = encodeService(service);
  if (!encoded.ok) return encoded.problem;
  await stream.write(encoded.value);
  const status = await stream.exactly(4);
  if (status === null) {
    // Before OKAY or FAIL only the server itself, dying, ends the stream.
    const problem = endProblem(stream, serial);
    return stream.ownEnd === null ? { ...problem, code: 'SERVER_DOWN' } : problem;
  }
  const word = status.toString('latin1');
  if (word === 'OKAY') return null;
  if (word !== 'FAIL') return fail('PROTOCOL', undefined, `expected OKAY or FAIL, got ${printable(word, 8)}`).problem;
  const text = await readBlock(stream);
  return text.ok ? problemOfFailure(text.value.toString('utf8'), serial) : text.problem;
}

/** One block: four hexadecimal digits, then so many bytes. Problems: PROTOCOL, and those of the stream's end. */
export async function readBlock(stream: AdbStream): Promise<Result<Buffer>> {
  const header = await stream.exactly(4);
  if (header === null) return { ok: false, problem: endProblem(stream, null) };
  const digits = header.toString('latin1');
  if (!/^[0-9a-f]{4}$/i.test(digits)) return fail('PROTOCOL', undefined, `not a block length: ${printable(digits, 8)}`);
  const body = await stream.exactly(parseInt(digits, 16));
  return body === null ? { ok: false, problem: endProblem(stream, null) } : ok(body);
}

/** Why a stream ended before what was expected came. */
export function endProblem(stream: AdbStream, serial: string | null): Problem {
  const params = serial === null ? undefined : { serial: printable(serial, 200) };
  if (stream.ownEnd !== null) return fail(stream.ownEnd, params).problem;
  const detail = stream.error === null ? 'the server closed the stream' : stream.error.message;
  return fail(stream.bytesReceived === 0 ? 'SERVER_DOWN' : 'TRUNCATED', params, detail).problem;
}

/** Opens a host service that answers with one block, and reads it. */
export async function queryHost(
  server: AdbServerAddress,
  service: string,
  options: OpenOptions = {},
): Promise<Result<Buffer>> {
  const opened = await openHostService(server, service, options);
  if (!opened.ok) return opened;
  opened.value.limit(options.timeoutMs ?? 10_000, options.signal);
  const block = await readBlock(opened.value);
  opened.value.end(null);
  return block;
}
