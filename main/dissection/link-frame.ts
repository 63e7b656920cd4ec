/**
 * What a frame carries above its link header. `encrypted`: protected at the link, not readable. `fragment`: a part of an
 * 802.11 frame, which begins at `offset`. `eapol`: EAP over LAN, which begins at `offset`. `under-labels`: what MPLS labels carry is
 * neither IP nor Ethernet. `nested`: more headers, tags or labels around it than are passed over. `wrapped`: a frame of a link type that is
 * not known, in a header that names it. `cut`: the header makes no sense or ends too early.
 */
export type LinkResult =
  | 'ip4'
  | 'ip6'
  | 'eapol'
  | 'other'
  | 'encrypted'
  | 'fragment'
  | 'under-labels'
  | 'nested'
  | 'wrapped'
  | 'unknown-link-type'
  | 'cut';

/** The frame being read: a decoder leaves in it what the result alone does not tell. No object is made per packet. */
export interface LinkFrame {
  /** Where the network header begins after a result of `ip4`, `ip6` or `eapol`, the piece after `fragment`. */
  offset: number;
  /** Where what was captured of the network packet ends, and where it would end had it been captured whole. */
  end: number;
  wireEnd: number;
  /** Where the hardware addresses of sender and receiver stand, -1 where the link has none. */
  sender: number;
  receiver: number;
  /** Position of the next packet in the same frame (an aggregate of 802.11), 0 when there is none. */
  next: number;
  /** 802.11 below a radio header: the header is padded to a multiple of four bytes. */
  padded: boolean;
  /** Of an 802.11 fragment: its sequence control field, traffic identifier, and whether others follow. */
  sequence: number;
  trafficClass: number;
  moreFragments: boolean;
  /** Takes `bytes` of checksum off the end of the frame. */
  trim(bytes: number): void;
  /** Reads on as a frame of another link type: for headers that wrap a whole frame. */
  decodeAs(linkType: number, b: Uint8Array, start: number, end: number): LinkResult;
}

/** Finds the network header of a frame in `[start, end)`. */
export type LinkDecoder = (frame: LinkFrame, b: Uint8Array, start: number, end: number) => LinkResult;
