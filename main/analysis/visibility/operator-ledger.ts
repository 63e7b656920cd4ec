import type { OperatorRow, OperatorWhat } from '../../../shared/contract/operator.ts';
import type { FindingDraft } from '../../../shared/model/finding.ts';
import type { Message } from '../../../shared/model/traffic.ts';
import { targetHost } from '../../dissection/http-framing.ts';

/** Rows kept of one kind; what comes beyond is counted. */
const maxRows = 2000;

/** Names that are asked on the link only (RFC 6762). */
const onLink = /\.local\.?$/i;

type Draft = { -readonly [K in keyof OperatorRow]: OperatorRow[K] };

/**
 * Sums up what anybody on the path can read: names asked and told, addresses of pages, identifiers in clear or merely
 * encoded, names of software and devices. What a key log opened is not among it: on the wire it is ciphertext.
 */
export class OperatorLedger {
  readonly #rows = new Map<string, Draft>();
  readonly #count = new Map<OperatorWhat, number>();
  readonly #left = new Map<OperatorWhat, number>();

  message(message: Message): void {
    if (message.contentKnownBy === 'keylog') return;
    switch (message.kind) {
      case 'dns-query':
        return this.#add(message, 'dns-name', message.name, onLink.test(message.name) ? 'link' : 'path');
      case 'http-request': {
        const host = message.host ?? '';
        const target = targetHost(message.method, message.uri);
        if (target !== null && target !== host) this.#add(message, 'host', target, 'path');
        this.#add(message, 'host', host, 'path');
        // Without its query: that differs with each request; identifiers in it have rows of their own.
        const place = message.uri.split('?', 1)[0] ?? '';
        // To a proxy the address is whole.
        return this.#add(message, 'uri', target === null ? `${host}${place}` : place, 'path');
      }
      case 'tls-client-hello':
      case 'quic-client-hello':
        if (message.serverName !== null) this.#add(message, 'sni', message.serverName, 'path');
        return this.#add(message, 'fingerprint', message.ja4 ?? null, 'path');
      case 'tls-certificate':
        return this.#add(message, 'certificate', message.names[0] ?? null, 'path');
      case 'sip-request':
      case 'sip-response':
        return this.#add(message, 'software', message.userAgent, 'path');
      case 'ssdp':
        return this.#add(message, 'software', message.server, 'link');
      case 'dhcp':
        this.#add(message, 'device-name', message.hostName ?? message.fullName, 'link');
        this.#add(message, 'hardware-address', message.hardwareAddress, 'link');
        return this.#add(message, 'software', message.vendorClass, 'link');
      case 'mqtt-connect':
        return this.#add(message, 'account', message.userName ?? message.clientId, 'path');
      case 'login':
        return this.#add(message, 'account', message.user, 'path');
      default:
        return;
    }
  }

  /** An identifier that stood readable on the wire, by its kind, writing and recipient. */
  finding(finding: FindingDraft): void {
    const { identifier, channel, contentKnownBy, representation, at, flow, direction } = finding;
    if (identifier === null || at === null || flow === null || representation === null) return;
    // In a protected connection the wire alone shows what stands in its opening, as the name of a server does.
    if (contentKnownBy !== 'wire' || channel === null) return;
    const recipient = finding.destination?.names[0] ?? finding.destination?.address ?? '';
    const reach = direction === 'lan' ? 'link' : 'path';
    this.#put(
      { at, flow },
      { what: 'identifier', value: recipient, identifier: identifier.kind, representation, reach },
    );
  }

  /** What is readable by most first: identifiers, then names, by how often. */
  rows(): readonly OperatorRow[] {
    return [...this.#rows.values()].sort(
      (a, b) => order.indexOf(a.what) - order.indexOf(b.what) || b.count - a.count || (a.value < b.value ? -1 : 1),
    );
  }

  left(): readonly { readonly what: OperatorWhat; readonly count: number }[] {
    return [...this.#left].map(([what, count]) => ({ what, count }));
  }

  #add(message: Message, what: OperatorWhat, value: string | null, reach: OperatorRow['reach']): void {
    if (value === null || value === '') return;
    this.#put(message, { what, value, identifier: null, representation: null, reach });
  }

  #put(
    seen: { readonly at: string; readonly flow: number },
    row: Pick<OperatorRow, 'what' | 'value' | 'identifier' | 'representation' | 'reach'>,
  ): void {
    const key = JSON.stringify([row.what, row.value, row.identifier, row.representation, row.reach]);
    const known = this.#rows.get(key);
    if (known !== undefined) {
      known.count += 1;
      if (seen.at < known.firstAt) {
        known.firstAt = seen.at;
        known.flow = seen.flow;
      }
      if (seen.at > known.lastAt) known.lastAt = seen.at;
      return;
    }
    const rows = this.#count.get(row.what) ?? 0;
    if (rows >= maxRows) {
      this.#left.set(row.what, (this.#left.get(row.what) ?? 0) + 1);
      return;
    }
    this.#count.set(row.what, rows + 1);
    this.#rows.set(key, { ...row, count: 1, firstAt: seen.at, lastAt: seen.at, flow: seen.flow });
  }
}

const order: readonly OperatorWhat[] = [
  'identifier',
  'account',
  'dns-name',
  'host',
  'uri',
  'sni',
  'certificate',
  'fingerprint',
  'software',
  'device-name',
  'hardware-address',
];
