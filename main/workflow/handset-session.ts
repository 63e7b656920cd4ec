import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectedHandset } from '../../shared/model/handset.ts';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { readAdbKeyFingerprint } from '../handset/adb-key.ts';
import type { AdbEndpoint } from '../handset/adb-connection.ts';
import type { AdbServer } from '../handset/adb-server.ts';
import { startOwnAdbServer } from '../handset/adb-server.ts';
import type { DirectoryEvent, HandsetDirectory } from '../handset/directory.ts';
import { createHandsetDirectory, parseHandsetAddress } from '../handset/directory.ts';
import type { HandsetLink } from '../handset/link.ts';
import { openHandsetLink } from '../handset/link.ts';
import { parseServerAddress, useRunningServer } from '../handset/running-server.ts';
import type { Conduct } from './conduct.ts';
import {
  placeProblem,
  readAttachedAddresses,
  workstationFolder,
  writeAttachedAddresses,
} from './workstation-folder.ts';

export interface HandsetChange {
  readonly type: 'present' | 'changed' | 'gone';
  readonly handset: ConnectedHandset;
}

/** The handsets of this workstation through one adb server: what commands and the window work with. */
export interface Handsets {
  readonly server: AdbServer;
  readonly directory: HandsetDirectory;
  /** SHA-256 of the key that a handset was asked to trust; null with a server that is not ours. */
  readonly keyFingerprint: () => string | null;
  list(): Promise<Result<readonly ConnectedHandset[]>>;
  /** What is there first, then every change, until the signal aborts. */
  watch(signal: AbortSignal, onChange: (event: HandsetChange) => void): Promise<void>;
  connect(address: string): Promise<Result<ConnectedHandset | null>>;
  disconnect(address: string): Promise<Result<ConnectedHandset | null>>;
  /** Wireless pairing; what adb said. See HandsetDirectory.pair. */
  pair(address: string, code: string): Promise<Result<{ readonly said: string }>>;
  /** A link to one handset; an address (`HOST:PORT`) is attached first when it is not there. */
  open(serial: string, signal: AbortSignal): Promise<Result<HandsetLink>>;
  stop(): Promise<void>;
}

export interface HandsetsOptions {
  readonly adbPath: string | null;
  /** Folder of the adb key; default: the workstation's. */
  readonly keyDirectory?: string;
  /** Remember `devices connect` for the next own server. */
  readonly remember: boolean;
  readonly lang: Conduct['lang'];
  /** A server that runs already, to be used instead of one of our own. */
  readonly running?: AdbEndpoint;
}

/** Starts our own adb server, or uses the running one that HANDSIGHT_ADB_SERVER names. */
export async function openHandsets(options: HandsetsOptions): Promise<Result<Handsets>> {
  const named = process.env['HANDSIGHT_ADB_SERVER'];
  if (named !== undefined && named !== '') {
    const endpoint = parseServerAddress(named);
    if (!endpoint.ok) return endpoint;
    const server = await useRunningServer(endpoint.value);
    return server.ok ? ok(new Session(server.value, null, false, () => undefined)) : server;
  }
  if (options.running !== undefined) {
    const server = await useRunningServer(options.running);
    return server.ok ? ok(new Session(server.value, null, false, () => undefined)) : server;
  }
  const made = makeTemporaryDirectory();
  if (!made.ok) return made;
  const temporaryDirectory = made.value;
  const clean = (): void => rmSync(temporaryDirectory, { recursive: true, force: true });
  const key = options.keyDirectory === undefined ? workstationFolder() : ok(options.keyDirectory);
  if (!key.ok) {
    clean();
    return key;
  }
  const keyDirectory = key.value;
  const server = await startOwnAdbServer({
    keyDirectory,
    temporaryDirectory,
    noLocalTransports: true,
    ...(options.adbPath === null ? {} : { adbPath: options.adbPath }),
  });
  if (!server.ok) {
    clean();
    return server;
  }
  const session = new Session(server.value, keyDirectory, options.remember, clean);
  if (options.remember) await Promise.all(readAttachedAddresses().map((address) => session.directory.attach(address)));
  return ok(session);
}

function makeTemporaryDirectory(): Result<string> {
  try {
    return ok(mkdtempSync(join(tmpdir(), 'handsight-adb-')));
  } catch (error) {
    return placeProblem(error, tmpdir());
  }
}

class Session implements Handsets {
  readonly server: AdbServer;
  readonly directory: HandsetDirectory;
  readonly #keyDirectory: string | null;
  readonly #remember: boolean;
  readonly #clean: () => void;

  constructor(server: AdbServer, keyDirectory: string | null, remember: boolean, clean: () => void) {
    this.server = server;
    this.directory = createHandsetDirectory(server);
    this.#keyDirectory = keyDirectory;
    this.#remember = remember;
    this.#clean = clean;
  }

  keyFingerprint = (): string | null =>
    this.#keyDirectory === null ? null : (readAdbKeyFingerprint(this.#keyDirectory)?.sha256 ?? null);

  async list(): Promise<Result<readonly ConnectedHandset[]>> {
    return this.directory.list();
  }

  async watch(signal: AbortSignal, onChange: (event: HandsetChange) => void): Promise<void> {
    const stop = this.directory.watch((event: DirectoryEvent) => {
      if (event.type === 'present' || event.type === 'changed' || event.type === 'gone') onChange(event);
    });
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    stop();
  }

  async connect(address: string): Promise<Result<ConnectedHandset | null>> {
    const attached = await this.directory.attach(address);
    if (!attached.ok) return attached;
    if (this.#remember) {
      const kept = writeAttachedAddresses([...new Set([...readAttachedAddresses(), attached.value.serial])]);
      if (!kept.ok) return kept;
    }
    return this.#settled(attached.value.serial);
  }

  async disconnect(address: string): Promise<Result<ConnectedHandset | null>> {
    const parsed = parseHandsetAddress(address);
    if (!parsed.ok) return parsed;
    if (this.#remember) {
      const remembered = readAttachedAddresses();
      const others = remembered.filter((one) => one !== parsed.value);
      const kept = others.length < remembered.length ? writeAttachedAddresses(others) : ok(null);
      if (!kept.ok) return kept;
    }
    const detached = await this.directory.detach(address);
    return detached.ok ? ok(null) : detached;
  }

  pair(address: string, code: string): Promise<Result<{ readonly said: string }>> {
    return this.directory.pair(address, code);
  }

  async open(serial: string, signal: AbortSignal): Promise<Result<HandsetLink>> {
    const listed = await this.directory.list();
    if (!listed.ok) return listed;
    const known = listed.value.some((one) => one.serial === serial);
    if (!known && /^[^\s]+:\d{1,5}$/.test(serial)) {
      const attached = await this.connect(serial);
      if (!attached.ok) return attached;
    }
    const state = await this.#settled(serial);
    if (state.ok && state.value === null) return fail('NOT_FOUND', { serial });
    return openHandsetLink(this.server, serial, { signal });
  }

  /** A transport that just attached is `offline` or `authorizing` for a moment: waits up to three seconds for its real state. */
  async #settled(serial: string): Promise<Result<ConnectedHandset | null>> {
    for (let attempt = 0; ; attempt += 1) {
      const listed = await this.directory.list();
      if (!listed.ok) return listed;
      const found = listed.value.find((one) => one.serial === serial) ?? null;
      const passing = found === null || found.state === 'offline' || found.state === 'authorizing';
      if (!passing || attempt >= 30) return ok(found);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async stop(): Promise<void> {
    await this.server.stop();
    this.#clean();
  }
}

/** Opens the handsets for one command and closes them whatever happens. */
export async function withHandsets<T>(
  conduct: Conduct,
  act: (handsets: Handsets) => Promise<Result<T>>,
): Promise<Result<T>> {
  const opened = await openHandsets({ adbPath: null, remember: true, lang: conduct.lang });
  if (!opened.ok) return opened;
  try {
    return await act(opened.value);
  } finally {
    await opened.value.stop();
  }
}
