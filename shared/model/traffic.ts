/** Channel of a flow or message (cli.md, three axes of protection). */
export type Channel = 'cleartext' | 'tls' | 'dtls' | 'quic' | 'unknown';
/** Representation of an identifier inside a message. */
export type Representation = 'plain' | 'encoded' | 'pseudonymised' | 'encrypted';
export type ContentKnownBy = 'wire' | 'keylog' | 'interception' | 'handset' | null;
export type Direction = 'to-server' | 'to-client' | 'lan';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** One conversation; TCP connections are split by their SYNs; the client is who opened it. */
export interface Flow {
  readonly id: number;
  readonly exhibit: string;
  readonly label: string;
  readonly transport: 'tcp' | 'udp' | 'icmp' | 'other';
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly serverNames: readonly string[];
  readonly application: string;
  readonly channel: Channel;
  readonly firstPacketAt: string;
  readonly lastPacketAt: string;
  readonly packets: { readonly toServer: number; readonly toClient: number };
  readonly payloadBytes: { readonly toServer: number; readonly toClient: number };
  readonly app: string | null;
  /** Index of tshark's tcp.stream / udp.stream in this exhibit. */
  readonly streamIndex: number;
  /** What keeps this flow from being read whole: `tcp-gap`, `snaplen`, `no-syn`, `overlap-conflict`, `cap-header` … */
  readonly incomplete: readonly string[];
}

interface MessageBase {
  readonly flow: number;
  readonly exhibit: string;
  readonly at: string;
  /** Where default tshark shows it: the completing packet, 1-based. */
  readonly frame: number;
}

export type Message = MessageBase &
  (
    | {
        readonly kind: 'http-request';
        readonly method: string;
        readonly host: string | null;
        readonly uri: string;
        readonly bodyBytes: number;
        readonly contentType: string | null;
      }
    | {
        readonly kind: 'http-response';
        readonly status: number;
        readonly bodyBytes: number;
        readonly contentType: string | null;
      }
    | { readonly kind: 'dns-query'; readonly name: string; readonly type: string }
    | { readonly kind: 'dns-answer'; readonly name: string; readonly type: string; readonly answers: readonly string[] }
    | {
        readonly kind: 'tls-client-hello';
        readonly serverName: string | null;
        readonly version: string;
        readonly alpn: readonly string[];
      }
    | {
        readonly kind: 'tls-server-hello';
        readonly version: string;
        readonly alpn: string | null;
        readonly cipher: string;
      }
    | { readonly kind: 'tls-certificate'; readonly names: readonly string[]; readonly issuer: string | null }
    | { readonly kind: 'xmpp-stream'; readonly namespace: string | null }
  );
