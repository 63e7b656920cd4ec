/** What LinkProperties.toString tells of a link, as far as it says where traffic and questions for names go. */
export interface Link {
  readonly interfaceName: string | null;
  /** Name as the handset prints it, and value, in the handset's order. */
  readonly rest: readonly (readonly [string, string])[];
}

/**
 * Reads the text of LinkProperties.toString (frameworks/base, from 12 on packages/modules/Connectivity): `{InterfaceName: wlan0 …}`. What a
 * network's own server says (domains, words of its portal) stands behind the parts that are read, the proxy apart: see `readProxy`.
 * `isTracker`: it stands behind the line of a NetworkStateTracker (4.x).
 */
export function readLink(text: string, isTracker: boolean): Link {
  const at = text.indexOf('Domains: ');
  const head = at < 0 ? text : text.slice(0, at);
  const rest: [string, string][] = [];
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') rest.push([name, value]);
  };
  add('DnsAddresses', addressesOf(/\bDnsAddresses: \[([^\]]{0,4000})\]/.exec(head)?.[1]));
  // Printed where it is in use (9: as true or false); without a server's name it is the mode «automatic».
  add('UsePrivateDns', /\bUsePrivateDns: (true|false)\b/.exec(head)?.[1]);
  add('PrivateDnsServerName', /\bPrivateDnsServerName: ([^\s}]{1,255})/.exec(head)?.[1]);
  add(
    'ValidatedPrivateDnsAddresses',
    addressesOf(/\bValidatedPrivateDnsAddresses: \[([^\]]{0,4000})\]/.exec(head)?.[1]),
  );
  const proxy = at < 0 ? proxyIn(text) : readProxy(head, text.slice(at), isTracker);
  if (proxy !== null) add(proxy.isDoubtful ? 'HttpProxy/doubtful' : 'HttpProxy', proxy.value);
  return { interfaceName: /^\{{0,2}InterfaceName: (\S{1,64})/.exec(head)?.[1] ?? null, rest };
}

/** `/8.8.8.8,/8.8.4.4`, before 10 `8.8.8.8,8.8.4.4,`. */
function addressesOf(list: string | undefined): string | undefined {
  return list
    ?.split(',')
    .map((one) => one.trim().replace(/^[^/]{0,255}\//, ''))
    .filter((one) => one !== '')
    .join(', ');
}

interface Proxy {
  readonly value: string;
  /** The words may be the network's own: no proxy at all, or another one. */
  readonly isDoubtful: boolean;
}

const proxyPart = 'HttpProxy: ';

/**
 * The proxy stands behind the domains, which may hold what looks like one. Between the two the handset itself prints ` MTU: ` (5 to 9, where
 * ` Routes: [` stands before the domains) or ` Routes: [` (from 10 on): what stands behind the only such part is the handset's, what
 * stands before it is the network's. Where the part stands more than once, the domains or the proxy's own words imitate it: what stands
 * between is doubtful. 4.3 prints nothing between, 4.4 a part that is not told from a domain of 4.3: always doubtful.
 */
function readProxy(head: string, tail: string, isTracker: boolean): Proxy | null {
  if (isTracker) return proxyIn(tail, true);
  const part = head.includes(' Routes: [') ? ' MTU: ' : ' Routes: [';
  const own = withoutStacked(tail, part);
  const first = own.indexOf(part);
  const proxy = first < 0 ? proxyIn(own, true) : proxyIn(own.slice(first), first !== own.lastIndexOf(part));
  // clat's link has none: an app that builds a VPN chooses its domains and its proxy, and could hide the one behind the other.
  return proxy ?? proxyIn(tail.slice(own.length), true);
}

function proxyIn(text: string, isDoubtful = false): Proxy | null {
  const at = text.indexOf(proxyPart);
  return at < 0 ? null : { value: proxyOf(text.slice(at + proxyPart.length)), isDoubtful };
}

/**
 * A link upon this one (clat's) is printed in whole, without domains, and last. That it stands there is told by what closes it, behind the
 * last part: a domain cannot stand there.
 */
function withoutStacked(tail: string, part: string): string {
  const at = tail.lastIndexOf(' Stacked: [');
  return at >= 0 && /\} \],?\]/.test(tail.slice(Math.max(0, tail.lastIndexOf(part)))) ? tail.slice(0, at) : tail;
}

/** `[host] port xl=exceptions`, before it `PAC Script: address` where there is one; it ends where the next part or the link does. */
function proxyOf(text: string): string {
  const end = text.search(/ (?:Nat64Prefix:|Stacked: \[)|\}/);
  return (end < 0 ? text : text.slice(0, end)).trim();
}
