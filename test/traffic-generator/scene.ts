import { makeRandom } from '../demo-world/random.ts';
import type { Random } from '../demo-world/random.ts';
import { hostOf } from '../demo-world/world.ts';
import type { HandsetIdentity, StimulusKind, World, WorldHost, WorldRun } from '../demo-world/world.ts';
import { CaptureWriter } from './capture-writer.ts';
import type { Packet } from './capture-writer.ts';
import { httpBytes } from './http-text.ts';
import type { BodyPlan } from './http-text.ts';
import { Link } from './link.ts';
import { makeNoise } from './noise.ts';
import type { Noise } from './noise.ts';
import { dnsAnswer, dnsQuery } from './small-protocols.ts';
import type { Station } from './packets.ts';
import { TcpConversation } from './tcp-conversation.ts';
import type { Delivery, Direction } from './tcp-conversation.ts';
import type { PlantedIdentifier } from './truth.ts';

/** What is planted in a message: the exact text, and what it says of whom. */
export type Plant = Pick<PlantedIdentifier, 'unit' | 'kind' | 'value' | 'transform' | 'text'>;

export interface Exchange {
  readonly host: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly fields?: readonly (readonly [string, string])[];
  readonly body?: BodyPlan;
  /** Null: 204, no content. */
  readonly answer: BodyPlan | null;
  readonly plants?: readonly Plant[];
  /** Planted in the answer. */
  readonly echoes?: readonly Plant[];
  /** Cuts the request in the middle of this text. */
  readonly cutInside?: string;
  readonly delivery?: Delivery;
}

interface Pending {
  readonly plant: Plant;
  readonly host: string;
  readonly direction: PlantedIdentifier['direction'];
  readonly exact: boolean;
  readonly clientPort: number | null;
  readonly packets: readonly Packet[];
  readonly coding: PlantedIdentifier['coding'];
}

/** Microseconds since the epoch of an instant of the world. */
export function usOf(instant: string): number {
  return Date.parse(`${instant.slice(0, 19)}Z`) * 1000 + Number(instant.slice(20, 26));
}

/** One run's capture in the making: the network, the handset in it, and what each call adds. */
export class Scene {
  readonly world: World;
  readonly run: WorldRun;
  readonly owner: HandsetIdentity;
  readonly random: Random;
  readonly noise: Noise;
  readonly writer = new CaptureWriter();
  readonly link: Link;
  readonly gateway: Station;
  readonly handset: Station;
  readonly planted: Pending[] = [];
  /** The time server that was found first. */
  timeServer: string | null = null;
  readonly #script: { readonly atUs: number; readonly act: (atUs: number) => void }[] = [];
  readonly #resolvedUntil = new Map<string, number>();
  #port: number;

  constructor(world: World, run: WorldRun) {
    this.world = world;
    this.run = run;
    this.owner = world.handsets[run.handset];
    this.random = makeRandom(world.seed, `traffic ${run.id}`);
    this.noise = makeNoise(world, makeRandom(world.seed, `noise ${run.id}`));
    this.gateway = { mac: world.network.gatewayMac, address: world.network.gatewayAddress };
    this.link = new Link(this.writer, this.gateway, this.random.between(1, 60_000));
    // Two units on one hotspot have two addresses.
    this.handset = { mac: this.owner.wifiMac, address: this.addressOf(run.handset) };
    this.#port = this.random.between(33_000, 52_000);
  }

  addressOf(unit: 'H1' | 'H2'): string {
    const { handsetAddress } = this.world.network;
    if (unit === 'H1') return handsetAddress;
    const [a, b, c, d] = handsetAddress.split('.');
    return [a, b, c, Number(d) + 17].join('.');
  }

  /** The android id that this run's build reports: a factory reset drew a new one. */
  get androidId(): string {
    return this.run.label === 'after-reset' ? this.owner.androidIdAfterReset : this.owner.androidId;
  }

  get userAgent(): string {
    return `Dalvik/1.6.0 (Linux; U; Android 4.3; ${this.owner.model} Build/JLS36C)`;
  }

  /** Something that happens at that time; {@link play} does everything in its order, so that names are asked for before they are used. */
  at(atUs: number, act: (atUs: number) => void): void {
    this.#script.push({ atUs, act });
  }

  play(): void {
    // What is done may add to what is to be done.
    for (;;) {
      const next = this.#script.reduce(
        (best, one, index, all) => (one.atUs < (all[best]?.atUs ?? 0) ? index : best),
        0,
      );
      const [first] = this.#script.splice(next, 1);
      if (first === undefined) return;
      first.act(first.atUs);
    }
  }

  nextPort(): number {
    this.#port += this.random.between(1, 7);
    return this.#port;
  }

  /** When a stimulus of that kind was given, microseconds; undefined where the run has none. */
  stimulusUs(kind: StimulusKind): number | undefined {
    const stimulus = this.run.stimuli.find((one) => one.kind === kind);
    return stimulus === undefined ? undefined : usOf(stimulus.at);
  }

  /** Asks the resolver for a name unless the answer is still good. Returns when the answer has come. */
  resolve(name: string, addresses: readonly string[], atUs: number, client = this.handset): number {
    const key = `${client.address} ${name}`;
    if ((this.#resolvedUntil.get(key) ?? 0) > atUs) return atUs;
    const ttl = this.random.pick([60, 300, 600]);
    const id = this.random.between(1, 0xffff);
    const from = { ...client, port: this.nextPort() };
    const resolver = { ...this.gateway, port: 53 };
    const answered = atUs + this.random.between(600, 45_000);
    this.link.datagram(atUs, from, resolver, dnsQuery(id, name));
    this.link.datagram(answered, resolver, from, dnsAnswer(id, name, addresses, ttl));
    this.#resolvedUntil.set(key, answered + ttl * 1_000_000);
    return answered + this.random.between(1_500, 6_000);
  }

  /** A connection to a host of the world, its name asked for first. `atUs`: when the first packet of it all passes. */
  connect(hostName: string, port: number, atUs: number, client = this.handset): TcpConversation {
    const host: WorldHost = hostOf(this.world, hostName);
    const startUs = this.resolve(host.name, host.addresses, atUs, client);
    const address = this.random.pick(host.addresses);
    const server = { mac: this.gateway.mac, address, port };
    return new TcpConversation(this.link, this.random, { ...client, port: this.nextPort() }, server, startUs);
  }

  /** One HTTP request and its answer on a connection of their own. */
  exchange(plan: Exchange, atUs: number, client = this.handset): void {
    this.exchanges([plan], atUs, client);
  }

  /** Requests to one host, one after the other on the same connection. */
  exchanges(plans: readonly Exchange[], atUs: number, client = this.handset): void {
    const [first] = plans;
    if (first === undefined) return;
    const connection = this.connect(first.host, 80, atUs, client);
    connection.open();
    for (const [turn, plan] of plans.entries()) {
      if (turn > 0) connection.wait(this.random.between(20_000, 900_000));
      this.exchangeOn(connection, plan);
    }
    connection.close(this.random.pick(['to-client', 'to-server']));
  }

  exchangeOn(connection: TcpConversation, plan: Exchange): void {
    const { echoes = [] } = plan;
    const first = `${plan.method} ${plan.path} HTTP/1.1`;
    const own = [['Host', plan.host], ['User-Agent', this.userAgent], ...(plan.fields ?? [])] as const;
    const request = httpBytes(first, [...own, ['Connection', 'Keep-Alive'], ['Accept-Encoding', 'gzip']], plan.body);
    this.#deliver(connection, 'to-server', request, plan.plants ?? [], plan, plan.body);
    connection.wait(this.random.between(3_000, 90_000));
    const date = new Date(Math.floor(connection.nowUs / 1000)).toUTCString();
    const head = [
      ['Server', this.random.pick(['nginx', 'Tengine/1.5.2', 'Apache'])],
      ['Date', date],
    ] as const;
    const body = plan.answer ?? undefined;
    const status = body === undefined ? '204 No Content' : '200 OK';
    const answer = httpBytes(`HTTP/1.1 ${status}`, head, body);
    this.#deliver(connection, 'to-client', answer, echoes, { host: plan.host }, body);
  }

  #deliver(
    connection: TcpConversation,
    direction: Direction,
    message: ReturnType<typeof httpBytes>,
    plants: readonly Plant[],
    plan: Pick<Exchange, 'host' | 'cutInside' | 'delivery'>,
    body: BodyPlan | undefined,
  ): void {
    const inside = plan.cutInside === undefined ? null : message.locate(plan.cutInside);
    const cuts = [...(plan.delivery?.cuts ?? []), ...(inside === null ? [] : [(inside[0] + inside[1]) >> 1])];
    const start = connection.send(direction, message.bytes, { ...plan.delivery, cuts });
    for (const plant of plants) {
      const place = message.locate(plant.text);
      if (place === null) throw new Error(`planted text is not in its message: ${plant.kind}`);
      const inHead = message.bytes.indexOf('\r\n\r\n') >= place[0];
      this.planted.push({
        plant,
        host: plan.host,
        direction,
        exact: inHead || body?.gzip !== true,
        clientPort: connection.clientPort,
        packets: connection.packetsOf(direction, start + place[0], start + place[1]),
        coding: inHead ? 'none' : codingOf(body),
      });
    }
  }
}

function codingOf(body: BodyPlan | undefined): PlantedIdentifier['coding'] {
  const gzip = body?.gzip === true;
  if (body?.chunks === undefined) return gzip ? 'gzip' : 'none';
  return gzip ? 'gzip+chunked' : 'chunked';
}
