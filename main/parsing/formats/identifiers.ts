import { looksLike, tidyNumber } from '../identifier-shapes.ts';
import { readParcel } from '../parcel.ts';
import { cardTransactionsOf, phoneTransactionsOf } from '../phone-transactions.ts';
import { projectionOf, readContentRows } from './content-rows.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';
import { noSection } from '../parse-result.ts';

/** What a call asks for: the getter, and whose value where it names a slot (`i32 1`) or a subscription. */
function calledOf(command: string, release: string | null | undefined) {
  const [, number = '-1', whose] = /service call iphonesubinfo (\d{1,3})(?: i32 (\d{1,9})\b)?/.exec(command) ?? [];
  const code = Number(number);
  if (whose === undefined) {
    const found = phoneTransactionsOf(release).find((candidate) => candidate.code === code);
    return found === undefined ? null : { code, kind: found.kind, asked: found.method };
  }
  const found = cardTransactionsOf(release).find((candidate) => candidate.code === code);
  return found === undefined ? null : { code, kind: found.kind, asked: `${found.method}, ${found.names} ${whose}` };
}

/**
 * `service call iphonesubinfo N …`: the kind follows from the release's table, and the value's shape must agree. Which slot or
 * subscription was asked stands in the method.
 */
export function parsePhoneParcel({ text, command, context }: FormatInput, sink: ParseSink): void {
  const reply = readParcel(text);
  if (reply.type === 'null') return;
  if (reply.type !== 'string') return sink.skip(1, text, `parcel-${reply.type}`);
  const value = reply.value.trim();
  if (value === '') return;
  const called = calledOf(command, context.release);
  if (called === null) return sink.skip(1, text, 'transaction-unknown');
  // A CDMA handset answers getDeviceId with its MEID.
  const kind =
    called.kind === 'imei' && /^[0-9a-f]{14}$/i.test(value) && !/^\d{14}$/.test(value) ? 'meid' : called.kind;
  const tidy = kind === 'msisdn' ? tidyNumber(value) : value;
  if (!looksLike(kind, tidy)) return sink.skip(1, value, 'shape-differs');
  const method = `service call iphonesubinfo ${called.code} (${called.asked})`;
  sink.add({ kind: 'identifier', identifierKind: kind, value: tidy, method });
}

/** `dumpsys iphonesubinfo` (till 4.x): `  Phone Type = GSM`, `  Device ID = …`. */
export function parsePhoneDump({ text }: FormatInput, sink: ParseSink): void {
  const type = /Phone Type = (\w+)/.exec(text)?.[1];
  if (text.trim() !== '' && !/Device ID = /.test(text)) sink.skip(1, text.slice(0, 160), 'no-device-id');
  text.split('\n').forEach((line, i) => {
    const value = /^\s*Device ID = (\S+)\s*$/.exec(line)?.[1];
    if (value === undefined || value === 'null') return;
    const kind = type === 'CDMA' ? 'meid' : 'imei';
    if (looksLike(kind, value))
      sink.add({ kind: 'identifier', identifierKind: kind, value, method: 'dumpsys iphonesubinfo' });
    else sink.skip(i + 1, line, 'shape-differs');
  });
}

/** The handset's own Wi-Fi interfaces; the others (p2p0, rmnet, tunnels) have derived or no hardware addresses. */
const wifiInterface = /^(?:wlan0|wlan1|eth0|wifi0|tiwlan0)$/;

function addMac(name: string, mac: string, method: string, sink: ParseSink): void {
  const value = mac.toLowerCase();
  if (wifiInterface.test(name) && looksLike('wifi-mac', value)) {
    sink.add({ kind: 'identifier', identifierKind: 'wifi-mac', value, method: `${method} ${name}` });
  }
}

/** Interfaces of VPN apps (`tun`), of a tunnel in the kernel, and of a telephone line or an old modem (`ppp`): a VPN may be behind each. */
const tunnelInterface = /^(?:tun|tap|ppp|wg|ipsec)\d{1,5}$/;

/** That such an interface is up, as a fact of the moment: on every release there is. */
function addTunnel(name: string, said: readonly string[], sink: ParseSink): void {
  const value = sink.value(said.join('; '));
  sink.add({ kind: 'fact', topic: 'network', package: null, name: `tunnel interface/${name}`, value, atHandset: null });
}

/** `netcfg` (till 6): `wlan0  UP  192.168.1.2/24  0x00001043 aa:bb:cc:dd:ee:ff`. */
export function parseNetcfg({ text }: FormatInput, sink: ParseSink): void {
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '') return;
    if (line.length > 300) return sink.skip(i + 1, line, 'line-too-long');
    const match = /^(\S+)\s+(UP|DOWN)\s+(\S+)\s+0x[0-9a-f]+(?:\s+([0-9a-f]{2}(?::[0-9a-f]{2}){5}))?\s*$/i.exec(line);
    if (match === null) return sink.skip(i + 1, line, 'not-an-interface');
    const [, name = '', state = '', address = '', mac] = match;
    if (mac !== undefined) addMac(name, mac, 'netcfg', sink);
    if (state === 'UP' && tunnelInterface.test(name)) addTunnel(name, [state, address], sink);
  });
}

const maxAddresses = 50;

/** `ip addr`, `ip link`: `3: wlan0: <…>` and below it `link/ether aa:…` and `inet 192.168.1.2/24 …`. */
export function parseIpAddr({ text }: FormatInput, sink: ParseSink): void {
  let name: string | null = null;
  let tunnel: { readonly name: string; readonly said: string[] } | null = null;
  const close = (): void => {
    if (tunnel !== null) addTunnel(tunnel.name, tunnel.said, sink);
    tunnel = null;
  };
  text.split('\n').forEach((line, i) => {
    const head = /^\d+: ([^\s:@]+)[@:](?:[^\s:]{0,50}:)? ?(?:<([A-Z0-9_,-]{1,300})>)?/.exec(line);
    if (head !== null) {
      close();
      const [, found = '', flags = ''] = head;
      name = found;
      if (flags.split(',').includes('UP') && tunnelInterface.test(found)) tunnel = { name: found, said: [flags] };
    } else if (line.trim() !== '' && !/^\s/.test(line)) sink.skip(i + 1, line, 'not-an-interface');
    const mac = /^\s+link\/ether ([0-9a-f:]{17})/i.exec(line)?.[1];
    if (name !== null && mac !== undefined) addMac(name, mac, 'ip addr', sink);
    const address = /^\s{1,8}inet6? ([0-9a-f.:]{2,50}(?:\/\d{1,3})?)(?:\s|$)/i.exec(line)?.[1];
    if (tunnel !== null && address !== undefined && tunnel.said.length <= maxAddresses) tunnel.said.push(address);
  });
  close();
}

/** `cat /sys/class/net/wlan0/address`. */
export function parseAddressFile({ text, command }: FormatInput, sink: ParseSink): void {
  const name = /\/net\/([\w.-]+)\/address/.exec(command)?.[1] ?? '';
  const mac = text.trim();
  if (looksLike('wifi-mac', mac)) addMac(name, mac, 'address file of', sink);
  else if (mac !== '') sink.skip(1, mac, 'shape-differs');
}

/** Settings that are themselves identifiers. */
export const identifierSettings: ReadonlyMap<string, string> = new Map([
  ['secure/android_id', 'android-id'],
  ['secure/bluetooth_address', 'bluetooth-mac'],
  ['secure/advertising_id', 'advertising-id'],
]);

/**
 * `dumpsys account`: `Account {name=…, type=com.xiaomi}` of every release, below its user. One fact for each user and type with the
 * number of accounts; their names are identifiers.
 */
export function parseAccounts({ text }: FormatInput, sink: ParseSink): void {
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  let user = '0';
  const said = /User UserInfo\{(\d{1,9}):|Account \{name=([^\n]{1,256}?), type=([^\s}]{1,128})\}/g;
  for (const [, whose, name, type] of text.matchAll(said)) {
    user = whose ?? user;
    if (name === undefined || type === undefined || seen.has(`${user} ${type} ${name}`)) continue;
    seen.add(`${user} ${type} ${name}`);
    const key = user === '0' ? type : `${user}/${type}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    const method = `dumpsys account, type ${type}`;
    sink.add({ kind: 'identifier', identifierKind: 'account', value: name, method });
    if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(name))
      sink.add({ kind: 'identifier', identifierKind: 'email', value: name, method });
  }
  for (const [name, count] of counts)
    sink.add({ kind: 'fact', topic: 'account', package: null, name, value: String(count), atHandset: null });
  if (seen.size === 0 && !/Accounts: 0\b/.test(text)) noSection(sink, text, 'Accounts');
}

/** `content query --uri content://com.android.contacts/data/phones --projection display_name:data1`. */
export function parsePhoneRows({ text, command }: FormatInput, sink: ParseSink): void {
  const columns = projectionOf(command) ?? ['display_name', 'data1'];
  const method = 'contacts provider';
  const names = new Set<string>();
  for (const row of readContentRows(text, columns, sink)) {
    const name = row.columns.get('display_name');
    const number = tidyNumber(row.columns.get('data1') ?? row.columns.get('number') ?? '');
    if (looksLike('contact-msisdn', number))
      sink.add({ kind: 'identifier', identifierKind: 'contact-msisdn', value: number, method });
    else sink.skip(row.line, row.body, 'shape-differs');
    if (name === undefined || name === 'NULL' || name === '' || names.has(name) || name.length > 256) continue;
    names.add(name);
    sink.add({ kind: 'identifier', identifierKind: 'contact-name', value: name, method });
  }
}
