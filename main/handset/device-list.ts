import type { ConnectedHandset, HandsetState } from '../../shared/model/handset.ts';
import { ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';
import { queryHost } from './adb-service.ts';
import type { AdbServerAddress, OpenOptions } from './adb-service.ts';
import { printable } from './adb-failure.ts';

const maxHandsets = 256;
const maxFieldLength = 200;

/** adb's words (AOSP adb.cpp, to_string(ConnectionState)) to ours. What is not here is `unknown`, its word kept as `rawState`. */
const stateWords: Readonly<Record<string, HandsetState>> = {
  device: 'device',
  offline: 'offline',
  connecting: 'offline',
  unauthorized: 'unauthorized',
  authorizing: 'authorizing',
  recovery: 'recovery',
  rescue: 'recovery',
  sideload: 'sideload',
  bootloader: 'bootloader',
};

/** Reads the answer of `host:devices-l` or `host:devices`; lines that are no handset lines are skipped. */
export function parseDeviceList(text: string): readonly ConnectedHandset[] {
  return text
    .split('\n')
    .slice(0, maxHandsets)
    .map(parseDeviceLine)
    .filter((handset) => handset !== null);
}

/** One line: serial, white space, state (of several words for «no permissions (…)»), then `key:value` fields. */
export function parseDeviceLine(line: string): ConnectedHandset | null {
  const match = /^(\(no serial number\)|\S+)\s+(\S.*)$/.exec(line.trimEnd());
  const serial = match?.[1];
  const rest = match?.[2];
  if (serial === undefined || rest === undefined) return null;
  const fieldsAt = / (?:usb|product|model|device|transport_id):/.exec(rest)?.index ?? rest.length;
  // Between state and fields adb prints the USB path (`1-1`, `usb:1-1`): not part of the state.
  const rawState = rest
    .slice(0, fieldsAt)
    .replace(/\s+(\d+-[\d.]+|\d+X)$/, '')
    .trim();
  const fields = rest.slice(fieldsAt);
  const state = stateOf(rawState);
  return {
    serial,
    state,
    rawState: printable(rawState, maxFieldLength),
    transport: transportOf(serial),
    model: fieldOf(fields, 'model'),
    product: fieldOf(fields, 'product'),
    transportId: fieldOf(fields, 'transport_id'),
    advice: `advice.${state}`,
  };
}

function stateOf(rawState: string): HandsetState {
  if (/^no permissions/i.test(rawState)) return 'no-permissions';
  return Object.hasOwn(stateWords, rawState) ? (stateWords[rawState] ?? 'unknown') : 'unknown';
}

function transportOf(serial: string): ConnectedHandset['transport'] {
  if (/^emulator-\d+$/.test(serial)) return 'emulator';
  return /:\d+$/.test(serial) || /\._tcp\.?$/.test(serial) ? 'tcp' : 'usb';
}

function fieldOf(fields: string, key: string): string | null {
  const value = new RegExp(`(?:^| )${key}:(\\S+)`).exec(fields)?.[1];
  return value === undefined ? null : printable(value, maxFieldLength);
}

/** What the server sees now. Problems: SERVER_DOWN, TIMEOUT, ABORTED, PROTOCOL. */
export async function listHandsets(
  server: AdbServerAddress,
  options: OpenOptions = {},
): Promise<Result<readonly ConnectedHandset[]>> {
  const answer = await queryHost(server, 'host:devices-l', options);
  return answer.ok ? ok(parseDeviceList(answer.value.toString('utf8'))) : answer;
}
