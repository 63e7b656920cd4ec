import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectedHandset } from '../../shared/model/handset.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';
import { printable, problemOfFailure } from './adb-failure.ts';
import type { AdbServer } from './adb-server.ts';
import { openHostService, queryHost, readBlock } from './adb-service.ts';
import type { AdbServerAddress, OpenOptions } from './adb-service.ts';
import type { AdbStream } from './adb-stream.ts';
import { listHandsets, parseDeviceList } from './device-list.ts';

const pollEveryMs = 1000;
/** The server lets go of a handset within milliseconds, on a busy workstation within a second; until then it says «already connected». */
const goingMs = [10, 20, 50, 100, 200, 500, 1000];

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
  /** `adb connect HOST:PORT`. After a restart of the server it is attached again by itself. */
  attach(address: string, options?: OpenOptions): Promise<Result<Attachment>>;
  detach(address: string, options?: OpenOptions): Promise<Result<{ readonly said: string }>>;
  /**
   * Wireless pairing (Android 11 and newer): the handset keeps this workstation's key, as after «Allow». `address` is the one
   * its pairing dialogue shows, with a port of its own; `code` its six digits. Attached it is afterwards, at its other port.
   * Problems: value-invalid, pairing-unsupported (adb before 30), pairing-refused, and those of the server.
   */
  pair(address: string, code: string, options?: OpenOptions): Promise<Result<{ readonly said: string }>>;
}

/** A server that can tell when it is up again lets the directory attach its TCP handsets again even while nobody watches. */
type DirectoryServer = AdbServerAddress & Partial<Pick<AdbServer, 'onEvent'>>;

export function createHandsetDirectory(server: DirectoryServer): HandsetDirectory {
  const attached = new Set<string>();
  server.onEvent?.((event) => {
    if (event.type === 'up') void attachAgain(server, attached, undefined);
  });
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
    pair: async (address, code, options) => {
      const target = parseHandsetAddress(address);
      if (!target.ok) return target;
      if (!/^\d{6}$/.test(code)) return fail('value-invalid', { what: 'code', value: '' }, 'expected six digits');
      return await pair(server, target.value, code, options);
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
  for (const waitMs of [...goingMs, null]) {
    const result = await connect(server, address, options);
    if (!result.ok || !result.value.already) return result;
    const listed = await listHandsets(server, options);
    if (!listed.ok) return result;
    // A handset that went away stays listed as offline, «already connected», until adb tries again after 10 s; and it may
    // be on the way out when «already connected» is said, and is then not listed at all (both measured on 29).
    const there = listed.value.find(({ serial }) => serial === address);
    if (there !== undefined && there.state !== 'offline') return result;
    if (waitMs === null) return fail('NOT_FOUND', { serial: address }, result.value.said);
    if (there !== undefined) await detach(server, address, options);
    const stopped = await sleep(waitMs, false, { signal: options.signal }).catch(() => true);
    if (stopped) break;
  }
  return fail('ABORTED');
}

async function connect(server: AdbServerAddress, address: string, options: OpenOptions): Promise<Result<Attachment>> {
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

/** `adb pair` (AOSP client/commandline.cpp): the answer is text, and begins with «Successfully» or «Failed». */
async function pair(
  server: AdbServerAddress,
  address: string,
  code: string,
  options: OpenOptions = {},
): Promise<Result<{ readonly said: string }>> {
  const answer = await queryHost(server, `host:pair:${code}:${address}`, { timeoutMs: 30_000, ...options });
  if (!answer.ok) {
    const { code: problem, detail } = answer.problem;
    return problem === 'REMOTE' && /unknown host service/i.test(detail ?? '') ? fail('pairing-unsupported') : answer;
  }
  const said = printable(answer.value.toString('utf8').trim(), 500);
  return /^successfully paired/i.test(said) ? ok({ said }) : fail('pairing-refused', { serial: address }, said);
}

/** What a watch knows, and the events that follow from each new list. */
class WatchState {
  interrupted = false;
  #known = new Map<string, ConnectedHandset>();
  readonly #listener: (event: DirectoryEvent) => void;
  readonly #signal: AbortSignal;

  constructor(listener: (event: DirectoryEvent) => void, signal: AbortSignal) {
    this.#listener = listener;
    this.#signal = signal;
  }

  take(handsets: readonly ConnectedHandset[]): void {
    const now = keyBySerial(handsets);
    for (const event of differences(this.#known, now)) this.give(event);
    this.#known = now;
    if (this.interrupted) this.give({ type: 'resync', handsets });
    this.interrupted = false;
  }

  lost(reason: string): void {
    if (!this.interrupted) this.give({ type: 'lost', reason });
    this.interrupted = true;
  }

  give(event: DirectoryEvent): void {
    if (!this.#signal.aborted) this.#listener(event);
  }
}

async function watchHandsets(
  server: AdbServerAddress,
  attached: ReadonlySet<string>,
  listener: (event: DirectoryEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const state = new WatchState(listener, signal);
  let delayMs = 100;
  while (!signal.aborted) {
    const stream = await openTracking(server, signal);
    if (stream.ok) {
      delayMs = 100;
      if (state.interrupted) await attachAgain(server, attached, signal);
      await follow(server, stream.value, state, signal);
      stream.value.end(null);
    }
    if (signal.aborted) return;
    state.lost(stream.ok ? 'the stream of changes ended' : stream.problem.code);
    await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    delayMs = Math.min(delayMs * 2, 2000);
  }
}

async function attachAgain(
  server: AdbServerAddress,
  attached: ReadonlySet<string>,
  signal: AbortSignal | undefined,
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

/**
 * The stream tells of changes at once, but not of all: adb 29 says nothing when a TCP handset goes offline (measured).
 * So the list is asked for every second as well.
 */
async function follow(
  server: AdbServerAddress,
  stream: AdbStream,
  state: WatchState,
  signal: AbortSignal,
): Promise<void> {
  const ended = new AbortController();
  const polling = poll(server, state, AbortSignal.any([signal, ended.signal]));
  for (;;) {
    const block = await readBlock(stream);
    if (!block.ok) break;
    state.take(parseDeviceList(block.value.toString('utf8')));
  }
  ended.abort();
  await polling;
}

async function poll(server: AdbServerAddress, state: WatchState, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(pollEveryMs, undefined, { signal }).catch(() => undefined);
    const listed = signal.aborted ? null : await listHandsets(server, { signal, timeoutMs: 5000 });
    if (listed?.ok === true && !signal.aborted) state.take(listed.value);
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
