import type { ConnectedHandset } from '../../shared/model/handset.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';
import { printable } from './adb-failure.ts';
import { encodeService, maxServiceBytes, openHandsetService, queryHost } from './adb-service.ts';
import type { AdbServerAddress, OpenOptions } from './adb-service.ts';
import type { AdbStream } from './adb-stream.ts';
import { measureClockOffset } from './clock.ts';
import { listHandsets } from './device-list.ts';
import { Journal } from './journal.ts';
import type { JournalEnd, JournalEntry } from './journal.ts';
import type { LinkContext } from './link-context.ts';
import type { HandsetLink } from './link-types.ts';
import { createReverse } from './reverse.ts';
import { takeScreenshot } from './screenshot.ts';
import { runShell, spawnShell } from './shell.ts';
import { listFolder, pullFile, pushFile, statFile } from './sync.ts';

export type * from './link-types.ts';

export interface LinkOptions {
  readonly openTimeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Called at the end of every journal entry. */
  readonly onJournal?: (entry: JournalEntry) => void;
}

/**
 * Longest command for a handset of before Android 7: its packets hold 4,096 bytes, and the adb server *aborts* (CHECK_LE in
 * connect_to_remote; measured on 29.0.6) when the string with its NUL does not fit.
 */
export const oldHandsetServiceBytes = 4095;

/**
 * Opens the link to one handset: asks the server for its state and features.
 * Problems: NOT_FOUND, OFFLINE, UNAUTHORIZED, REFUSED (no permissions), SERVER_DOWN, TIMEOUT.
 */
export async function openHandsetLink(
  server: AdbServerAddress,
  serial: string,
  options: LinkOptions = {},
): Promise<Result<HandsetLink>> {
  const answer = await queryHost(server, `host-serial:${serial}:features`, {
    timeoutMs: options.openTimeoutMs ?? 10_000,
    signal: options.signal,
  });
  if (!answer.ok) return { ok: false, problem: { ...answer.problem, params: { serial: printable(serial, 200) } } };
  const features = new Set(
    answer.value
      .toString('latin1')
      .split(',')
      .slice(0, 256)
      .filter((word) => word !== ''),
  );
  return ok(createLink(server, serial, features, options));
}

function createLink(
  server: AdbServerAddress,
  serial: string,
  features: ReadonlySet<string>,
  options: LinkOptions,
): HandsetLink {
  const journal = new Journal(serial, options.onJournal);
  const open = new Set<AdbStream>();
  const openTimeoutMs = options.openTimeoutMs ?? 10_000;
  const context: LinkContext = {
    serial,
    features,
    openTimeoutMs,
    look: async (signal) => await lookAt(server, serial, signal),
    open: async (service, request, openOptions) => await openNoted(service, request, openOptions ?? {}),
  };
  const openNoted = async (
    service: string,
    request: string | null,
    openOptions: OpenOptions,
  ): Promise<Result<{ readonly stream: AdbStream; readonly note: (end: JournalEnd) => void }>> => {
    // What is never sent is not in the journal.
    const sendable = encodeService(service, features.has('shell_v2') ? maxServiceBytes : oldHandsetServiceBytes);
    if (!sendable.ok) return sendable;
    const end = journal.begin(service, request);
    const opened = await openHandsetService(server, serial, service, openOptions);
    if (!opened.ok) {
      end({ outcome: opened.problem.code, bytesReceived: 0, bytesSent: 0 });
      return opened;
    }
    const stream = opened.value;
    open.add(stream);
    stream.socket.once('close', () => open.delete(stream));
    return ok({ stream, note: end });
  };
  const link: HandsetLink = {
    serial,
    features,
    run: async (command, runOptions = {}) => await runShell(context, command, runOptions),
    spawn: async (command, spawnOptions = {}) => await spawnShell(context, command, spawnOptions),
    stat: async (path, transfer = {}) => await statFile(context, path, transfer),
    readDir: async (path, transfer = {}) => await listFolder(context, path, transfer),
    pull: async (path, onChunk, pullOptions = {}) => await pullFile(context, path, onChunk, pullOptions),
    push: async (path, source, pushOptions = {}) => await pushFile(context, path, source, pushOptions),
    reverse: createReverse(context),
    screenshot: async (shotOptions = {}) => await takeScreenshot(link, shotOptions),
    clockOffset: async (clockOptions = {}) => await measureClockOffset(link, clockOptions),
    look: async (signal) => await context.look(signal),
    journal: journal.entries,
    get journalDropped() {
      return journal.dropped;
    },
    close: () => {
      for (const stream of open) stream.end('ABORTED');
    },
  };
  return link;
}

async function lookAt(
  server: AdbServerAddress,
  serial: string,
  signal: AbortSignal | undefined,
): Promise<Result<ConnectedHandset>> {
  const listed = await listHandsets(server, { timeoutMs: 5000, signal });
  if (!listed.ok) return listed;
  const handset = listed.value.find((candidate) => candidate.serial === serial);
  return handset === undefined ? fail('NOT_FOUND', { serial: printable(serial, 200) }) : ok(handset);
}
