import { arp, broadcastMac, icmpEcho, icmpv6, ipv4, ipv6, macBytes, udp } from './packets.ts';
import { dhcp, dnsAnswer, dnsQuery, ntp } from './small-protocols.ts';
import type { DhcpPlan } from './small-protocols.ts';
import { usOf } from './scene.ts';
import type { Scene } from './scene.ts';

const noMac = '00:00:00:00:00:00';

/** The handset joins: DHCP with its host name, ARP, the first ICMPv6. Returns when it has its address. */
export function joinNetwork(scene: Scene): number {
  const { link, gateway, handset, random } = scene;
  let atUs = (scene.stimulusUs('wifi-joined') ?? usOf(scene.run.bootAt)) + random.between(150_000, 350_000);
  const base = {
    transaction: random.between(1, 0xfffffff),
    handsetMac: handset.mac,
    server: gateway.address,
    hostName: `android-${scene.androidId}`,
  };
  const from = { mac: handset.mac, address: '0.0.0.0', port: 68 };
  const everybody = { mac: broadcastMac, address: '255.255.255.255', port: 67 };
  const router = { ...gateway, port: 67 };
  const plans: readonly Pick<DhcpPlan, 'type' | 'gives'>[] = [
    { type: 1, gives: null },
    { type: 2, gives: handset.address },
    { type: 3, gives: null },
    { type: 5, gives: handset.address },
  ];
  for (const plan of plans) {
    const message = dhcp({ ...base, ...plan });
    const packet =
      plan.gives === null
        ? link.datagram(atUs, from, everybody, message)
        : link.datagram(atUs, router, { ...handset, port: 68 }, message);
    if (plan.gives === null)
      scene.planted.push({
        plant: {
          unit: scene.run.handset,
          kind: 'android-id',
          value: scene.androidId,
          transform: [],
          text: base.hostName,
        },
        host: '',
        direction: 'lan',
        exact: true,
        clientPort: null,
        packets: [packet],
        coding: 'none',
      });
    atUs += random.between(4_000, 60_000);
  }
  resolveHardware(scene, atUs);
  return atUs + random.between(200_000, 400_000);
}

/** The handset asks for the gateway's hardware address. */
export function resolveHardware(scene: Scene, atUs: number): void {
  const { link, gateway, handset } = scene;
  link.frame(atUs, handset.mac, broadcastMac, 0x0806, arp(1, handset, { ...gateway, mac: noMac }));
  link.frame(atUs + scene.random.between(90, 900), gateway.mac, handset.mac, 0x0806, arp(2, gateway, handset));
}

/** Link-local address with the modified EUI-64 of the MAC (RFC 4291 2.5.6). */
function linkLocal(mac: string): string {
  const bytes = macBytes(mac);
  const [first = 0, ...rest] = bytes;
  const identifier = Buffer.from([first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)]);
  return `fe80000000000000${identifier.toString('hex')}`;
}

const allRouters = 'ff020000000000000000000000000002';
const mdnsGroup6 = 'ff0200000000000000000000000000fb';

/** Duplicate address detection and the search for a router (RFC 4861), and mDNS over both families. */
export function askNeighbours(scene: Scene, atUs: number): void {
  const { link, handset, random } = scene;
  const own = linkLocal(handset.mac);
  const unspecified = '0'.repeat(32);
  const solicited = `ff0200000000000000000001ff${own.slice(26)}`;
  const probe = icmpv6(unspecified, solicited, 135, Buffer.concat([Buffer.alloc(4), Buffer.from(own, 'hex')]));
  const probeMac = `33:33:ff:${own.slice(26).replace(/(..)(..)(..)/, '$1:$2:$3')}`;
  link.frame(atUs, handset.mac, probeMac, 0x86dd, ipv6(unspecified, solicited, 58, probe, 255));
  const search = icmpv6(
    own,
    allRouters,
    133,
    Buffer.concat([Buffer.alloc(4), Buffer.from([1, 1]), macBytes(handset.mac)]),
  );
  link.frame(atUs + 1_100_000, handset.mac, '33:33:00:00:00:02', 0x86dd, ipv6(own, allRouters, 58, search, 255));
  const question = dnsQuery(0, '_googlecast._tcp.local', 12, false);
  const group = { mac: '01:00:5e:00:00:fb', address: '224.0.0.251', port: 5353 };
  link.datagram(atUs + 1_900_000, { ...handset, port: 5353 }, group, question, 255);
  const from6 = { mac: handset.mac, address: own, port: 5353 };
  link.countUdp(from6, { mac: '', address: mdnsGroup6, port: 5353 });
  const datagram = udp(own, 5353, mdnsGroup6, 5353, question);
  const later = atUs + 1_900_000 + random.between(300, 4_000);
  link.frame(later, handset.mac, '33:33:00:00:00:fb', 0x86dd, ipv6(own, mdnsGroup6, 17, datagram, 255));
}

/** The handset sets its clock; the server is one of the public pool (a reserved name and address here). */
export function askTime(scene: Scene, atUs: number): void {
  const { link, handset, gateway, random } = scene;
  const address = `192.0.2.${random.between(2, 250)}`;
  const asked = scene.resolve('time.demo-pool.example', [address], atUs);
  const known = scene.timeServer ?? address;
  scene.timeServer = known;
  const from = { ...handset, port: 123 };
  const server = { mac: gateway.mac, address: known, port: 123 };
  const way = random.between(12_000, 45_000);
  const skewUs = scene.run.clockSkewMs * 1000;
  link.datagram(asked, from, server, ntp('client', asked + skewUs, asked, random));
  link.datagram(asked + way * 2, server, from, ntp('server', asked + skewUs, asked + way, random), 52);
}

/** A few echoes to the gateway, as the Wi-Fi watchdog of those years sent them. */
export function ping(scene: Scene, atUs: number, count: number): void {
  const { link, handset, gateway, random } = scene;
  const id = random.between(1, 0xffff);
  for (let sequence = 1; sequence <= count; sequence += 1) {
    const when = atUs + sequence * 1_000_000;
    const payload = scene.noise.bytes(56);
    const options = { id: link.nextId(), ttl: 64 };
    const ask = ipv4(handset.address, gateway.address, 1, icmpEcho(8, id, sequence, payload), options);
    const reply = ipv4(gateway.address, handset.address, 1, icmpEcho(0, id, sequence, payload), {
      ...options,
      id: link.nextId(),
    });
    link.frame(when, handset.mac, gateway.mac, 0x0800, ask);
    link.frame(when + random.between(100, 600), gateway.mac, handset.mac, 0x0800, reply);
  }
}

/** A name that nobody has, as typing errors give. */
export function askMissingName(scene: Scene, atUs: number): void {
  const id = scene.random.between(1, 0xffff);
  const from = { ...scene.handset, port: scene.nextPort() };
  const resolver = { ...scene.gateway, port: 53 };
  const name = `${scene.random.hex(6)}.nowhere.example`;
  scene.link.datagram(atUs, from, resolver, dnsQuery(id, name));
  const answer = dnsAnswer(id, name, [], 60);
  // Response code 3: no such name.
  answer.writeUInt8(0x83, 3);
  scene.link.datagram(atUs + 21_000, resolver, from, answer);
}
