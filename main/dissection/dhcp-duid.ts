import { u16, u32 } from './bytes.ts';
import { hexText, macText } from './identity-codings.ts';

export interface Duid {
  /** The kind and what it holds: `link-layer-time aa:bb:…`. */
  readonly text: string;
  /** The MAC inside it, if there is one. */
  readonly mac: string | null;
}

/** Hardware types whose addresses are MACs: Ethernet, IEEE 802 (IANA ARP parameters). */
const isMacType = (type: number): boolean => type === 1 || type === 6;

/** DHCP unique identifier, all four kinds (RFC 8415, 11; RFC 6355 for the UUID). Null when it is too short for its kind. */
export function duidOf(b: Uint8Array, from: number, to: number): Duid | null {
  if (to - from < 3) return null;
  const kind = u16(b, from);
  if (kind === 1 || kind === 3) {
    const at = from + (kind === 1 ? 8 : 4);
    if (at > to) return null;
    const mac = isMacType(u16(b, from + 2)) ? macText(b, at, to) : null;
    return { text: `${kind === 1 ? 'link-layer-time' : 'link-layer'} ${mac ?? hexText(b, at, to)}`, mac };
  }
  if (kind === 2 && to - from > 6) {
    return { text: `enterprise ${u32(b, from + 2)} ${hexText(b, from + 6, to)}`, mac: null };
  }
  if (kind === 4 && to - from === 18) {
    const hex = hexText(b, from + 2, to);
    return { text: `uuid ${hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`, mac: null };
  }
  return { text: `type-${kind} ${hexText(b, from + 2, to)}`, mac: null };
}
