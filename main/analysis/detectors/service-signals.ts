import type { Message } from '../../../shared/model/traffic.ts';

/** What gives a messaging service away in traffic; one row each, with the source. Hosts are left open: the path is what the program builds. */
export interface ServiceSignal {
  readonly service: string;
  readonly signal: 'activation' | 'look-up' | 'chat-stream';
  readonly source: string;
  readonly matches: (message: Message) => boolean;
}

const source = 'decompiled MIUI Mms of 2012 (handbook: case-2014.md)';

function requestPath(message: Message): string | null {
  // A proxy is asked with the absolute form (RFC 9112 3.2.2).
  return message.kind === 'http-request' ? message.uri.replace(/^https?:\/\/[^/]*/i, '') : null;
}

export const serviceSignals: readonly ServiceSignal[] = [
  {
    service: 'MIUI Cloud Messaging',
    signal: 'activation',
    source,
    matches: (message) => /^\/pass\/activate\/dev\/[^/?]+\/activating\b/.test(requestPath(message) ?? ''),
  },
  {
    service: 'MIUI Cloud Messaging',
    signal: 'look-up',
    source,
    matches: (message) => /^\/pass\/(v\d+\/)?user@id\?(.*&)?type=MXPH\b/.test(requestPath(message) ?? ''),
  },
  {
    service: 'MIUI Cloud Messaging',
    signal: 'chat-stream',
    source,
    matches: (message) => message.kind === 'xmpp-stream' && message.namespace === 'xm',
  },
];

/** Hosts that the service itself is reached at; other hosts of the maker serve other purposes. */
const serviceHosts: ReadonlySet<string> = new Set(['api.account.xiaomi.com']);

export function isServiceHost(name: string | null): boolean {
  return name !== null && serviceHosts.has(name.toLowerCase());
}

/** The service's chat connection: its names in DNS and in the stream's own opening (handbook: case-2014.md). */
const chatHost = /(?:^|\.)chat\.xiaomi\.net$/i;

/** Is this a place of the service: its account interface, or its chat connection? */
export function isServicePlace(names: readonly string[]): boolean {
  return names.some((name) => isServiceHost(name) || chatHost.test(name));
}

/** Whether a rule looks at this message although no identifier stands in it. */
export function isServiceMessage(message: Message): boolean {
  if (message.kind === 'tls-client-hello' || message.kind === 'quic-client-hello') {
    return isServiceHost(message.serverName);
  }
  return serviceSignals.some((signal) => signal.matches(message));
}

/** The setting that use of the service leaves behind, readable without root. */
export const serviceUseSetting = { namespace: 'system', name: 'mx_used', value: '1' } as const;

/** Packages and classes that carry the service on the handset. */
export const serviceComponent = /(^|\.)xiaomi\.mms\b|^com\.android\.mms$|\.Mx[A-Z]\w+$/;
