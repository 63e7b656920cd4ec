import type { Message } from '../../../shared/model/traffic.ts';
import { addressKind } from './address-kind.ts';

export interface DnsName {
  readonly name: string;
  readonly at: string;
  /** Set where the answer went plainly to somebody else: to that address. */
  readonly toOther?: string;
  /** Of the last one: so many more names were answered with the address, a name answered to several clients counted for each. */
  readonly more?: number;
}

/**
 * Names of one address that are told: those answered last before the conversation. Behind the addresses of a network that delivers for others
 * stand thousands, which nobody reads in each finding; how many are not told is.
 */
export const maxNamesTold = 40;

/** Which names were answered with an address, within one capture, and which stand on certificates. */
export interface NameBook {
  /**
   * Names whose answer held `address` at or before `at` (or at all, where none came before), oldest first: those answered to `client`, then those
   * of which it is not known whether they were (the handset's other kind of address, a resolver between), then those answered to another client.
   * At most `maxNamesTold`.
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

/** Answers as they count for one client, each list by time: to itself, to nobody knows whom, plainly to others. */
type Ranked = readonly [readonly Answer[], readonly Answer[], readonly Answer[]];

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
  // Asked for with each hit: put in order once.
  const ranked = new Map<string, Ranked>();
  return {
    namesOf(exhibit, address, at, client) {
      const key = `${exhibit} ${address.toLowerCase()}`;
      const answers = book.get(key);
      if (answers === undefined) return [];
      const forClient = ranked.get(`${key} ${client}`) ?? rank(answers, client);
      ranked.set(`${key} ${client}`, forClient);
      return namesAt(forClient, at);
    },
    certificateOf: (flow) => certificates.get(flow) ?? null,
  };
}

function rank(answers: Answers, client: string): Ranked {
  const own: Answer[] = [];
  const open: Answer[] = [];
  const others: Answer[] = [];
  for (const [to, names] of answers) {
    const list = to === client ? own : isPlainlyOther(to, client) ? others : open;
    for (const one of names.values()) list.push(one);
  }
  const byTime = (a: Answer, b: Answer): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);
  return [own.sort(byTime), open.sort(byTime), others.sort(byTime)];
}

function namesAt(ranked: Ranked, at: string): readonly DnsName[] {
  const names = new Map<string, DnsName>();
  let more = 0;
  ranked.forEach((list, place) => {
    const before = countUntil(list, at);
    // What only came later says who was meant where nothing else does.
    const later = before === 0 && names.size === 0;
    const room = maxNamesTold - names.size;
    const [from, to] = later ? [0, Math.min(list.length, room)] : [Math.max(0, before - room), before];
    more += later ? list.length - to : from;
    for (const one of list.slice(from, to)) {
      if (names.has(one.name)) continue;
      const told = { name: one.name, at: one.at };
      names.set(one.name, place === 2 ? { ...told, toOther: one.client } : told);
    }
  });
  const told = [...names.values()];
  const last = told.at(-1);
  return last === undefined || more === 0 ? told : [...told.slice(0, -1), { ...last, more }];
}

/** How many answers came at or before `at`. */
function countUntil(list: readonly Answer[], at: string): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as Answer).at <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Two private addresses of the older kind are two hosts, or one that was given another address; of the newer kind each host has several. */
function isPlainlyOther(answered: string, client: string): boolean {
  if (answered === client || answered.includes(':') || client.includes(':')) return false;
  return addressKind(answered) === 'private' && addressKind(client) === 'private';
}
