/** Address family of conversations below IP, in the flow table. */
export const LINK_FAMILY = 2;

/** Text of the two words that hold a hardware address. */
export function linkAddressText(high: number, low: number): string {
  const hex = high.toString(16).padStart(4, '0').slice(-4) + low.toString(16).padStart(8, '0');
  return (hex.match(/../g) ?? []).join(':');
}
