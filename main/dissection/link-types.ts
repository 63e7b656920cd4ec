import { cooked, cooked2, ethernet, firewire, juniperEthernet, llc, pppoe } from './ether-links.ts';
import type { LinkDecoder } from './link-frame.ts';
import {
  bareIp,
  bsdNull,
  ciscoHdlc,
  ciscoHdlcWithDirection,
  enc,
  nflog,
  pflog,
  ppp,
  pppd,
  pppWithDirection,
} from './serial-links.ts';
import { avs, prism, radiotap, wlan } from './wlan-links.ts';
import { pktap, ppi } from './wrapped-links.ts';

export const ETHERNET = 1;

/** Link types that are read, by number: https://www.tcpdump.org/linktypes.html. A new one is one line here. */
export const LINK_TYPES: readonly (readonly [number: number, decode: LinkDecoder])[] = [
  [0, bsdNull],
  [ETHERNET, ethernet],
  [9, ppp],
  // Raw IP, with the numbers of OpenBSD and of other systems that were written into files.
  [12, bareIp],
  [14, bareIp],
  [50, ppp],
  [51, pppoe],
  [100, llc],
  [101, bareIp],
  [104, ciscoHdlc],
  [105, wlan],
  [108, bsdNull],
  [109, enc],
  [113, cooked],
  [117, pflog],
  [119, prism],
  [127, radiotap],
  [138, firewire],
  // Apple's tools wrote packet taps with a number meant for private use.
  [149, pktap],
  [163, avs],
  [166, pppd],
  [178, juniperEthernet],
  [192, ppi],
  [204, pppWithDirection],
  [205, ciscoHdlcWithDirection],
  [228, bareIp],
  [229, bareIp],
  [239, nflog],
  [258, pktap],
  [276, cooked2],
];
