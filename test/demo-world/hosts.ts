import type { Random } from './random.ts';

/** A server of the demonstration. `role` says what it is to the story; the country is what an offline database of 2026 says of its address. */
export interface WorldHost {
  readonly name: string;
  /** IPv4, one or two. */
  readonly addresses: readonly string[];
  readonly role: 'account' | 'cloud' | 'push' | 'packages' | 'statistics' | 'innocent' | 'resolver' | 'canary';
  readonly protocol: 'http' | 'https' | 'xmpp' | 'dns';
  readonly country: string | null;
}

/** The workstation's hotspot, which is the gateway that captures. */
export interface WorldNetwork {
  readonly ssid: string;
  readonly bssid: string;
  readonly gatewayMac: string;
  readonly gatewayAddress: string;
  readonly handsetAddress: string;
  readonly netmaskBits: 24;
  readonly resolverAddress: string;
}

type Net = readonly [prefix: string, country: string];
// Address blocks as the offline country database places them; the hosts' own addresses of 2014 are not claimed.
const china: readonly Net[] = ['42.62.48', '42.62.94', '111.206.200', '120.134.33', '124.251.58'].map((n) => [n, 'CN']);
const chinaOther: readonly Net[] = ['101.226.103', '140.205.155', '203.205.147', '110.173.196'].map((n) => [n, 'CN']);
const elsewhere: readonly Net[] = [
  ['173.194.72', 'US'],
  ['216.58.200', 'US'],
  ['74.125.203', 'US'],
  ['168.95.245', 'TW'],
  ['202.39.54', 'TW'],
  ['210.59.230', 'TW'],
  ['220.130.119', 'TW'],
  ['203.104.150', 'JP'],
  ['125.209.222', 'KR'],
];

const vendorHosts = [
  { name: 'api.account.xiaomi.com', role: 'account', protocol: 'http', nets: china },
  { name: 'account.xiaomi.com', role: 'cloud', protocol: 'https', nets: china },
  { name: 'api.micloud.xiaomi.net', role: 'cloud', protocol: 'https', nets: china },
  { name: 'app.chat.xiaomi.net', role: 'push', protocol: 'xmpp', nets: china },
  { name: 'policy.app.xiaomi.com', role: 'packages', protocol: 'http', nets: china },
  { name: 'www.umeng.com', role: 'statistics', protocol: 'http', nets: chinaOther },
  { name: 'pmir.3g.qq.com', role: 'statistics', protocol: 'http', nets: chinaOther },
] as const;

const innocentNames: readonly { readonly name: string; readonly protocol: 'http' | 'https' }[] = [
  { name: 'connectivity.demo-net.example', protocol: 'http' },
  { name: 'www.weather-demo.example', protocol: 'http' },
  { name: 'img.news-demo.example', protocol: 'http' },
  { name: 'static.maps-demo.example', protocol: 'https' },
  { name: 'mail.demo-post.example', protocol: 'https' },
  { name: 'cdn.video-demo.example', protocol: 'https' },
  { name: 'www.library-demo.example', protocol: 'http' },
  { name: 'time.rail-demo.example', protocol: 'http' },
  { name: 'shop.market-demo.example', protocol: 'https' },
  { name: 'www.radio-demo.example', protocol: 'http' },
  { name: 'feed.podcast-demo.example', protocol: 'https' },
  { name: 'www.recipes-demo.example', protocol: 'http' },
];

function drawAddresses(random: Random, nets: readonly Net[]): { addresses: string[]; country: string } {
  const [prefix, country] = random.pick(nets);
  const first = random.between(10, 120);
  const addresses = [`${prefix}.${first}`];
  if (random.next() < 0.4) addresses.push(`${prefix}.${first + random.between(1, 90)}`);
  return { addresses, country };
}

/** Hosts of a seed: the vendor's from the public record with addresses of the seed, and eight innocent ones (reserved names). */
export function drawHosts(random: Random, network: WorldNetwork): WorldHost[] {
  const vendor = vendorHosts.map(({ nets, ...host }) => ({ ...host, ...drawAddresses(random, nets) }));
  const innocent = random
    .shuffle(innocentNames)
    .slice(0, 8)
    .map((host) => ({ ...host, role: 'innocent' as const, ...drawAddresses(random, elsewhere) }));
  return [
    ...vendor,
    ...innocent,
    {
      name: 'dns.hotspot.example',
      role: 'resolver',
      protocol: 'dns',
      addresses: [network.resolverAddress],
      country: null,
    },
    {
      name: 'canary.handsight.test',
      role: 'canary',
      protocol: 'http',
      addresses: [network.gatewayAddress],
      country: null,
    },
  ];
}

/** The hotspot of a seed. The gateway answers DNS and the canary itself. */
export function drawNetwork(random: Random): WorldNetwork {
  const third = random.between(10, 240);
  // Locally administered (the 2 in the first octet), so that it can be nobody's adapter.
  const gatewayMac = `02:1a:${[0, 1, 2, 3].map(() => random.hex(2)).join(':')}`;
  const gatewayAddress = `192.168.${third}.1`;
  return {
    ssid: `demo-lab-${random.hex(4)}`,
    bssid: gatewayMac,
    gatewayMac,
    gatewayAddress,
    handsetAddress: `192.168.${third}.${random.between(20, 200)}`,
    netmaskBits: 24,
    resolverAddress: gatewayAddress,
  };
}
