import type { FormatInput, ParseSink } from '../parse-result.ts';
import { noSection } from '../parse-result.ts';
import { readLink } from './link-properties.ts';
import type { Link } from './link-properties.ts';

/** Of a VPN that leaves out some apps the line names every range of the others. */
const maxLine = 20_000;
const maxNetworks = 200;
/** android.os.UserHandle.PER_USER_RANGE: user 10 runs the app 10123 as 1010123. */
const perUser = 100_000;
const maxUsers = 50;

type Tell = (name: string, value: string | null, owner?: string | null) => void;

/** A network as the beginning of its line tells it, where neither an access point's name nor an app's session can stand yet. */
interface Network {
  readonly id: string;
  /** `WIFI`, `MOBILE[LTE]`, `VPN`. */
  readonly type: string;
  readonly state: string;
  /** `VPN:` and the app's name, from 13 on; null elsewhere. */
  readonly package: string | null;
}

/** 5 to 10 (NetworkAgentInfo.toString with NetworkInfo.toString): `NetworkAgentInfo{ ni{[type: WIFI[], state: CONNECTED/CONNECTED, …`. */
const longForm =
  /^NetworkAgentInfo ?\{ ?ni\{\[type: ([\w -]{1,40})\[([^\]]{0,40})\], state: [A-Z]{1,20}\/([A-Z_]{1,40})\b/;
/** From 11 on (NetworkInfo.toShortString): `NetworkAgentInfo{network{101}  handle{…}  ni{WIFI CONNECTED extra: …`. */
const shortForm =
  /^NetworkAgentInfo ?\{ ?network\{(\d{1,9})\} {1,4}(?:handle\{\d{1,20}\} {1,4})?ni\{([\w-]{1,40}(?:\[[^\]]{0,40}\])?) ([A-Z_]{1,40})\b(?: ROAMING)?(?: extra: VPN:([A-Za-z][\w.]{0,255})\})?/;
/** 4.x (NetworkInfo.toString before 5): `NetworkInfo: type: WIFI[], state: CONNECTED/CONNECTED, …`. */
const oldInfo = /^NetworkInfo: type: ([\w -]{1,40})\[([^\]]{0,40})\], state: [A-Z]{1,20}\/([A-Z_]{1,40})\b/;

/**
 * `dumpsys connectivity` (frameworks/base, ConnectivityService.dump with NetworkAgentInfo, LinkProperties and NetworkCapabilities; from 12 on
 * in packages/modules/Connectivity): facts of the moment. The default network, and of each network its type and state, interface, servers
 * of names, private DNS and proxy; of a VPN who built it (user id of the app from 9 on, its name from 13 on) and for which users. Before 5
 * a VPN does not stand here, only its interface (`ip addr`, `netcfg`) tells of it. Requests, tethering and logs stay in the exhibit.
 */
export function parseConnectivity({ text }: FormatInput, sink: ParseSink): void {
  let known = false;
  let networks: number | null = null;
  /** 4.x: within the part of one kind of network, and behind the line that tells its state. */
  let trackers = false;
  let tracker: Network | null = null;
  const seen = new Set<string>();
  const told = new Set<string>();
  const tell: Tell = (name, value, owner = null) => {
    if (value === null || value === '' || told.has(name)) return;
    told.add(name);
    sink.add({ kind: 'fact', topic: 'network', package: owner, name, value: sink.value(value), atHandset: null });
  };
  /** A bug report prints the networks twice. */
  const isNew = (id: string, at: number, said: string): boolean => {
    if (seen.has(id)) return false;
    if (seen.size >= maxNetworks) sink.skip(at, said, 'too-many');
    else seen.add(id);
    return seen.has(id);
  };
  text.split('\n').forEach((raw, i) => {
    const line = raw.trim();
    const indent = raw.length - raw.trimStart().length;
    if (line === '') return;
    const chosen = indent === 0 ? /^Active default network: (\w{1,40})$/.exec(line)?.[1] : undefined;
    if (chosen !== undefined) tell('Active default network', chosen);
    if (indent === 0) {
      trackers = line.startsWith('NetworkStateTracker for ');
      tracker = null;
    }
    if (chosen !== undefined || trackers) known = true;
    if (networks !== null && indent <= networks) networks = null;
    if (line === 'Current Networks:') networks = indent;
    else if (networks !== null && line.startsWith('NetworkAgentInfo')) {
      if (line.length > maxLine) return sink.skip(i + 1, line, 'line-too-long');
      const found = ambiguous(line) ? null : networkOf(line);
      if (found === null) sink.skip(i + 1, line, 'not-a-network');
      else if (isNew(found.id, i + 1, line)) tellNetwork(found, line, tell);
    } else if (trackers && line.startsWith('NetworkInfo: type: ')) {
      const found = oldNetworkOf(line);
      if (found?.state !== 'CONNECTED' || !isNew(found.id, i + 1, line)) return;
      tracker = found;
      tell(`network ${found.id}/state`, `${found.type} ${found.state}`);
    } else if (tracker !== null && line.startsWith('{')) {
      if (line.length > maxLine) sink.skip(i + 1, line, 'line-too-long');
      else tellLink(tracker, readLink(line, true), tell);
      tracker = null;
    }
  });
  if (!known) noSection(sink, text, 'Active default network');
}

/**
 * An access point's name, a domain or a session's name may hold what looks like a part of the line: where a part stands twice, nobody
 * can tell which is the handset's own.
 */
function ambiguous(line: string): boolean {
  return [' lp{{', ' nc{[', /^NetworkAgentInfo ?\{ ?network\{/.test(line) ? ' ni{' : ' network{'].some(
    (part) => line.indexOf(part) !== line.lastIndexOf(part),
  );
}

function networkOf(line: string): Network | null {
  const short = shortForm.exec(line);
  if (short !== null) {
    const [, id = '', type = '', state = '', owner] = short;
    return { id, type, state, package: owner ?? null };
  }
  const [, type, subtype, state = ''] = longForm.exec(line) ?? [];
  const id = /\} {1,4}network\{(\d{1,9})\}/.exec(line)?.[1];
  return type === undefined || id === undefined ? null : { id, type: typeOf(type, subtype), state, package: null };
}

function oldNetworkOf(line: string): Network | null {
  const [, type, subtype, state = ''] = oldInfo.exec(line) ?? [];
  return type === undefined ? null : { id: type, type: typeOf(type, subtype), state, package: null };
}

const typeOf = (type: string, subtype: string | undefined): string => (subtype ? `${type}[${subtype}]` : type);

function tellLink({ id }: Network, { interfaceName, rest }: Link, tell: Tell): string | null {
  tell(`network ${id}/InterfaceName`, interfaceName);
  for (const [name, value] of rest) tell(`network ${id}/${name}`, value);
  return interfaceName;
}

function tellNetwork(network: Network, line: string, tell: Tell): void {
  const { id, type, state } = network;
  tell(`network ${id}/state`, `${type} ${state}`);
  const [lp, nc] = [line.indexOf(' lp{{'), line.indexOf(' nc{[')];
  const link = lp < 0 ? '' : line.slice(lp + 4, nc > lp ? nc : undefined);
  const interfaceName = tellLink(network, readLink(link, false), tell);
  const can = nc < 0 ? '' : line.slice(nc + 4);
  tell(`network ${id}/Transports`, /^\[ ?Transports: ([A-Z_|]{1,100})/.exec(can)?.[1] ?? null);
  tellBroken(network, can, tell);
  if (type === 'VPN') tellVpn(network, interfaceName, can, tell);
}

/**
 * Printed behind every name that others chose (specifier, session, access point), each of which ends with `>` or a quotation mark. Behind
 * an access point's name without quotation marks (a vendor's, or one that is no UTF-8, in hexadecimal) it is doubtful.
 */
function tellBroken({ id }: Network, can: string, tell: Tell): void {
  const behind = can.slice(Math.max(can.lastIndexOf('>'), can.lastIndexOf('"')) + 1);
  if (!/ (?:PrivateDnsBroken|Private DNS is broken)\b/.test(behind)) return;
  tell(`network ${id}/PrivateDnsBroken${behind.includes(' SSID: ') ? '/doubtful' : ''}`, 'true');
}

/** Its app's own words stand before these parts: the last of each is the handset's. */
const lastOf = (text: string, part: string): string => {
  const at = text.lastIndexOf(part);
  return at < 0 ? '' : text.slice(at + part.length);
};

function tellVpn(network: Network, interfaceName: string | null, can: string, tell: Tell): void {
  // OwnerUid from 11 on, EstablishingAppUid in 9 and 10; earlier releases do not print it.
  const uid = /^\d{1,10}/.exec(lastOf(can, ' OwnerUid: ') || lastOf(can, ' EstablishingAppUid: '))?.[0] ?? null;
  const uids =
    /^([\d, -]{1,15000})\}>/.exec(lastOf(can, ' Uids: <{'))?.[1] ?? /^\d{1,10}/.exec(lastOf(can, ' Uid: '))?.[0];
  const users = usersOf(uids ?? '');
  const parts = [
    `network ${network.id}`,
    `state=${network.state}`,
    ...(interfaceName === null ? [] : [`InterfaceName=${interfaceName}`]),
    ...(users.length === 0 ? [] : [`users=${users.join(',')}`]),
  ];
  tell(uid === null ? 'active VPN' : `uid ${uid}/active VPN`, parts.join('; '), network.package);
  tell(`network ${network.id}/Uids`, uids ?? null);
}

/** Users whose apps the ranges of user ids are of: `0-99999`, `0-10122, 10124-99999`. */
function usersOf(uids: string): readonly number[] {
  const users = new Set<number>();
  for (const [, from = '', to = from] of uids.matchAll(/(\d{1,10})(?:-(\d{1,10}))?/g))
    for (let user = Math.floor(Number(from) / perUser); user <= Number(to) / perUser; user += 1) {
      if (users.size >= maxUsers) break;
      users.add(user);
    }
  return [...users];
}
