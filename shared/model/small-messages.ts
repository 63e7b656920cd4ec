/** Protocols of lines whose commands and answers are messages. */
export type LineProtocol = 'smtp' | 'pop' | 'imap' | 'ftp';

interface SipParts {
  readonly from: string | null;
  readonly to: string | null;
  readonly contact: string | null;
  readonly callId: string | null;
  readonly userAgent: string | null;
  /** Access type and cell (3GPP TS 24.229). */
  readonly accessNetwork: string | null;
  /** `<urn:gsma:imei:…>` or `<urn:uuid:…>` of the contact (RFC 5626). */
  readonly instance: string | null;
  readonly bodyBytes: number;
  readonly incomplete?: true;
}

/** Messages of protocols that need no words of their own on screen: what names a device or a person in them. */
export type SmallMessage =
  | {
      readonly kind: 'dhcp';
      readonly version: 4 | 6;
      /** Null when the capture ends before it. */
      readonly type: string | null;
      readonly hostName: string | null;
      /** The fully qualified name the client asks for (options 81 and 39). */
      readonly fullName: string | null;
      /** Option 61, or the client's DUID with its kind. */
      readonly clientId: string | null;
      readonly hardwareAddress: string | null;
      readonly vendorClass: string | null;
      readonly userClass: string | null;
      readonly requestedAddress: string | null;
      /** Numbers of the options asked for, in the client's order: they tell the system. */
      readonly parameters: readonly number[];
    }
  | {
      readonly kind: 'eap-identity';
      /** `identity`, `sim`, `aka` or `aka-prime`. */
      readonly method: string;
      readonly identity: string;
    }
  | {
      readonly kind: 'nbns';
      readonly operation: string;
      readonly response: boolean;
      readonly name: string;
      readonly type: string;
    }
  | {
      readonly kind: 'ssdp';
      /** `M-SEARCH`, `NOTIFY` or `response`. */
      readonly method: string;
      readonly target: string | null;
      readonly usn: string | null;
      readonly server: string | null;
      readonly location: string | null;
    }
  | {
      readonly kind: 'stun';
      readonly method: string;
      readonly class: string;
      readonly userName: string | null;
      readonly realm: string | null;
      readonly software: string | null;
    }
  | {
      readonly kind: 'coap';
      /** Null for answers. */
      readonly method: string | null;
      readonly code: string;
      readonly host: string | null;
      readonly uri: string;
      readonly payloadBytes: number;
    }
  | ({ readonly kind: 'sip-request'; readonly method: string; readonly uri: string } & SipParts)
  | ({ readonly kind: 'sip-response'; readonly status: number; readonly reason: string } & SipParts)
  | {
      readonly kind: 'mqtt-connect';
      readonly version: string;
      readonly clientId: string;
      readonly userName: string | null;
      /** Null where none is sent. The password itself is not told: it stands in the exhibit. */
      readonly passwordBytes: number | null;
    }
  | { readonly kind: 'mqtt-publish'; readonly topic: string; readonly payloadBytes: number }
  | { readonly kind: 'mqtt-subscribe' | 'mqtt-unsubscribe'; readonly topics: readonly string[] }
  | {
      readonly kind: 'command';
      readonly protocol: LineProtocol;
      readonly command: string;
      readonly argument: string;
      /** Characters of a password or of its proof that were left out of `argument`; they stand in the exhibit. */
      readonly withheld?: number;
    }
  | { readonly kind: 'reply'; readonly protocol: LineProtocol; readonly status: string; readonly text: string }
  | {
      readonly kind: 'login';
      readonly protocol: 'ldap' | 'postgresql';
      readonly user: string | null;
      /** The database. */
      readonly target: string | null;
    }
  | {
      readonly kind: 'xmpp-stanza';
      readonly name: string;
      readonly type: string | null;
      readonly from: string | null;
      readonly to: string | null;
    }
  | {
      readonly kind: 'gtp-c';
      readonly version: 1 | 2;
      readonly type: string;
      readonly imsi: string | null;
      readonly msisdn: string | null;
      readonly imei: string | null;
      readonly accessPoint: string | null;
    }
  | {
      readonly kind: 'diameter';
      readonly command: string;
      readonly request: boolean;
      /** IANA «AAA Parameters», application id. */
      readonly application: number;
      readonly originHost: string | null;
      readonly userName: string | null;
      readonly msisdn: string | null;
      readonly imei: string | null;
      readonly subscriptionIds: readonly string[];
    };

const words = (...parts: readonly (string | number | null)[]): string =>
  parts.filter((p) => p !== null && p !== '').join(' ');

/** A small message in one line, in the words of its protocol; parts that are unknown are left out. */
export function smallMessageText(m: SmallMessage): string {
  switch (m.kind) {
    case 'dhcp':
      return words(m.type, m.hostName, m.fullName, m.hardwareAddress ?? m.clientId, m.vendorClass);
    case 'eap-identity':
      return words(m.method, m.identity);
    case 'nbns':
      return words(m.operation, m.name, m.type);
    case 'ssdp':
      return words(m.method, m.target, m.usn, m.server, m.location);
    case 'stun':
      return words(m.method, m.class, m.userName, m.realm, m.software);
    case 'coap':
      return words(m.method ?? m.code, m.host, m.uri);
    case 'sip-request':
      return words(m.method, m.uri, m.from, m.to, m.instance);
    case 'sip-response':
      return words(m.status, m.reason, m.from, m.to);
    case 'mqtt-connect':
      return words('CONNECT', m.clientId, m.userName);
    case 'mqtt-publish':
      return words('PUBLISH', m.topic, `(${m.payloadBytes} B)`);
    case 'mqtt-subscribe':
    case 'mqtt-unsubscribe':
      return words(m.kind === 'mqtt-subscribe' ? 'SUBSCRIBE' : 'UNSUBSCRIBE', m.topics.join(', '));
    case 'command':
      return words(m.command, m.argument);
    case 'reply':
      return words(m.status, m.text);
    case 'login':
      return words(m.protocol, m.user, m.target);
    case 'xmpp-stanza':
      return words(m.name, m.type, m.from, m.to);
    case 'gtp-c':
      return words(`v${m.version}`, m.type, m.imsi, m.msisdn, m.imei, m.accessPoint);
    case 'diameter':
      return words(m.command, m.userName, m.msisdn, m.imei, ...m.subscriptionIds, m.originHost);
  }
}
