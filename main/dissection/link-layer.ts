import { etherType, llc } from './ether-links.ts';
import type { LinkDecoder, LinkFrame, LinkResult } from './link-frame.ts';
import { ETHERNET, LINK_TYPES } from './link-types.ts';
import { ppp } from './serial-links.ts';
import { nextOfAggregate } from './wlan-links.ts';

/** A frame in a frame in a frame: deeper is taken for garbage. */
const MAX_WRAPPERS = 4;

const DECODERS: readonly (LinkDecoder | undefined)[] = byNumber();

function byNumber(): (LinkDecoder | undefined)[] {
  const table: (LinkDecoder | undefined)[] = [];
  for (const [number, decode] of LINK_TYPES) table[number] = decode;
  return table;
}

/** Can frames of this link type be read at all? */
export function knowsLinkType(linkType: number): boolean {
  return DECODERS[linkType] !== undefined;
}

/**
 * Finds the network header in a frame. One instance serves a whole capture: `offset`, `end` and `wireEnd` are the answer's
 * second half, and `next` is not 0 when `decodeNext` finds another packet in the same frame.
 */
export class LinkLayer implements LinkFrame {
  offset = 0;
  end = 0;
  wireEnd = 0;
  sender = -1;
  receiver = -1;
  next = 0;
  padded = false;
  sequence = 0;
  trafficClass = 0;
  moreFragments = false;
  private frameEnd = 0;
  private wrappers = 0;

  /** `wireEnd`: where the frame would end had it been captured whole. */
  decode(linkType: number, b: Uint8Array, start: number, end: number, wireEnd = end): LinkResult {
    this.begin(end, wireEnd);
    const decode = DECODERS[linkType];
    return decode === undefined ? 'unknown-link-type' : decode(this, b, start, end);
  }

  /** A packet inside another protocol whose EtherType is known; 0x6558 is a whole Ethernet frame, 0x880b PPP. */
  decodeType(type: number, b: Uint8Array, start: number, end: number, wireEnd: number): LinkResult {
    if (type === 0x6558) return this.decode(ETHERNET, b, start, end, wireEnd);
    this.begin(end, wireEnd);
    if (type === 0x880b) return ppp(this, b, start, end);
    return etherType(this, type, b, start, end);
  }

  private begin(end: number, wireEnd: number): void {
    this.end = end;
    this.frameEnd = end;
    this.wireEnd = wireEnd;
    this.sender = -1;
    this.receiver = -1;
    this.next = 0;
    this.padded = false;
    this.wrappers = 0;
  }

  /** What 802.11 carries, put together from fragments; `sender` and `receiver` stand before it. */
  decodeWlanBody(b: Uint8Array, receiver: number, sender: number, body: number): LinkResult {
    this.begin(b.length, b.length);
    this.receiver = receiver;
    this.sender = sender;
    return llc(this, b, body, b.length);
  }

  decodeNext(b: Uint8Array): LinkResult {
    return nextOfAggregate(this, b, this.frameEnd);
  }

  trim(bytes: number): void {
    this.wireEnd -= bytes;
    if (this.end > this.wireEnd) this.end = this.wireEnd;
    this.frameEnd = this.end;
  }

  decodeAs(linkType: number, b: Uint8Array, start: number, end: number): LinkResult {
    const decode = DECODERS[linkType];
    if (decode === undefined) return 'wrapped';
    if (this.wrappers++ >= MAX_WRAPPERS) return 'nested';
    return decode(this, b, start, end);
  }
}
