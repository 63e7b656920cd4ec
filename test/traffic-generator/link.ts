import type { CaptureWriter, Packet } from './capture-writer.ts';
import { ethernet, ipv4, udp } from './packets.ts';
import type { Station } from './packets.ts';
import type { ConversationTruth, Endpoint } from './tcp-conversation.ts';

/** The hotspot's network as the gateway captures it: puts packets into the capture and counts conversations. */
export class Link {
  readonly gateway: Station;
  readonly conversations: ConversationTruth[] = [];
  readonly #writer: CaptureWriter;
  readonly #udp = new Map<string, ConversationTruth>();
  #ipId: number;

  constructor(writer: CaptureWriter, gateway: Station, ipId: number) {
    this.#writer = writer;
    this.gateway = gateway;
    this.#ipId = ipId;
  }

  frame(atUs: number, fromMac: string, toMac: string, etherType: number, payload: Buffer): Packet {
    return this.#writer.add(atUs, ethernet(fromMac, toMac, etherType, payload));
  }

  /** A number for the IPv4 identification field. */
  nextId(): number {
    this.#ipId = (this.#ipId + 1) & 0xffff;
    return this.#ipId;
  }

  conversation(transport: 'tcp' | 'udp', client: string, server: string): ConversationTruth {
    const truth: ConversationTruth = { transport, client, server, packets: 0 };
    this.conversations.push(truth);
    return truth;
  }

  /** An IPv4 datagram. */
  datagram(atUs: number, from: Endpoint, to: Endpoint, payload: Buffer, ttl = 64): Packet {
    const datagram = udp(from.address, from.port, to.address, to.port, payload);
    const packet = ipv4(from.address, to.address, 17, datagram, { id: this.nextId(), ttl });
    this.countUdp(from, to);
    return this.frame(atUs, from.mac, to.mac, 0x0800, packet);
  }

  countUdp(from: Endpoint, to: Endpoint): void {
    const [sender, receiver] = [`${from.address}:${from.port}`, `${to.address}:${to.port}`];
    const key = [sender, receiver].toSorted().join(' ');
    const truth = this.#udp.get(key) ?? this.conversation('udp', sender, receiver);
    this.#udp.set(key, truth);
    truth.packets += 1;
  }
}
