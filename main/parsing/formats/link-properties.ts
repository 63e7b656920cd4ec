/** What LinkProperties.toString tells of a link, as far as it says where traffic and questions for names go. */
export interface Link {
  readonly interfaceName: string | null;
  /** Name as the handset prints it, and value, in the handset's order. */
  readonly rest: readonly (readonly [string, string])[];
}

/**
 * Reads the text of LinkProperties.toString (frameworks/base, from 12 on packages/modules/Connectivity): `{InterfaceName: wlan0 …}`. What a
 * network's own server says (domains, routes) cannot stand before the parts that are read: those behind it are taken from the end.
 */
export function readLink(text: string): Link {
  const at = text.indexOf('Domains: ');
  const [head, tail] = at < 0 ? [text, text] : [text.slice(0, at), text.slice(at)];
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
  const proxy = tail.lastIndexOf('HttpProxy: ');
  if (proxy >= 0) add('HttpProxy', proxyOf(tail.slice(proxy + 'HttpProxy: '.length)));
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

/** `[host] port xl=exceptions`, before it `PAC Script: address` where there is one; it ends where the next part or the link does. */
function proxyOf(text: string): string {
  const end = text.search(/ (?:Nat64Prefix:|Stacked: \[)|\}/);
  return (end < 0 ? text : text.slice(0, end)).trim();
}
