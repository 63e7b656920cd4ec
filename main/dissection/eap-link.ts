import { textOf, u16, u8 } from './bytes.ts';
import { handDatagramText, type TextPiece } from './decoded-text.ts';
import type { Emitter } from './emitter.ts';
import type { FlowGate } from './flow-gate.ts';
import type { LinkFrame } from './link-frame.ts';
import { LINK_FAMILY, linkAddressText } from './link-address.ts';
import type { Way } from './sink.ts';

/** EAPOL packet types (IEEE 802.1X, 11.3.2). */
const EAP_PACKET = 0;
const EAPOL_KEY = 3;
const HEADER_BYTES = 4;
/** Key information: the access point asks for an acknowledgement (IEEE 802.11, 12.7.2). */
const KEY_ACK = 0x0080;
/** EAP codes (RFC 3748, 4). */
const RESPONSE = 2;
/** EAP methods that carry an identity in clear: its own type, SIM (RFC 4186), AKA (RFC 4187), AKA' (RFC 9048). */
const METHODS: ReadonlyMap<number, string> = new Map([
  [1, 'identity'],
  [18, 'sim'],
  [23, 'aka'],
  [50, 'aka-prime'],
]);
const IDENTITY_TYPE = 1;
const AT_IDENTITY = 14;

interface Identity {
  readonly method: string;
  readonly from: number;
  readonly to: number;
}

/** The identity in an EAP response, or null. Never throws. */
export function eapIdentity(b: Uint8Array, start: number, end: number): Identity | null {
  if (end - start < 5 || u8(b, start) !== RESPONSE) return null;
  const stop = Math.min(end, start + u16(b, start + 2));
  const type = u8(b, start + 4);
  const method = METHODS.get(type);
  if (method === undefined) return null;
  if (type === IDENTITY_TYPE) return stop > start + 5 ? { method, from: start + 5, to: stop } : null;
  // A subtype and two reserved bytes, then attributes whose length counts words of four bytes.
  for (let at = start + 8; at + 4 <= stop;) {
    const to = at + 4 * u8(b, at + 1);
    if (to <= at) return null;
    const identityEnd = at + 4 + u16(b, at + 2);
    if (u8(b, at) === AT_IDENTITY)
      return identityEnd <= Math.min(to, stop) ? { method, from: at + 4, to: identityEnd } : null;
    at = to;
  }
  return null;
}

/** A permanent identity of a SIM: 0 (AKA), 1 (SIM) or 6 (AKA') before the IMSI (3GPP TS 23.003, 19.3.2). */
export function imsiOf(identity: string): string | null {
  return /^[016](\d{14,15})(?:@|$)/.exec(identity)?.[1] ?? null;
}

/** EAP over LAN (EtherType 0x888e): below IP, in clear before a network lets a handset in. Its packets are searched. */
export class EapOverLan {
  private readonly out: Emitter;
  private readonly onRow: (row: number) => void;
  private readonly gate: FlowGate | null;
  private flows = 0;
  private readonly source = new Int32Array(4);
  private readonly target = new Int32Array(4);

  /** `gate` lets only one conversation through. */
  constructor(out: Emitter, onRow: (row: number) => void, gate: FlowGate | null) {
    this.out = out;
    this.gate = gate;
    this.onRow = onRow;
  }

  /** Takes the EAPOL packet that a frame holds. */
  take(b: Uint8Array, { offset: start, end, wireEnd, sender, receiver }: LinkFrame): void {
    if (end - start < HEADER_BYTES) return;
    const { out } = this;
    const { table } = out;
    place(this.source, b, sender);
    place(this.target, b, receiver);
    if (this.gate?.admitsLink(textOfAddress(this.source), textOfAddress(this.target)) === false) return;
    const way = wayOf(b, start, end);
    let row = table.find(LINK_FAMILY, 0, this.source, this.target, 0, 0);
    const { side } = table;
    if (row < 0) {
      row = table.add(this.flows++, out.us);
      this.onRow(row);
      table.setClient(row, way === 0 ? side : 1 - side);
      out.recognise(row, 'eap', 'cleartext');
    }
    const at = row * 2 + side;
    table.seen(row, out.us);
    table.packets[at] = (table.packets[at] as number) + 1;
    table.payload[at] = (table.payload[at] as number) + (wireEnd - start);
    if (end < wireEnd) out.note(row, 'snaplen');
    const eap = u8(b, start + 1) === EAP_PACKET ? start + HEADER_BYTES : end;
    const found = eapIdentity(b, eap, Math.min(end, eap + u16(b, start + 2)));
    if (found === null) out.datagram(row, side, way, b, start, end, false, null);
    else this.identity(row, side, way, b, start, end, found);
  }

  private identity(
    row: number,
    side: 0 | 1,
    way: Way,
    b: Uint8Array,
    start: number,
    end: number,
    { method, from, to }: Identity,
  ): void {
    const { out } = this;
    const message = out.newMessage();
    const field = 'eap.identity';
    const [first, past] = [from - start, to - start];
    out.datagram(row, side, way, b, start, end, false, (at) => ({
      field: at >= first && at < past ? field : null,
      message,
    }));
    const identity = textOf(b, from, to);
    const imsi = imsiOf(identity);
    const pieces: TextPiece[] =
      imsi === null ? [] : [{ text: `imsi=${imsi}\n`, from: first + 1, to: first + 1 + imsi.length, field, message }];
    // Where addresses are not known both ways look like one side: what the packet is decides.
    const client = out.table.clientSide(row) === 1 ? 1 : 0;
    handDatagramText(out, row, way === 0 ? client : client === 0 ? 1 : 0, pieces, ['eap']);
    out.message(row, way, message, out.frame, out.us, 'eap-identity', { method, identity });
  }
}

/** From the handset (0) or from the network. */
function wayOf(b: Uint8Array, start: number, end: number): Way {
  const type = u8(b, start + 1);
  if (type === EAP_PACKET) return end - start > HEADER_BYTES && u8(b, start + HEADER_BYTES) !== RESPONSE ? 1 : 0;
  return type === EAPOL_KEY && end - start > 6 && (u16(b, start + 5) & KEY_ACK) !== 0 ? 1 : 0;
}

const textOfAddress = (words: Int32Array): string => linkAddressText(words[2] as number, (words[3] as number) >>> 0);

/** A hardware address in the last two of a key's four words. */
function place(words: Int32Array, b: Uint8Array, at: number): void {
  words[2] = at < 0 ? 0 : u16(b, at);
  words[3] = at < 0 ? 0 : (u16(b, at + 2) << 16) | u16(b, at + 4);
}
