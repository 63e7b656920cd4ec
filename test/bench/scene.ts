import { CaptureWriter } from '../traffic-generator/capture-writer.ts';
import type { Packet } from '../traffic-generator/capture-writer.ts';
import { Link } from '../traffic-generator/link.ts';
import { TcpConversation } from '../traffic-generator/tcp-conversation.ts';
import type { Endpoint } from '../traffic-generator/tcp-conversation.ts';
import type { NoisePool } from './noise-pool.ts';

const gateway = { mac: '02:00:5e:10:00:01', address: '192.168.43.1' };
const handset = { mac: '02:00:5e:10:00:02', address: '192.168.43.17' };

export interface Host {
  readonly name: string;
  readonly address: string;
}

/** Counters that go on from scene to scene, so that no two conversations of a capture share their ports. */
export interface Counters {
  conversations: number;
}

/** Some megabytes of traffic whose conversations overlap in time: what is held in memory of a capture. */
export class Scene {
  readonly noise: NoisePool;
  readonly startUs: number;
  bytes = 0;
  endUs: number;
  readonly #writer = new CaptureWriter();
  readonly #link: Link;
  readonly #counters: Counters;

  constructor(noise: NoisePool, counters: Counters, startUs: number) {
    this.noise = noise;
    this.startUs = startUs;
    this.endUs = startUs;
    this.#counters = counters;
    this.#link = new Link(this.#writer, gateway, noise.random.between(1, 60_000));
  }

  /** Some instant of the first seconds, from which a conversation goes on as it likes. */
  someInstant(): number {
    return this.startUs + this.noise.random.between(0, 20_000_000);
  }

  tcp(host: Host, port: number): TcpConversation {
    const server = { mac: gateway.mac, address: host.address, port };
    return new TcpConversation(this.#link, this.noise.random, this.client(), server, this.someInstant());
  }

  client(): Endpoint {
    const n = this.#counters.conversations;
    this.#counters.conversations += 1;
    // Another address after every round of ports.
    const address = handset.address.replace(/\d+$/, String(17 + (Math.floor(n / 28_000) % 200)));
    return { mac: handset.mac, address, port: 32_000 + (n % 28_000) };
  }

  server(host: Host, port: number): Endpoint {
    return { mac: gateway.mac, address: host.address, port };
  }

  get resolver(): Endpoint {
    return { ...gateway, port: 53 };
  }

  datagram(atUs: number, from: Endpoint, to: Endpoint, payload: Buffer): Packet {
    this.moved(payload.length, atUs);
    return this.#link.datagram(atUs, from, to, payload);
  }

  /** To be told of what a conversation has sent, so that the scene knows its size and end. */
  moved(bytes: number, nowUs: number): void {
    this.bytes += bytes;
    this.endUs = Math.max(this.endUs, nowUs);
  }

  /** The packets' records, without the file header; from now on packets know their numbers within the scene. */
  records(): { readonly bytes: Buffer; readonly packets: number } {
    return { bytes: this.#writer.finish().subarray(24), packets: this.#writer.count };
  }
}
