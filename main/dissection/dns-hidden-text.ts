import { latin1, textOf, u16 } from './bytes.ts';
import { macOfInterfaceId, macText } from './identity-codings.ts';
import { namedValue, type TextPiece } from './decoded-text.ts';
import type { DnsLabel } from './dns-name-reader.ts';
import { type DnsMessage, OPT, splitTexts } from './dns.ts';

/** Labels this long are seldom words. */
const LONG_LABEL = 16;
/** Labels of one length beside each other are pieces of one text, unless they are as short as words are. */
const MIN_EQUAL = 4;
/** EDNS options that carry the asking device's MAC: dnsmasq's `--add-mac` in binary and in text (also Nominum's). */
const OPTION_MAC = 65_001;

/** Positions in `b` as those of the datagram or stream. */
type Placing = (from: number, to: number) => { readonly from: number; readonly to: number };

export interface HiddenText {
  readonly decodings: readonly string[];
  readonly pieces: readonly TextPiece[];
}

/**
 * Text of a DNS message that its bytes do not show in one piece: data split over labels of an asked name (dots taken out) or
 * over the strings of a TXT record, a binary MAC in an EDNS option (RFC 6891), and the MAC inside an IPv6 address that was
 * made of it (RFC 4291, appendix A). `base` is where the message began in `b`; pieces have offsets from `shift` on.
 */
export function hiddenText(b: Uint8Array, dns: DnsMessage, base: number, shift: number, first: number): HiddenText[] {
  const place: Placing = (from, to) => ({
    from: from - base + shift,
    to: to - base + shift,
  });
  const runs: HiddenText[] = [];
  const add = (decodings: string, pieces: readonly TextPiece[]): void => {
    if (pieces.length > 0) runs.push({ decodings: [decodings], pieces });
  };
  dns.questions.forEach((question, i) => {
    const field = 'dns.qry.name';
    const message = first + i;
    for (const group of splitData(question.labels)) {
      add(
        'dns-labels',
        group.map(({ from, to }) => ({ text: latin1(b, from, to), ...place(from, to), field, message })),
      );
    }
  });
  for (const strings of splitTexts(b, dns)) {
    const field = 'dns.txt';
    add(
      'dns-txt',
      strings.map(([from, to]) => ({ text: textOf(b, from, to), ...place(from, to), field, message: first })),
    );
  }
  add('binary', macsOfOptions(b, dns, place, first));
  add('eui-64', macsOfAddresses(b, dns, place, first));
  return runs;
}

const opaque = ({ text }: DnsLabel): boolean => /\d/.test(text) || text.length >= LONG_LABEL;

/** Of two pieces the second is what is left: a long first one with digits is data, whatever follows it. */
const isCut = (first: DnsLabel, second: DnsLabel): boolean =>
  first.text.length >= LONG_LABEL && /\d/.test(first.text) && second.text.length < first.text.length;

/**
 * Labels beside each other that look like one text cut into pieces, with the label behind them (the last piece may look like
 * anything); never the last label of a name. Names of words alone, and those of addresses, give none.
 */
export function splitData(labels: readonly DnsLabel[]): DnsLabel[][] {
  const groups: DnsLabel[][] = [];
  if (labels.at(-1)?.text.toLowerCase() === 'arpa') return groups;
  let group: DnsLabel[] = [];
  labels.slice(0, -1).forEach((label) => {
    const before = group.at(-1);
    const equal = before?.text.length === label.text.length && label.text.length >= MIN_EQUAL;
    const rest = group.length <= 1 && before !== undefined && isCut(before, label);
    if (before !== undefined && (equal || rest || (opaque(before) && opaque(label)))) {
      group.push(label);
      return;
    }
    if (group.length > 1) groups.push([...group, label]);
    group = [label];
  });
  if (group.length > 1) groups.push(group);
  return groups;
}

function macsOfOptions(b: Uint8Array, dns: DnsMessage, place: Placing, message: number): TextPiece[] {
  const pieces: TextPiece[] = [];
  for (const record of dns.records) {
    if (record.type !== OPT) continue;
    for (let at = record.dataStart; at + 4 <= record.end;) {
      const from = at + 4;
      const to = from + u16(b, at + 2);
      if (to > record.end) break;
      const mac = u16(b, at) === OPTION_MAC ? macText(b, from, to) : null;
      if (mac !== null) {
        const bytes = place(from, to);
        pieces.push(namedValue('dns.opt.mac', mac, bytes.from, bytes.to, message));
      }
      at = to;
    }
  }
  return pieces;
}

const ADDRESS = 28;
const NIBBLES = /^((?:[0-9a-f]\.){16})(?:[0-9a-f]\.){16}ip6\.arpa$/i;
const NIBBLES_LENGTH = 72;

/** MACs in the addresses that records hold and in those whose names are asked for (mDNS does it for the device itself). */
function macsOfAddresses(b: Uint8Array, dns: DnsMessage, place: Placing, message: number): TextPiece[] {
  const pieces: TextPiece[] = [];
  const add = (field: string, id: Uint8Array, from: number, to: number): void => {
    const mac = macOfInterfaceId(id);
    if (mac === null) return;
    const bytes = place(from, to);
    pieces.push(namedValue(field, mac, bytes.from, bytes.to, message));
  };
  const addNamed = (name: string, start: number, end: number): void => {
    const nibbles = name.length === NIBBLES_LENGTH ? NIBBLES.exec(name)?.[1] : undefined;
    if (nibbles === undefined) return;
    const hex = nibbles.split('.').toReversed().join('');
    add('dns.arpa.mac', Buffer.from(hex, 'hex'), start, end);
  };
  for (const { name, start, end } of dns.questions) addNamed(name, start, end);
  for (const { name, start, dataStart } of dns.records) addNamed(name, start, dataStart);
  for (const { type, dataStart, end } of dns.records) {
    if (type === ADDRESS && end - dataStart === 16) add('dns.aaaa.mac', b.subarray(dataStart + 8, end), dataStart, end);
  }
  return pieces;
}
