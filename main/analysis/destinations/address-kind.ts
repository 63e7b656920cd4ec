import type { Flow } from '../../../shared/model/traffic.ts';

/** Why an address has no country, or `public`. */
export type AddressKind =
  | 'public'
  | 'private'
  | 'loopback'
  | 'link-local'
  | 'multicast'
  | 'broadcast'
  | 'unspecified'
  | 'reserved'
  | 'not-an-address';

function numberOfV4(address: string): number | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address);
  if (match === null) return null;
  const octets = match.slice(1).map(Number);
  return octets.every((octet) => octet < 256) ? octets.reduce((sum, octet) => sum * 256 + octet, 0) : null;
}

// IANA special-purpose registries (RFC 6890): first address, prefix length, kind.
const v4Blocks: readonly (readonly [string, number, AddressKind])[] = [
  ['0.0.0.0', 8, 'unspecified'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'private'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'reserved'],
  ['192.0.2.0', 24, 'reserved'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'reserved'],
  ['198.51.100.0', 24, 'reserved'],
  ['203.0.113.0', 24, 'reserved'],
  ['224.0.0.0', 4, 'multicast'],
  ['255.255.255.255', 32, 'broadcast'],
  ['240.0.0.0', 4, 'reserved'],
];

const v4Ranges = v4Blocks.map(([first, length, kind]) => {
  const size = 2 ** (32 - length);
  return { size, block: Math.floor((numberOfV4(first) ?? 0) / size), kind };
});

export function addressKind(address: string): AddressKind {
  // A hardware address looks like the newer kind of address.
  if (/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(address)) return 'not-an-address';
  const value = numberOfV4(address);
  if (value === null) return v6Kind(address.toLowerCase());
  for (const { size, block, kind } of v4Ranges) if (Math.floor(value / size) === block) return kind;
  return 'public';
}

function v6Kind(address: string): AddressKind {
  if (!/^[0-9a-f:.]+$/.test(address) || !address.includes(':')) return 'not-an-address';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  if (mapped !== undefined) return addressKind(mapped);
  if (address === '::') return 'unspecified';
  if (address === '::1') return 'loopback';
  if (address.startsWith('ff')) return 'multicast';
  if (/^fe[89ab]/.test(address)) return 'link-local';
  if (/^f[cd]/.test(address)) return 'private';
  return /^2001:0?db8:/.test(address) ? 'reserved' : 'public';
}

/** Does traffic to this address stay on the local link by its nature? */
export function staysLocal(address: string): boolean {
  const kind = addressKind(address);
  return (
    kind === 'multicast' ||
    kind === 'broadcast' ||
    kind === 'link-local' ||
    kind === 'unspecified' ||
    kind === 'loopback'
  );
}

/** What tells whether somebody speaks to all of his network. */
export type AddressedFlow = Pick<Flow, 'transport' | 'client' | 'server' | 'packets'>;

/**
 * Whether a conversation goes to the broadcast address of the client's own network (RFC 919): a private address whose host part is all ones if
 * the network ends at an octet, as that of nearly every home does. A capture does not tell the mask: an address that answers is a host's (RFC
 * 1122, 3.2.1.3), and so is one that is spoken to in connections.
 */
export function isLocalBroadcast({ transport, client, server, packets }: AddressedFlow): boolean {
  if (transport === 'tcp' || transport === 'sctp' || packets.toClient > 0) return false;
  const network = /^((?:\d+\.){1,3}?)255(?:\.255)*$/.exec(server.address)?.[1];
  if (network === undefined || !isLocalV4(server.address)) return false;
  return client.address.startsWith(network) && client.address !== server.address;
}

/** RFC 1918 and RFC 3927. Those that operators share out (RFC 6598) are no local network. */
const isLocalV4 = (address: string): boolean => /^(?:10|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\./.test(address);
