import type { Message } from '../../../shared/model/traffic.ts';
import { addressKind } from './address-kind.ts';

export interface DnsName {
  readonly name: string;
  readonly at: string;
  /** Set where the answer went plainly to somebody else: to that address. */
  readonly toOther?: string;
}

/** Which names were answered with an address, within one capture, and which stand on certificates. */
export interface NameBook {
  /**
   * Names whose answer held `address` at or before `at` (or at all, where none came before), oldest first: those answered to `client`, then those
   * of which it is not known whether they were (the handset's other kind of address, a resolver between), then those answered to another client.
   */
  namesOf(exhibit: string, address: string, at: string, client: string): readonly DnsName[];
  /** What the server of a conversation showed first as its certificate, where that could be seen. */
  certificateOf(flow: number): { readonly names: readonly string[]; readonly at: string } | null;
}

interface Answer {
  readonly name: string;
  readonly at: string;
  readonly client: string;
}

/** Of what was answered to all of a network, or to nobody knows whom. */
const anybody = '';

/** Answers that held one address, by client and name. */
type Answers = Map<string, Map<string, Answer>>;

/**
 * Joins DNS answers to addresses, capture by capture: what one capture asked says nothing of another. `answeredTo` names by conversation who was
 * answered in it.
 */
export function buildNameBook(
  messages: Iterable<Message>,
  answeredTo: ReadonlyMap<number, string> = new Map(),
): NameBook {
  const book = new Map<string, Answers>();
  const certificates = new Map<number, { readonly names: readonly string[]; readonly at: string }>();
  for (const message of messages) {
    if (message.kind === 'tls-certificate' && !certificates.has(message.flow))
      certificates.set(message.flow, { names: message.names, at: message.at });
    if (message.kind !== 'dns-answer') continue;
    const client = answeredTo.get(message.flow) ?? anybody;
    for (const answer of message.answers) {
      if (addressKind(answer) === 'not-an-address') continue;
      const key = `${message.exhibit} ${answer.toLowerCase()}`;
      const answers: Answers = book.get(key) ?? new Map<string, Map<string, Answer>>();
      const names = answers.get(client) ?? new Map<string, Answer>();
      // Some resolvers mix the case of what they ask for, to be harder to deceive (draft-vixie-dnsext-dns0x20): it is one name.
      const name = message.name.toLowerCase().replace(/(?<=.)\.$/, '');
      if (!names.has(name)) names.set(name, { name, at: message.at, client });
      book.set(key, answers.set(client, names));
    }
  }
  return {
    namesOf: (exhibit, address, at, client) =>
      namesFor(client, at, book.get(`${exhibit} ${address.toLowerCase()}`) ?? new Map<string, Map<string, Answer>>()),
    certificateOf: (flow) => certificates.get(flow) ?? null,
  };
}

function namesFor(client: string, at: string, answers: Answers): readonly DnsName[] {
  const answered = (is: (to: string) => boolean): Answer[] =>
    [...answers]
      .flatMap(([to, names]) => (is(to) ? [...names.values()] : []))
      .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const names = new Map<string, DnsName>();
  const add = (list: readonly Answer[], isOther: boolean): void => {
    const before = list.filter((known) => known.at <= at);
    // What only came later says who was meant where nothing else does.
    for (const one of before.length > 0 || names.size > 0 ? before : list)
      if (!names.has(one.name))
        names.set(one.name, { name: one.name, at: one.at, ...(isOther ? { toOther: one.client } : {}) });
  };
  add(
    answered((to) => to === client),
    false,
  );
  add(
    answered((to) => to !== client && !isPlainlyOther(to, client)),
    false,
  );
  add(
    answered((to) => isPlainlyOther(to, client)),
    true,
  );
  return [...names.values()];
}

/** Two private addresses of the older kind are two hosts, or one that was given another address; of the newer kind each host has several. */
function isPlainlyOther(answered: string, client: string): boolean {
  if (answered === client || answered.includes(':') || client.includes(':')) return false;
  return addressKind(answered) === 'private' && addressKind(client) === 'private';
}
