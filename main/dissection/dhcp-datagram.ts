import { i32, ipv4Text, textOf, u32, u8 } from './bytes.ts';
import type { DatagramParser, DatagramProtocol } from './datagram-protocol.ts';
import { handDatagramText, namedValue, type TextPiece } from './decoded-text.ts';
import { DhcpOptions, readOptions } from './dhcp-options.ts';
import { duidOf } from './dhcp-duid.ts';
import { readDnsName } from './dns-name-reader.ts';
import type { Emitter } from './emitter.ts';
import { hexText, macText } from './identity-codings.ts';
import type { Way } from './sink.ts';

const FIXED_BYTES = 236;
const COOKIE = 0x63825363;
const CHADDR = 28;

/** RFC 2132, 9.6; from 9 on RFC 3203, 4388, 6926, 7724. */
const TYPES: readonly string[] = [
  'bootp',
  'discover',
  'offer',
  'request',
  'decline',
  'ack',
  'nak',
  'release',
  'inform',
  'force-renew',
  'lease-query',
  'lease-unassigned',
  'lease-unknown',
  'lease-active',
];

const HOST_NAME = 12;
const REQUESTED = 50;
const TYPE = 53;
const PARAMETERS = 55;
const VENDOR_CLASS = 60;
const CLIENT_ID = 61;
const USER_CLASS = 77;
const FQDN = 81;

/** Names of the options that tell about the client; of others the number stands. */
const FIELDS: Readonly<Record<number, string>> = {
  [HOST_NAME]: 'dhcp.option.hostname',
  15: 'dhcp.option.domain_name',
  43: 'dhcp.option.vendor_specific',
  [REQUESTED]: 'dhcp.option.requested_ip_address',
  [PARAMETERS]: 'dhcp.option.request_list',
  [VENDOR_CLASS]: 'dhcp.option.vendor_class_id',
  [CLIENT_ID]: 'dhcp.client_id',
  [USER_CLASS]: 'dhcp.option.user_class',
  [FQDN]: 'dhcp.fqdn.name',
  82: 'dhcp.option.agent_information',
};

const fieldOf = (code: number): string => FIELDS[code] ?? `dhcp.option.${code}`;

function isDhcp(b: Uint8Array, start: number, end: number): boolean {
  const op = u8(b, start);
  return end - start >= CHADDR + 16 && (op === 1 || op === 2) && u8(b, start + 2) <= 16;
}

/** What is known of one message; texts that its bytes do not show are collected in `hidden`. */
class DhcpReader {
  readonly hidden: TextPiece[] = [];
  private readonly b: Uint8Array;
  private readonly start: number;
  private readonly options: DhcpOptions;
  private readonly message: number;
  private readonly cut: boolean;

  /** `cut`: the capture ends before the options. */
  constructor(b: Uint8Array, start: number, options: DhcpOptions, message: number, cut: boolean) {
    this.b = b;
    this.start = start;
    this.options = options;
    this.message = message;
    this.cut = cut;
  }

  fields(): Record<string, unknown> {
    const { options } = this;
    const type = options.get(TYPE);
    const requested = options.get(REQUESTED);
    return {
      version: 4,
      type: type === null && this.cut ? null : (TYPES[type === null ? 0 : u8(type, 0)] ?? 'other'),
      hostName: this.text(HOST_NAME),
      fullName: this.fullName(),
      clientId: this.clientId(),
      hardwareAddress: this.hardwareAddress(),
      vendorClass: this.text(VENDOR_CLASS),
      userClass: this.text(USER_CLASS),
      requestedAddress: requested?.length === 4 ? ipv4Text(i32(requested, 0) >>> 0) : null,
      parameters: [...(options.get(PARAMETERS) ?? [])],
    };
  }

  private hide(code: number, value: string): void {
    const [from, to] = this.options.rangeOf(code);
    this.hidden.push(namedValue(fieldOf(code), value, from - this.start, to - this.start, this.message));
  }

  private text(code: number): string | null {
    const value = this.options.get(code);
    if (value === null) return null;
    const text = textOf(value, 0, value.length).replace(/\0+$/, '');
    // In several pieces (RFC 3396) the bytes do not show it whole.
    if (this.options.isSplit(code)) this.hide(code, text);
    return text;
  }

  /** The client's hardware address, where it is one of six bytes (Ethernet, Wi-Fi). */
  private hardwareAddress(): string | null {
    const { b, start } = this;
    const at = start + CHADDR;
    const mac = u8(b, start + 2) === 6 ? macText(b, at, at + 6) : null;
    if (mac !== null) this.hidden.push(namedValue('dhcp.chaddr', mac, CHADDR, CHADDR + 6, this.message));
    return mac;
  }

  /** RFC 2132, 9.14; type 255 is a DUID behind an IAID (RFC 4361, 6.1), type 0 text or anything. */
  private clientId(): string | null {
    const id = this.options.get(CLIENT_ID);
    if (id === null || id.length < 2) return null;
    const kind = u8(id, 0);
    const mac = kind === 1 ? macText(id, 1, id.length) : null;
    const duid = kind === 255 && id.length > 5 ? duidOf(id, 5, id.length) : null;
    const address = mac ?? duid?.mac ?? null;
    if (address !== null) this.hide(CLIENT_ID, address);
    if (mac !== null) return mac;
    if (kind === 0) return textOf(id, 1, id.length);
    return duid === null ? hexText(id, 0, id.length) : duid.text;
  }

  /** RFC 4702, 2: flags, two reply codes, a name in text or as DNS labels (flag E). */
  private fullName(): string | null {
    const value = this.options.get(FQDN);
    if (value === null || value.length < 4) return null;
    if ((u8(value, 0) & 4) === 0) return textOf(value, 3, value.length);
    const name = readDnsName(value, 3, value.length);
    if (name.includes('.')) this.hide(FQDN, name);
    return name;
  }
}

/** DHCP and BOOTP (RFC 2131, 2132). */
class DhcpDatagrams implements DatagramParser {
  private readonly out: Emitter;

  constructor(out: Emitter) {
    this.out = out;
  }

  take(row: number, side: 0 | 1, way: Way, b: Uint8Array, start: number, end: number): void {
    const { out } = this;
    if (!isDhcp(b, start, end)) {
      out.note(row, 'malformed');
      out.datagram(row, side, way, b, start, end, false, null);
      return;
    }
    const hasOptions = end - start > FIXED_BYTES + 3 && u32(b, start + FIXED_BYTES) === COOKIE;
    const options = hasOptions ? readOptions(b, start, end) : new DhcpOptions(b);
    // A capture of short packets still has the client's address.
    const cut = end - start < FIXED_BYTES;
    if (cut) out.note(row, 'message-cut');
    else if (options.malformed) out.note(row, 'malformed');
    const message = out.newMessage();
    const places = options.places(start, fieldOf);
    out.datagram(row, side, way, b, start, end, false, (from) => {
      if (from >= CHADDR && from < CHADDR + 16) return { field: 'dhcp.chaddr', message };
      return { field: places.find((p) => from >= p.from && from < p.to)?.field ?? null, message };
    });
    const reader = new DhcpReader(b, start, options, message, cut);
    const fields = reader.fields();
    const hidden = reader.hidden.toSorted((a, z) => a.from - z.from);
    handDatagramText(out, row, side, hidden, ['dhcp']);
    out.message(row, way, message, out.frame, out.us, 'dhcp', fields);
  }
}

export const dhcp: DatagramProtocol = {
  application: 'dhcp',
  channel: 'cleartext',
  ports: [67, 68],
  recognises: (b, start, end) =>
    end - start > FIXED_BYTES + 3 && isDhcp(b, start, end) && u32(b, start + FIXED_BYTES) === COOKIE,
  parser: (out) => new DhcpDatagrams(out),
};
