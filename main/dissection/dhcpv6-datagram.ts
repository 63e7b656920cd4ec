import { textOf, u16, u32, u8 } from './bytes.ts';
import type { DatagramParser, DatagramProtocol } from './datagram-protocol.ts';
import { handDatagramText, namedValue, type TextPiece } from './decoded-text.ts';
import { duidOf } from './dhcp-duid.ts';
import { readDnsName } from './dns-name-reader.ts';
import type { Emitter } from './emitter.ts';
import { macText } from './identity-codings.ts';
import type { Way } from './sink.ts';

/** RFC 8415, 7.3. */
const TYPES: readonly string[] = [
  'other',
  'solicit',
  'advertise',
  'request',
  'confirm',
  'renew',
  'rebind',
  'reply',
  'release',
  'decline',
  'reconfigure',
  'information-request',
  'relay-forward',
  'relay-reply',
];
const RELAY_FORWARD = 12;
const RELAY_REPLY = 13;
/** Relays that may stand around one another (RFC 8415, 7.6: HOP_COUNT_LIMIT). */
const MAX_RELAYS = 8;
const MAX_OPTIONS = 512;

const FIELDS: Readonly<Record<number, string>> = {
  1: 'dhcpv6.duid',
  2: 'dhcpv6.server_duid',
  6: 'dhcpv6.requested_options',
  15: 'dhcpv6.user_class',
  16: 'dhcpv6.vendor_class',
  17: 'dhcpv6.vendor_opts',
  39: 'dhcpv6.client_fqdn',
  79: 'dhcpv6.client_link_layer_address',
};

interface Option {
  readonly code: number;
  readonly from: number;
  readonly to: number;
}

interface Packet {
  readonly type: number;
  readonly options: readonly Option[];
  readonly malformed: boolean;
  /** It holds more options than are read. */
  readonly capped: boolean;
}

/** Options of the message and of what relays wrapped; the type is that of the innermost message. */
function read(b: Uint8Array, start: number, end: number): Packet {
  const options: Option[] = [];
  let malformed = false;
  let capped = false;
  let type = u8(b, start);
  let inner: Option | null = { code: 9, from: start, to: end };
  for (let depth = 0; inner !== null && depth <= MAX_RELAYS; depth++) {
    type = u8(b, inner.from);
    let at: number = inner.from + (type === RELAY_FORWARD || type === RELAY_REPLY ? 34 : 4);
    const stop: number = inner.to;
    inner = null;
    malformed ||= at > stop;
    while (at + 4 <= stop) {
      if (options.length === MAX_OPTIONS) {
        capped = true;
        break;
      }
      const option: Option = { code: u16(b, at), from: at + 4, to: at + 4 + u16(b, at + 2) };
      if (option.to > stop) {
        malformed = true;
        break;
      }
      options.push(option);
      if (option.code === 9 && option.to > option.from) inner = option;
      at = option.to;
    }
  }
  return { type, options, malformed: malformed || inner !== null, capped };
}

/** Texts behind two bytes of length each: classes (RFC 8415, 21.15 and 21.16). */
function texts(b: Uint8Array, from: number, to: number): string {
  const list: string[] = [];
  for (let at = from; at + 2 <= to;) {
    const next = Math.min(to, at + 2 + u16(b, at));
    list.push(textOf(b, at + 2, next));
    at = next;
  }
  return list.join(' ');
}

/** DHCP for IPv6 (RFC 8415): client DUID, names and classes; what relays wrapped is read too. */
class Dhcpv6Datagrams implements DatagramParser {
  private readonly out: Emitter;

  constructor(out: Emitter) {
    this.out = out;
  }

  take(row: number, side: 0 | 1, way: Way, b: Uint8Array, start: number, end: number): void {
    const { out } = this;
    const packet = read(b, start, end);
    if (packet.malformed) out.note(row, 'malformed');
    if (packet.capped) {
      out.note(row, 'cap-message');
      out.fault('cap-message', 'a DHCPv6 message holds more options than are read');
    }
    const message = out.newMessage();
    // The innermost option that holds a place names it: later ones lie inside relayed messages.
    const places = packet.options
      .map(({ code, from, to }) => ({ from: from - start, to: to - start, field: FIELDS[code] ?? null }))
      .toReversed();
    out.datagram(row, side, way, b, start, end, false, (from) => ({
      field: places.find((p) => from >= p.from && from < p.to)?.field ?? null,
      message,
    }));
    const hidden: TextPiece[] = [];
    const fields = fieldsOf(b, start, packet, message, hidden);
    handDatagramText(out, row, side, hidden, ['dhcp']);
    out.message(row, way, message, out.frame, out.us, 'dhcp', fields);
  }
}

function fieldsOf(
  b: Uint8Array,
  start: number,
  packet: Packet,
  message: number,
  hidden: TextPiece[],
): Record<string, unknown> {
  const find = (code: number): Option | null => packet.options.findLast((option) => option.code === code) ?? null;
  const hide = (field: string, value: string, { from, to }: Option): void => {
    hidden.push(namedValue(field, value, from - start, to - start, message));
  };
  const client = find(1);
  const duid = client === null ? null : duidOf(b, client.from, client.to);
  if (client !== null && duid !== null) {
    if (duid.mac !== null) hide('dhcpv6.duid', duid.mac, client);
    else if (duid.text.startsWith('uuid ')) hide('dhcpv6.duid', duid.text.slice(5), client);
  }
  const link = find(79);
  const mac = link === null ? null : macText(b, link.from + 2, link.to);
  if (link !== null && mac !== null) hide('dhcpv6.client_link_layer_address', mac, link);
  const name = find(39);
  const fullName = name === null || name.to - name.from < 2 ? null : readDnsName(b, name.from + 1, name.to);
  if (name !== null && fullName !== null && fullName.includes('.')) hide('dhcpv6.client_fqdn', fullName, name);
  const vendor = find(16);
  const user = find(15);
  const asked = find(6);
  const parameters: number[] = [];
  if (asked !== null) for (let at = asked.from; at + 2 <= asked.to; at += 2) parameters.push(u16(b, at));
  return {
    version: 6,
    type: TYPES[packet.type] ?? 'other',
    hostName: null,
    fullName,
    clientId: duid?.text ?? null,
    hardwareAddress: mac ?? duid?.mac ?? null,
    vendorClass: vendor === null ? null : `${u32(b, vendor.from)} ${texts(b, vendor.from + 4, vendor.to)}`,
    userClass: user === null ? null : texts(b, user.from, user.to),
    requestedAddress: null,
    parameters,
  };
}

export const dhcpv6: DatagramProtocol = {
  application: 'dhcpv6',
  channel: 'cleartext',
  ports: [546, 547],
  recognises: () => false,
  parser: (out) => new Dhcpv6Datagrams(out),
};
