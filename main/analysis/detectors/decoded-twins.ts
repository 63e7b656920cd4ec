import type { PlacedHit } from './finding-input.ts';

/**
 * What dissection read out of a field's own bytes (digits in BCD, an address in binary, a name in half bytes). The search may
 * know such bytes as well; the text says more: all digits, the whole name, the field it stands in.
 */
const fieldTexts: ReadonlySet<string> = new Set(['tbcd', 'dhcp', 'binary', 'eui-64', 'netbios', 'eap']);

/** Pieces that dissection joined: what stands whole in one piece is told by the bytes themselves. */
const joinedPieces: ReadonlySet<string> = new Set(['dns-labels', 'dns-txt']);

const isText = ({ hit }: PlacedHit, kinds: ReadonlySet<string>): boolean =>
  hit.layer === 'body' && hit.decodings.length === 1 && kinds.has(hit.decodings[0] ?? '');

/** Hits without those that tell of the same bytes twice: once as they lie and once as dissection read them. */
export function withoutTwins(hits: readonly PlacedHit[]): PlacedHit[] {
  // An IMEI and its first fourteen digits are one value; the field tells two of one message apart.
  const keyOf = ({ exhibit, flow, hit }: PlacedHit): string =>
    [exhibit, flow, hit.way, hit.origin.message, hit.origin.field, hit.origin.frames.join(), hit.value].join(' ');
  const texts = new Set(hits.filter((placed) => isText(placed, fieldTexts)).map(keyOf));
  const raw = new Set(hits.filter(({ hit }) => hit.layer !== 'body').map(keyOf));
  return hits.filter((placed) =>
    placed.hit.layer === 'body' ? !isText(placed, joinedPieces) || !raw.has(keyOf(placed)) : !texts.has(keyOf(placed)),
  );
}
