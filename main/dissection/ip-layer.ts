import { i32, u16, u32, u8 } from './bytes.ts';

/** `bad`: the header makes no sense. `cut`: it does as far as it was captured. */
export type IpResult = 'whole' | 'fragment' | 'bad' | 'cut';

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const DESTINATION = 60;
const MOBILITY = 135;
const HIP = 139;
const SHIM6 = 140;

/** Reads an IPv4 or IPv6 header into its own fields, so that no object is made per packet. */
export class IpLayer {
  family: 4 | 6 = 4;
  protocol = 0;
  /** Payload after every header, inside what was captured. */
  start = 0;
  end = 0;
  /** How many payload bytes the packet had on the wire. */
  wireLength = 0;
  readonly source = new Int32Array(4);
  readonly target = new Int32Array(4);
  fragmentId = 0;
  fragmentOffset = 0;
  moreFragments = false;

  /** `wireEnd`: where the frame would have ended had it been captured whole. */
  decode(family: 4 | 6, b: Uint8Array, start: number, end: number, wireEnd: number): IpResult {
    this.family = family;
    this.moreFragments = false;
    this.fragmentOffset = 0;
    return family === 4 ? this.decode4(b, start, end, wireEnd) : this.decode6(b, start, end, wireEnd);
  }

  private decode4(b: Uint8Array, start: number, end: number, wireEnd: number): IpResult {
    if (end - start < 20) return end < wireEnd ? 'cut' : 'bad';
    const first = u8(b, start);
    const headerBytes = (first & 15) * 4;
    if (first >>> 4 !== 4 || headerBytes < 20) return 'bad';
    if (end - start < headerBytes) return end < wireEnd ? 'cut' : 'bad';
    let total = u16(b, start + 2);
    // A total of zero is what segmentation offload leaves: the frame's own length counts.
    if (total === 0) total = wireEnd - start;
    if (total < headerBytes) return 'bad';
    this.protocol = u8(b, start + 9);
    this.source[0] = i32(b, start + 12);
    this.target[0] = i32(b, start + 16);
    this.source[1] = this.source[2] = this.source[3] = 0;
    this.target[1] = this.target[2] = this.target[3] = 0;
    this.setPayload(start + headerBytes, start + total, end, wireEnd);
    const fragment = u16(b, start + 6);
    if ((fragment & 0x3fff) === 0) return this.protocol === AUTHENTICATION ? this.unwrap(b) : 'whole';
    this.moreFragments = (fragment & 0x2000) !== 0;
    this.fragmentOffset = (fragment & 0x1fff) * 8;
    this.fragmentId = u16(b, start + 4);
    return 'fragment';
  }

  private setPayload(from: number, to: number, end: number, wireEnd: number): void {
    this.start = from;
    const wireTo = to > wireEnd ? wireEnd : to;
    this.wireLength = wireTo > from ? wireTo - from : 0;
    this.end = wireTo < end ? wireTo : end;
    if (this.end < from) this.end = from;
  }

  private decode6(b: Uint8Array, start: number, end: number, wireEnd: number): IpResult {
    if (end - start < 40) return end < wireEnd ? 'cut' : 'bad';
    if (u8(b, start) >>> 4 !== 6) return 'bad';
    const length = u16(b, start + 4);
    for (let i = 0; i < 4; i++) {
      this.source[i] = i32(b, start + 8 + i * 4);
      this.target[i] = i32(b, start + 24 + i * 4);
    }
    this.protocol = u8(b, start + 6);
    this.setPayload(start + 40, length === 0 ? wireEnd : start + 40 + length, end, wireEnd);
    return this.unwrap(b);
  }

  /**
   * Walks the extension headers at the beginning of the payload: in IPv6 all of them, in IPv4 that of AH. Called by `decode`,
   * and for a payload that was put together from fragments.
   */
  unwrap(b: Uint8Array): IpResult {
    const { end } = this;
    const wireTo = this.start + this.wireLength;
    const short: IpResult = end < wireTo ? 'cut' : 'bad';
    let next = this.protocol;
    let at = this.start;
    let result: IpResult = 'whole';
    // A chain of extension headers ends with the packet: each is at least eight bytes.
    while (result === 'whole' && isExtension(next, this.family)) {
      if (end - at < 8) return short;
      const kind = next;
      next = u8(b, at);
      if (kind === FRAGMENT) {
        const word = u16(b, at + 2);
        this.fragmentOffset = word & 0xfff8;
        this.moreFragments = (word & 1) === 1;
        this.fragmentId = u32(b, at + 4);
        if (this.moreFragments || this.fragmentOffset > 0) result = 'fragment';
        at += 8;
      } else {
        const units = u8(b, at + 1);
        at += kind === AUTHENTICATION ? (units + 2) * 4 : (units + 1) * 8;
      }
      if (at > wireTo) return 'bad';
      if (at > end) return short;
    }
    this.protocol = next;
    this.start = at;
    this.wireLength = wireTo - at;
    return result;
  }
}

function isExtension(next: number, family: 4 | 6): boolean {
  if (family === 4) return next === AUTHENTICATION;
  return (
    next === HOP_BY_HOP ||
    next === ROUTING ||
    next === FRAGMENT ||
    next === DESTINATION ||
    next === AUTHENTICATION ||
    next === MOBILITY ||
    next === HIP ||
    next === SHIM6
  );
}
