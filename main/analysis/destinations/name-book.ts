import type { Message } from '../../../shared/model/traffic.ts';
import { addressKind } from './address-kind.ts';

export interface DnsName {
  readonly name: string;
  readonly at: string;
}

/** Which names were answered with an address, within one capture, and which stand on certificates. */
export interface NameBook {
  /** Names whose answer held `address` at or before `at` (or at all, where none came before), oldest first. */
  namesOf(exhibit: string, address: string, at: string): readonly DnsName[];
  /** What the server of a conversation showed first as its certificate, where that could be seen. */
  certificateOf(flow: number): { readonly names: readonly string[]; readonly at: string } | null;
}

/** Joins DNS answers to addresses, capture by capture: what one capture asked says nothing of another. */
export function buildNameBook(messages: Iterable<Message>): NameBook {
  const book = new Map<string, DnsName[]>();
  const certificates = new Map<number, { readonly names: readonly string[]; readonly at: string }>();
  for (const message of messages) {
    if (message.kind === 'tls-certificate' && !certificates.has(message.flow))
      certificates.set(message.flow, { names: message.names, at: message.at });
    if (message.kind !== 'dns-answer') continue;
    for (const answer of message.answers) {
      if (addressKind(answer) === 'not-an-address') continue;
      const key = `${message.exhibit} ${answer.toLowerCase()}`;
      const names = book.get(key) ?? [];
      // Some resolvers mix the case of what they ask for, to be harder to deceive (draft-vixie-dnsext-dns0x20): it is one name.
      const name = message.name.toLowerCase().replace(/(?<=.)\.$/, '');
      if (!names.some((known) => known.name === name)) names.push({ name, at: message.at });
      book.set(key, names);
    }
  }
  return {
    namesOf(exhibit, address, at) {
      const names = book.get(`${exhibit} ${address.toLowerCase()}`) ?? [];
      const before = names.filter((known) => known.at <= at);
      return before.length > 0 ? before : names;
    },
    certificateOf: (flow) => certificates.get(flow) ?? null,
  };
}
