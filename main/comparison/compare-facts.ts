import type { Change } from '../../shared/model/comparison.ts';
import type { FactTopic } from '../../shared/model/record.ts';
import type { ComparisonGap } from './compare-snapshots.ts';
import { worded } from './meaning.ts';
import type { Facts, Unworded } from './sides.ts';
import type { Language, WordingKey } from './wording.ts';

/** One fact as a list of the handset printed it. */
export interface FactRow {
  /** Which list it stands in (`dumpsys user`): facts are compared within one list only. */
  readonly source: string;
  readonly topic: FactTopic;
  readonly package: string | null;
  readonly name: string;
  readonly value: string;
}

/** The facts of one side, and which lists were read there, be it that they were empty. */
export interface FactReadings {
  readonly rows: readonly FactRow[];
  readonly read: ReadonlySet<string>;
  /** Those of `read` that were read to their end. */
  readonly whole: ReadonlySet<string>;
}

/** Before the name of an app: the facts about its code are one list. */
export const appCodeList = 'app-code ';

/** Topics that are state. What has happened (use, ended processes) and what is of one moment (services, sockets, alarms, bytes) differs between any two readings. */
const comparedTopics: ReadonlySet<FactTopic> = new Set([
  'user',
  'policy',
  'account',
  'network',
  'certificate',
  'power',
  'job',
  'default-app',
  'listener',
  'webview',
  'app-code',
]);

type Noise = Extract<WordingKey, `noise.${string}`>;

const noiseRules: readonly { readonly topic: FactTopic; readonly name: RegExp; readonly why: Noise }[] = [
  { topic: 'user', name: /(?:^|\/)(?:State|Started users state|Cached user IDs.*)$/, why: 'noise.state' },
  { topic: 'power', name: /^battery\/|(?:^|\/)bucket$|\bTemp\b/, why: 'noise.state' },
  { topic: 'app-code', name: /^(?:base|split\/.{1,500})\/file$/, why: 'noise.state' },
  { topic: 'webview', name: /^(?:Number of relros \w+|WebView package dirty)$/, why: 'noise.state' },
];

/** `+2m14s928ms ago`: an instant, told from the moment of asking. */
const relative = /^(?:[+-]?(?:\d{1,9}(?:ms|[dhms]))+ ago|<unknown>)$/;

function noiseOfFact({ topic, name, value }: FactRow): Noise | null {
  if (relative.test(value)) return 'noise.time';
  // A job that is neither repeated nor kept over a restart comes and goes with what the app does.
  if (topic === 'job' && !/\bPERIODIC\b|\bPERSISTED\b/.test(value)) return 'noise.state';
  return noiseRules.find((rule) => rule.topic === topic && rule.name.test(name))?.why ?? null;
}

/** What of a fact is compared and shown: a job's number and its next delay are drawn anew each time; a bare app is its own value. */
function shownValue({ topic, package: owner, value }: FactRow): string {
  if (topic === 'job') return value.replace(/^#\S+(?:; )?/, '').replace(/(?:^|; )Minimum latency: [^;]*/, '');
  return owner === null || value.includes(owner) ? value : `${owner} ${value}`.trim();
}

type Group = Map<string, FactRow>;

function groups({ rows }: FactReadings): Map<string, Group> {
  const found = new Map<string, Group>();
  for (const row of rows) {
    if (!comparedTopics.has(row.topic)) continue;
    const key = JSON.stringify([row.source, row.topic, row.name]);
    const group: Group = found.get(key) ?? new Map();
    found.set(key, group.set(shownValue(row), row));
  }
  return found;
}

/** A value on either side; null where that side has none. */
type Pair = readonly [string | null, string | null, FactRow];

/** What differs within one name: one value for another, of one app where there are several; the rest is new or gone. */
function differences(a: Group, b: Group): Pair[] {
  const left = [...a].filter(([value]) => !b.has(value));
  const right = [...b].filter(([value]) => !a.has(value));
  const pairs: Pair[] = [];
  for (const [value, row] of left) {
    const same = (rows: typeof left): typeof left =>
      rows.filter(([, other]) => row.package !== null && other.package === row.package);
    const [others, ours] = [same(right), same(left)];
    const [only] = a.size === 1 && b.size === 1 ? right : others.length === 1 && ours.length === 1 ? others : [];
    if (only !== undefined) right.splice(right.indexOf(only), 1);
    pairs.push([value, only?.[0] ?? null, only?.[1] ?? row]);
  }
  return [...pairs, ...right.map(([value, row]): Pair => [null, value, row])];
}

function changeOf([before, after, row]: Pair): Unworded {
  const why = noiseOfFact(row);
  const facts: Facts = { topic: row.topic, name: row.name, ...(row.package === null ? {} : { package: row.package }) };
  return {
    kind: 'fact',
    change: before === null ? 'added' : after === null ? 'removed' : 'changed',
    subject: `${row.topic}/${row.name}`,
    before,
    after,
    noise: why !== null,
    facts: why === null ? facts : { ...facts, noise: why },
  };
}

const byText = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0);

/**
 * What differs in what two sides say of their state. A list that was not read on one side is not compared; of one that was not
 * read to its end only what has one value on both sides: what is missing there is not known. Sorted by subject, then values.
 */
export function compareFacts(before: FactReadings, after: FactReadings, lang: Language = 'en'): Change[] {
  const [a, b] = [groups(before), groups(after)];
  const none: Group = new Map();
  const out: Unworded[] = [];
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const [ours, theirs] = [a.get(key) ?? none, b.get(key) ?? none];
    const [row] = [...ours.values(), ...theirs.values()];
    if (row === undefined) continue;
    // What was not read at all is in no `whole`.
    const whole = before.whole.has(row.source) && after.whole.has(row.source);
    if (whole || (ours.size === 1 && theirs.size === 1)) out.push(...differences(ours, theirs).map(changeOf));
  }
  const text = ({ before: x, after: y }: Unworded): string => JSON.stringify([x, y]);
  return out
    .sort((x, y) => byText(x.subject, y.subject) || byText(text(x), text(y)))
    .map((change) => worded(change, lang));
}

/** Which lists of facts one side has not read, or not to their end; those of settings are told as settings. */
export function factGaps(before: FactReadings, after: FactReadings): ComparisonGap[] {
  const gap = (lists: readonly string[], rest: Omit<ComparisonGap, 'kind' | 'part'>): ComparisonGap[] =>
    lists.length === 0 ? [] : [{ kind: 'fact', part: lists.toSorted().join(', '), ...rest }];
  const isCode = (source: string): boolean => source.startsWith(appCodeList);
  const missing = (here: FactReadings, there: FactReadings): string[] => {
    const lists = [...there.read].filter((source) => !here.read.has(source) && !source.startsWith('settings '));
    // An app that one side does not have is told as a package; what is missing is the code of all of them, or of one that both have.
    const noCode = lists.some(isCode) && ![...here.read].some(isCode);
    return [...lists.filter((source) => !isCode(source)), ...(noCode ? [appCodeList.trim()] : [])];
  };
  const cut = ({ read, whole }: FactReadings): string[] => [...read].filter((source) => !whole.has(source));
  return [
    ...gap(missing(before, after), { missing: 'before' }),
    ...gap(missing(after, before), { missing: 'after' }),
    ...gap(cut(before), { missing: 'before', cut: true }),
    ...gap(cut(after), { missing: 'after', cut: true }),
  ];
}
