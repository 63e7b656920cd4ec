import type { SmallMessage } from './small-messages.ts';

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
  readonly transport: 'tcp' | 'udp' | 'sctp' | 'icmp' | 'other';
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
  /** Index of tshark's tcp.stream / udp.stream in this exhibit; with `capture`, in its files one after the other. -1: it counts none. */
  readonly streamIndex: number;
  /** Of a capture of several files: which, and in which of its files the conversation began (`exhibit`). */
  readonly capture?: { readonly id: string; readonly part: number };
  /** What keeps this flow from being read whole: `tcp-gap`, `snaplen`, `no-syn`, `overlap-conflict`, `cap-header` … */
  readonly incomplete: readonly string[];
  /**
   * Some of its frames are in no conversation of Wireshark's: fragments of IP datagrams but the last, UDP datagrams whose length is
   * less than that of their header.
   */
  readonly strayFrames?: true;
  /**
   * Of conversations nobody recognised: what the first bytes each way look like (at most 512; how many tells `sampledBytes`).
   * Entropy in bits per byte, corrected for the size of the sample (Chao and Shen 2003), null for fewer than 64 bytes.
   */
  readonly entropyBitsPerByte?: { readonly toServer: number | null; readonly toClient: number | null };
  /** Share of printable ASCII among them, 0 to 1; null where nothing was sent. */
  readonly printableShare?: { readonly toServer: number | null; readonly toClient: number | null };
  readonly sampledBytes?: { readonly toServer: number; readonly toClient: number };
}

/** The second clock of what stands in a capture: the workstation's, by the nearest measurement of the capture's clock. */
export interface InstantOfPacket {
  /** RFC 3339 UTC. Null: nobody measured the capture's clock beside the workstation's, as of an imported one. */
  readonly atWorkstation?: string | null;
  /** How far that may be off, either way, in milliseconds. */
  readonly atWorkstationBoundMs?: number;
}

/** As `InstantOfPacket`, of the first and the last packet of a conversation. */
export interface InstantsOfFlow {
  readonly firstPacketAtWorkstation?: string | null;
  readonly lastPacketAtWorkstation?: string | null;
  readonly atWorkstationBoundMs?: number;
}

/** How an earlier TLS session is taken up: its number, a ticket (RFC 5077), a pre-shared key (RFC 8446). */
export type Resumption = 'session-id' | 'ticket' | 'psk';

/** Also of DTLS and QUIC: the flow's channel tells which. */
interface ClientHelloFields {
  readonly serverName: string | null;
  /** The highest version offered. */
  readonly version: string;
  readonly alpn: readonly string[];
  /** All versions offered, in the client's order, without those reserved to be ignored (RFC 8701). */
  readonly versions?: readonly string[];
  /** How many cipher suites are offered. */
  readonly cipherSuites?: number;
  readonly resumption?: readonly Resumption[];
  /** Fingerprint of the software that made the hello (FoxIO's JA4); null when the hello is incomplete. */
  readonly ja4?: string | null;
  readonly earlyData?: true;
  /**
   * An encrypted inner hello (ECH) is offered. Where it is a true one `serverName` is only the public name of the provider;
   * but clients also send one that means nothing (GREASE), and the two cannot be told apart.
   */
  readonly encryptedClientHello?: true;
  readonly quicVersion?: string;
  readonly incomplete?: true;
}

interface ServerHelloFields {
  /** Version, cipher suite (IANA's name) and protocol that the server chose. */
  readonly version: string;
  readonly alpn: string | null;
  readonly cipher: string;
  /** How the server took up an earlier session; null when it did not, or did not say. */
  readonly resumed?: Resumption | null;
  /** The client is asked for another hello (HelloRetryRequest). */
  readonly retry?: true;
  readonly quicVersion?: string;
}

/** What only some HTTP messages have. */
interface HttpExtras {
  /** `2` for HTTP/2, `3` for HTTP/3; absent for HTTP/1. */
  readonly version?: string;
  /** Number of the stream of HTTP/2 or HTTP/3. */
  readonly stream?: number;
  /** Header fields are missing because only the part before the capture names them. */
  readonly headersUnknown?: true;
  readonly incomplete?: true;
  readonly malformed?: true;
}

/** What an X.509 certificate says of itself. */
export interface Certificate {
  readonly names: readonly string[];
  readonly subject: string | null;
  readonly issuer: string | null;
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  /** SHA-256 of its bytes, hexadecimal. */
  readonly sha256: string;
}

interface MessageBase {
  readonly flow: number;
  readonly exhibit: string;
  readonly at: string;
  /** Where default tshark shows it: the completing packet, 1-based. */
  readonly frame: number;
  /** Set where a key log opened it; otherwise it is known from the wire. */
  readonly contentKnownBy?: 'keylog';
}

export type Message = MessageBase &
  (
    | ({
        readonly kind: 'http-request';
        readonly method: string;
        readonly host: string | null;
        readonly uri: string;
        readonly bodyBytes: number;
        readonly contentType: string | null;
        /** Promised by the server (HTTP/2 push), asked by nobody. */
        readonly pushed?: true;
      } & HttpExtras)
    | ({
        readonly kind: 'http-response';
        readonly status: number;
        readonly bodyBytes: number;
        readonly contentType: string | null;
      } & HttpExtras)
    | {
        readonly kind: 'websocket-message';
        /** `text`, `binary`, `close`, `ping`, `pong`. */
        readonly opcode: string;
        /** Of the message as it was meant, decompressed. */
        readonly bytes: number;
        readonly fragments: number;
        readonly compressed: boolean;
        readonly incomplete?: true;
      }
    | {
        readonly kind: 'dns-query';
        readonly name: string;
        readonly type: string;
        /** Answers that the asker has already (RFC 6762, 7.1). */
        readonly knownAnswers?: readonly string[];
      }
    | { readonly kind: 'dns-answer'; readonly name: string; readonly type: string; readonly answers: readonly string[] }
    | ({ readonly kind: 'tls-client-hello' | 'quic-client-hello' } & ClientHelloFields)
    | ({ readonly kind: 'tls-server-hello' | 'quic-server-hello' } & ServerHelloFields)
    | {
        readonly kind: 'tls-certificate';
        /** Of the first certificate, which is the server's own. */
        readonly names: readonly string[];
        readonly issuer: string | null;
        /** All certificates as they were shown, the server's own first; nothing is verified. */
        readonly chain?: readonly Certificate[];
        readonly malformed?: true;
      }
    | { readonly kind: 'quic-version-negotiation'; readonly versions: readonly string[] }
    | { readonly kind: 'quic-retry'; readonly quicVersion: string }
    | { readonly kind: 'xmpp-stream'; readonly namespace: string | null }
    | SmallMessage
  );
