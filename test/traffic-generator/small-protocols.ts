import type { Random } from '../demo-world/random.ts';
import { ipv4Bytes, macBytes } from './packets.ts';

function dnsName(name: string): Buffer {
  const labels = name.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
  return Buffer.concat([...labels, Buffer.from([0])]);
}

/** A question for one name (RFC 1035); type 1 is A, 12 is PTR, 28 is AAAA. */
export function dnsQuery(id: number, name: string, type = 1, recursion = true): Buffer {
  const head = Buffer.from([id >> 8, id & 0xff, recursion ? 1 : 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([head, dnsName(name), Buffer.from([0, type, 0, 1])]);
}

/** The answer to {@link dnsQuery} with IPv4 addresses; without any: no such name. */
export function dnsAnswer(
  id: number,
  name: string,
  addresses: readonly string[],
  ttlSeconds: number,
  type = 1,
): Buffer {
  const head = Buffer.from([id >> 8, id & 0xff, 0x81, 0x80, 0, 1, 0, addresses.length, 0, 0, 0, 0]);
  const records = addresses.map((address) => {
    const record = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
    record.writeUInt32BE(ttlSeconds, 6);
    return Buffer.concat([record, ipv4Bytes(address)]);
  });
  return Buffer.concat([head, dnsName(name), Buffer.from([0, type, 0, 1]), ...records]);
}

export interface DhcpPlan {
  /** 1 discover, 2 offer, 3 request, 5 acknowledge. */
  readonly type: 1 | 2 | 3 | 5;
  readonly transaction: number;
  readonly handsetMac: string;
  /** Null for what the handset sends. */
  readonly gives: string | null;
  readonly server: string;
  readonly hostName: string;
}

/** A DHCP message (RFC 2131) as dhcpcd of Android 4.3 and a small router write them. */
export function dhcp(plan: DhcpPlan): Buffer {
  const head = Buffer.alloc(236);
  head[0] = plan.gives === null ? 1 : 2;
  head[1] = 1;
  head[2] = 6;
  head.writeUInt32BE(plan.transaction >>> 0, 4);
  if (plan.gives !== null) ipv4Bytes(plan.gives).copy(head, 16);
  macBytes(plan.handsetMac).copy(head, 28);
  const option = (code: number, ...bytes: readonly Buffer[]): Buffer => {
    const value = Buffer.concat(bytes);
    return Buffer.concat([Buffer.from([code, value.length]), value]);
  };
  const options = [Buffer.from([0x63, 0x82, 0x53, 0x63]), option(53, Buffer.from([plan.type]))];
  if (plan.gives === null) {
    options.push(option(61, Buffer.from([1]), macBytes(plan.handsetMac)));
    options.push(option(60, Buffer.from('dhcpcd-5.5.6')), option(12, Buffer.from(plan.hostName)));
    options.push(option(55, Buffer.from([1, 33, 3, 6, 15, 28, 51, 58, 59])));
  } else {
    options.push(option(54, ipv4Bytes(plan.server)), option(51, Buffer.from([0, 0, 0x0e, 0x10])));
    options.push(option(1, Buffer.from([255, 255, 255, 0])), option(3, ipv4Bytes(plan.server)));
    options.push(option(6, ipv4Bytes(plan.server)));
  }
  options.push(Buffer.from([255]));
  const message = Buffer.concat([head, ...options]);
  return message.length >= 300 ? message : Buffer.concat([message, Buffer.alloc(300 - message.length)]);
}

/** Seconds from 1900 (NTP's era) to 1970. */
const ntpEpoch = 2_208_988_800;

function ntpInstant(target: Buffer, offset: number, atUs: number): void {
  target.writeUInt32BE((Math.floor(atUs / 1_000_000) + ntpEpoch) >>> 0, offset);
  target.writeUInt32BE(Math.floor(((atUs % 1_000_000) / 1_000_000) * 0xffffffff), offset + 4);
}

/** A client's question (SNTP, RFC 4330) or a stratum-2 server's answer. Instants are microseconds. */
export function ntp(mode: 'client' | 'server', clientUs: number, serverUs: number, random: Random): Buffer {
  const packet = Buffer.alloc(48);
  packet[0] = mode === 'client' ? 0x1b : 0x1c;
  if (mode === 'client') {
    ntpInstant(packet, 40, clientUs);
    return packet;
  }
  packet[1] = 2;
  packet[2] = 6;
  packet[3] = 0xec;
  packet.writeUInt32BE(random.between(200, 4000), 4);
  packet.writeUInt32BE(random.between(400, 9000), 8);
  ipv4Bytes(`192.0.2.${random.between(1, 250)}`).copy(packet, 12);
  ntpInstant(packet, 16, serverUs - 64_000_000);
  ntpInstant(packet, 24, clientUs);
  ntpInstant(packet, 32, serverUs);
  ntpInstant(packet, 40, serverUs);
  return packet;
}
