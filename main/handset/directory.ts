import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectedHandset } from '../../shared/model/handset.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';
import { printable, problemOfFailure } from './adb-failure.ts';
import { openHostService, queryHost, readBlock } from './adb-service.ts';
import type { AdbServerAddress, OpenOptions } from './adb-service.ts';
import type { AdbStream } from './adb-stream.ts';
import { listHandsets, parseDeviceList } from './device-list.ts';

export type DirectoryEvent =
  | { readonly type: 'present'; readonly handset: ConnectedHandset }
  | { readonly type: 'changed'; readonly handset: ConnectedHandset; readonly before: ConnectedHandset }
  | { readonly type: 'gone'; readonly handset: ConnectedHandset }
  /** The stream of changes was interrupted (server restarted) and stands again; `handsets` is the whole list. */
  | { readonly type: 'resync'; readonly handsets: readonly ConnectedHandset[] }
  /** The server does not answer; the next try follows by itself. */
  | { readonly type: 'lost'; readonly reason: string };

export interface Attachment {
  readonly serial: string;
  readonly already: boolean;
  /** The handset shows its prompt, or refuses the key: it is listed, but as unauthorized. */
  readonly needsAuthorisation: boolean;
  readonly said: string;
}

export interface HandsetDirectory {
  list(options?: OpenOptions): Promise<Result<readonly ConnectedHandset[]>>;
  /** Reports what is there first (`present` each), then every change, until the returned function is called. */
  watch(listener: (event: DirectoryEvent) => void): () => void;
  /** `adb connect HOST:PORT`. After a restart of the server it is attached again by itself while somebody watches. */
  attach(address: string, options?: OpenOptions): Promise<Result<Attachment>>;
  detach(address: string, options?: OpenOptions): Promise<Result<{ readonly said: string }>>;
}

export function createHandsetDirectory(server: AdbServerAddress): HandsetDirectory {
  const attached = new Set<string>();
  return {
    list: (options) => listHandsets(server, options),
    watch: (listener) => {
      const stopping = new AbortController();
      void watchHandsets(server, attached, listener, stopping.signal);
      return () => stopping.abort();
    },
    attach: async (address, options) => {
      const target = parseHandsetAddress(address);
      if (!target.ok) return target;
      const result = await attach(server, target.value, options);
      if (result.ok) attached.add(target.value);
      return result;
    },
    detach: async (address, options) => {
      const target = parseHandsetAddress(address);
      if (!target.ok) return target;
      attached.delete(target.value);
      return await detach(server, target.value, options);
    },
  };
}

/** `HOST:PORT`, `[v6]:PORT`; without a port adb's 5555. Problem: value-invalid. */
export function parseHandsetAddress(text: string): Result<string> {
  const match = /^(\[[0-9a-f:.%]+\]|[a-z0-9](?:[a-z0-9._-]{0,252}))(?::(\d{1,5}))?$/i.exec(text.trim());
  const port = Number(match?.[2] ?? 5555);
  if (match === null || port < 1 || port > 65_535) {
    return fail('value-invalid', { what: 'address', value: printable(text, 100) }, 'expected HOST:PORT');
  }
  return ok(`${match[1] ?? ''}:${port}`);
}

async function attach(
  server: AdbServerAddress,
  address: string,
  options: OpenOptions = {},
): Promise<Result<Attachment>> {
  const answer = await queryHost(server, `host:connect:${address}`, { timeoutMs: 15_000, ...options });
  if (!answer.ok) return answer;
  const said = printable(answer.value.toString('utf8').trim(), 500);
  const needsAuthorisation = /failed to authenticate|unauthorized/i.test(said);
  if (needsAuthorisation || /^(already )?connected to/i.test(said)) {
    return ok({ serial: address, already: /^already/i.test(said), needsAuthorisation, said });
  }
  // «failed to connect to '127.0.0.1:9': Connection refused», «… No route to host», «failed to resolve host»
  const unreachable = /refused|no route|unreachable|resolve|not known|timed out/i.test(said);
  return unreachable
    ? fail('NOT_FOUND', { serial: address }, said)
    : { ok: false, problem: problemOfFailure(said, address) };
}

async function detach(
  server: AdbServerAddress,
  address: string,
  options: OpenOptions = {},
): Promise<Result<{ readonly said: string }>> {
  const answer = await queryHost(server, `host:disconnect:${address}`, { timeoutMs: 10_000, ...options });
  if (!answer.ok)
    return answer.problem.code === 'REMOTE' ? fail('NOT_FOUND', { serial: address }, answer.problem.detail) : answer;
  const said = printable(answer.value.toString('utf8').trim(), 500);
  return /^disconnected/i.test(said) ? ok({ said }) : fail('NOT_FOUND', { serial: address }, said);
}

async function watchHandsets(
  server: AdbServerAddress,
  attached: ReadonlySet<string>,
  listener: (event: DirectoryEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  let known = new Map<string, ConnectedHandset>();
  let interrupted = false;
  let delayMs = 100;
  const give = (event: DirectoryEvent): void => {
    if (!signal.aborted) listener(event);
  };
  while (!signal.aborted) {
    const stream = await openTracking(server, signal);
    if (stream.ok) {
      delayMs = 100;
      if (interrupted) await attachAgain(server, attached, signal);
      known = await follow(stream.value, known, interrupted, give);
      stream.value.end(null);
    }
    if (signal.aborted) return;
    if (stream.ok || !interrupted)
      give({ type: 'lost', reason: stream.ok ? 'the stream of changes ended' : stream.problem.code });
    interrupted = true;
    await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    delayMs = Math.min(delayMs * 2, 2000);
  }
}

async function attachAgain(
  server: AdbServerAddress,
  attached: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all([...attached].map((address) => attach(server, address, { signal, timeoutMs: 3000 })));
}

/** The long form where the server knows it (1.0.40 and later), else the short one. */
async function openTracking(server: AdbServerAddress, signal: AbortSignal): Promise<Result<AdbStream>> {
  const long = await openHostService(server, 'host:track-devices-l', { signal });
  const opened =
    long.ok || long.problem.code !== 'REMOTE' ? long : await openHostService(server, 'host:track-devices', { signal });
  if (opened.ok) opened.value.limit(null, signal);
  return opened;
}

async function follow(
  stream: AdbStream,
  before: Map<string, ConnectedHandset>,
  interrupted: boolean,
  give: (event: DirectoryEvent) => void,
): Promise<Map<string, ConnectedHandset>> {
  let known = before;
  let resync = interrupted;
  for (;;) {
    const block = await readBlock(stream);
    if (!block.ok) return known;
    const handsets = parseDeviceList(block.value.toString('utf8'));
    const now = keyBySerial(handsets);
    for (const event of differences(known, now)) give(event);
    known = now;
    if (resync) give({ type: 'resync', handsets });
    resync = false;
  }
}

/** By serial; handsets that share one (cheap clones, `????????????`) are kept apart by their transport id. */
export function keyBySerial(handsets: readonly ConnectedHandset[]): Map<string, ConnectedHandset> {
  const keyed = new Map<string, ConnectedHandset>();
  for (const handset of handsets) {
    const key = keyed.has(handset.serial) ? `${handset.serial} ${handset.transportId ?? '?'}` : handset.serial;
    keyed.set(key, handset);
  }
  return keyed;
}

/** Pure: what changed between two lists, in the order gone, present, changed. */
export function differences(
  before: ReadonlyMap<string, ConnectedHandset>,
  now: ReadonlyMap<string, ConnectedHandset>,
): readonly DirectoryEvent[] {
  const events: DirectoryEvent[] = [];
  for (const [key, handset] of before) if (!now.has(key)) events.push({ type: 'gone', handset });
  for (const [key, handset] of now) {
    const old = before.get(key);
    if (old === undefined) events.push({ type: 'present', handset });
    else if (isOther(old, handset)) events.push({ type: 'changed', handset, before: old });
  }
  return events;
}

function isOther(a: ConnectedHandset, b: ConnectedHandset): boolean {
  return a.rawState !== b.rawState || a.transportId !== b.transportId || a.model !== b.model;
}
