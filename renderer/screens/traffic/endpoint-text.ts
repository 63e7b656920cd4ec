import type { Words } from '../../words/words.tsx';

/**
 * `192.0.2.1:443`, `[2001:db8::1]:443` (RFC 3986 section 3.2.2); without port where the protocol knows none (ICMP), which flows
 * have as 0.
 */
export function endpointText({ address, port }: { readonly address: string; readonly port: number }): string {
  if (port === 0) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Protocols are written as their standards write them; they are abbreviations. */
export function protocolText(application: string, words: Pick<Words, 'say'>): string {
  if (application === 'unknown') return words.say('ui.channel.unknown');
  return /^[a-z0-9]{2,6}$/.test(application) ? application.toUpperCase() : application;
}
