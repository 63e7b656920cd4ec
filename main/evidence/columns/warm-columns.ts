import type { PartKind } from './column-store.ts';
import type { RowFacts } from './row-facts.ts';

const numbers = (table: string, names: string): [string, PartKind][] =>
  names.split(' ').map((name) => [`${table}.${name}`, 'u32']);
const texts = (names: string): [string, PartKind][] =>
  names.split(' ').flatMap((name): [string, PartKind][] => [
    [`${name}.length`, 'u32'],
    [`${name}.text`, 'text'],
  ]);

/** In the order in which somebody who opens the traffic is likely to ask for them. */
const order: readonly (readonly [name: string, kind: PartKind])[] = [
  ...texts('flow-class message-class finding-class host client name'),
  ...numbers('flow', 'class'),
  ...numbers('finding', 'class flow'),
  ['flow.first', 'f64'],
  ['finding.at', 'f64'],
  ...numbers('flow', 'host packets'),
  ['flow.sent', 'f64'],
  ['flow.received', 'f64'],
  ...numbers('message', 'class flow name text'),
  ...texts('text'),
  ['message.at', 'f64'],
  ...numbers('flow', 'client port'),
];

/** Countries looked up in one step. */
const countriesAtOnce = 500;

/**
 * Reads ahead what filters and searches need, a step of some ten milliseconds at a time, so that the first question does not
 * wait for it and a question that comes meanwhile hardly does. What is asked for earlier is read whole then.
 * @returns whether there is more to read
 */
export function warmColumns(facts: RowFacts): boolean {
  const { store } = facts;
  for (const [name, kind] of order) if (store.warm(name, kind)) return true;
  const steps = store.derived<(() => unknown)[]>('warm steps', () => [
    () => facts.present('flow'),
    () => facts.present('message'),
    () => facts.instants('flow'),
    () => facts.hitsOfFlows(),
    () => facts.instants('message'),
    ...['host', 'client', 'name', 'text'].map((name) => () => store.dictionary(name)),
  ]);
  const step = steps.shift();
  step?.();
  return step !== undefined || facts.lookUpCountries(countriesAtOnce);
}
