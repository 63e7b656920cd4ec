import { isFitForAbsence } from './fit-for-absence.ts';
import type { Change, Visibility } from '../../shared/model/comparison.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { severalRecipients, worded } from './meaning.ts';
import type { Language } from './wording.ts';

/** One label's traffic, as far as it was found and could be seen. */
export interface TrafficSide {
  readonly label: string;
  readonly findings: readonly Finding[];
  /** Null where nothing is known of how much could be seen. */
  readonly visibility: Visibility | null;
}

/** One cell of the table identifier × recipient × channel × representation. */
export interface TrafficRow {
  /** Key of the identifier: its id on one handset, its kind across two. */
  readonly identifier: string;
  readonly identifierKind: string;
  /** Whether `identifier` is the name of a data category. */
  readonly category: boolean;
  /** `severalRecipients` where a finding counts several. */
  readonly recipient: string;
  readonly channel: string;
  readonly representation: string;
  readonly count: number;
  /** Display numbers of the findings behind it. */
  readonly findings: readonly string[];
  readonly firstAt: string | null;
}

/** Who receives: the name that the request itself gave before the one that DNS or SNI gave, else the address. */
export function recipientOf(finding: Finding): string {
  return finding.destination?.names[0] ?? finding.destination?.address ?? 'unknown';
}

/** Rules that state a transmission by this handset; echoes, neighbours' traffic and other handsets' identifiers are none. */
const transmissionRules: ReadonlySet<string> = new Set(['identifier-transmitted', 'silent-sms']);

/** A transmission of an identifier by this handset that no examiner has dismissed. */
export function isTransmission(finding: Finding): boolean {
  return transmissionRules.has(finding.rule) && finding.identifier !== null && isSentAndStands(finding);
}

/** A transmission of data beside identifiers (installed apps, position …) that no examiner has dismissed. */
function isCategoryTransmission(finding: Finding): boolean {
  return finding.category !== undefined && finding.identifier === null && isSentAndStands(finding);
}

function isSentAndStands(finding: Finding): boolean {
  return finding.direction === 'to-server' && finding.decision?.verdict !== 'dismiss';
}

/** Other people's values differ from run to run with whom the examiner wrote to: they are compared by kind. */
const comparedByKind: ReadonlySet<string> = new Set([
  'contact-msisdn',
  'contact-name',
  'ssid',
  'bssid',
  'cell-id',
  'location',
]);

interface Topic {
  readonly identifier: string;
  readonly identifierKind: string;
  readonly category: boolean;
  readonly recipient: string;
  /** How often it was sent: a finding of a data category stands for all conversations that it counts. */
  readonly count: number;
}

function topicOf(finding: Finding, by: 'id' | 'kind', toSeveral: ReadonlySet<string>): Topic | null {
  const { category, identifier } = finding;
  if (category !== undefined && isCategoryTransmission(finding)) {
    const { name, conversations } = category;
    const recipient = toSeveral.has(name) ? severalRecipients : recipientOf(finding);
    return { identifier: name, identifierKind: name, category: true, recipient, count: conversations };
  }
  if (identifier === null || !isTransmission(finding)) return null;
  const { id, kind } = identifier;
  const named = by === 'id' && !comparedByKind.has(kind) ? id : kind;
  return { identifier: named, identifierKind: kind, category: false, recipient: recipientOf(finding), count: 1 };
}

/** Categories of which one finding counts several recipients: on both sides they are then compared without naming one. */
function categoriesToSeveral(findings: readonly Finding[]): ReadonlySet<string> {
  return new Set(
    findings.flatMap(({ category }) => (category !== undefined && category.recipients > 1 ? [category.name] : [])),
  );
}

/**
 * Findings as a table identifier (or data category) × recipient × channel × representation; linear, in order of first
 * appearance.
 */
export function trafficTable(
  findings: readonly Finding[],
  by: 'id' | 'kind' = 'id',
  toSeveral: ReadonlySet<string> = categoriesToSeveral(findings),
): TrafficRow[] {
  const rows = new Map<string, TrafficRow & { count: number; findings: string[] }>();
  for (const finding of findings) {
    const topic = topicOf(finding, by, toSeveral);
    if (topic === null) continue;
    const { identifier, identifierKind, category, recipient, count } = topic;
    const channel = finding.channel ?? 'unknown';
    const representation = finding.representation ?? 'unknown';
    const key = JSON.stringify([category, identifier, recipient, channel, representation]);
    const known = rows.get(key);
    if (known) {
      known.count += count;
      known.findings.push(finding.number);
    } else {
      const numbers = [finding.number];
      const head = { identifier, identifierKind, category, recipient, channel, representation };
      rows.set(key, { ...head, count, findings: numbers, firstAt: finding.at });
    }
  }
  return [...rows.values()];
}

interface Pairing {
  readonly identifier: string;
  readonly identifierKind: string;
  readonly category: boolean;
  readonly recipient: string;
  readonly before: TrafficRow[];
  readonly after: TrafficRow[];
}

function pairUp(before: readonly TrafficRow[], after: readonly TrafficRow[]): Pairing[] {
  const pairs = new Map<string, Pairing>();
  const put = (row: TrafficRow, side: 'before' | 'after'): void => {
    const { identifier, identifierKind, category, recipient } = row;
    const key = JSON.stringify([category, identifier, recipient]);
    const pair = pairs.get(key) ?? { identifier, identifierKind, category, recipient, before: [], after: [] };
    pairs.set(key, pair);
    pair[side].push(row);
  };
  for (const row of before) put(row, 'before');
  for (const row of after) put(row, 'after');
  return [...pairs.values()];
}

const formOf = (row: TrafficRow): string => `${row.representation} in ${row.channel}`;
const formsOf = (rows: readonly TrafficRow[]): string => rows.map(formOf).sort().join(', ');
const countOf = (rows: readonly TrafficRow[]): number => rows.reduce((sum, row) => sum + row.count, 0);

function absenceFacts(side: TrafficSide): Readonly<Record<string, string | number | boolean | null>> {
  const { visibility } = side;
  return {
    absenceLabel: side.label,
    absenceMinutes: visibility === null ? null : Math.round(visibility.minutes * 10) / 10,
    absenceReadablePercent: visibility?.readablePercent ?? null,
    absenceFit: isFitForAbsence(visibility),
  };
}

/**
 * What differs in the traffic of two labels, per identifier (or data category) × recipient: forms (representation in channel) seen on one side only,
 * or another form on each side. Silence is worded with what could be seen («not observed, n minutes, v % readable»).
 * Across two handsets identifiers are compared by kind, and the change says so.
 */
export function compareTraffic(
  before: TrafficSide,
  after: TrafficSide,
  options: { readonly sameHandset?: boolean; readonly lang?: Language } = {},
): Change[] {
  const sameHandset = options.sameHandset ?? true;
  const by = sameHandset ? 'id' : 'kind';
  // A text message is no traffic that a capture could have missed: its presence or absence is the radio log's to tell.
  const inCaptures = (side: TrafficSide): Finding[] => side.findings.filter((one) => one.rule !== 'silent-sms');
  const toSeveral = categoriesToSeveral([...before.findings, ...after.findings]);
  const pairs = pairUp(trafficTable(inCaptures(before), by, toSeveral), trafficTable(inCaptures(after), by, toSeveral));
  const changes = pairs.flatMap((pair) => changesOf(pair, { before, after, sameHandset }, options.lang ?? 'en'));
  return changes.sort((x, y) => (x.subject < y.subject ? -1 : x.subject > y.subject ? 1 : 0));
}

interface Sides {
  readonly before: TrafficSide;
  readonly after: TrafficSide;
  readonly sameHandset: boolean;
}

function changesOf(pair: Pairing, sides: Sides, lang: Language): Change[] {
  const seen = { before: new Set(pair.before.map(formOf)), after: new Set(pair.after.map(formOf)) };
  const gone = pair.before.filter((row) => !seen.after.has(formOf(row)));
  const fresh = pair.after.filter((row) => !seen.before.has(formOf(row)));
  if (gone.length === 0 && fresh.length === 0) return [];
  const facts = (rows: readonly TrafficRow[]): Record<string, string | number | boolean | null> => ({
    identifier: pair.identifier,
    identifierKind: pair.identifierKind,
    recipient: pair.recipient,
    category: pair.category,
    count: countOf(rows),
    findings: rows
      .flatMap((row) => row.findings)
      .slice(0, 50)
      .join(' '),
    sameHandset: sides.sameHandset,
  });
  const named =
    pair.identifier === pair.identifierKind ? pair.identifierKind : `${pair.identifierKind} ${pair.identifier}`;
  const subject = `${named} → ${pair.recipient}`;
  if (pair.before.length > 0 && pair.after.length > 0) {
    const change = {
      kind: 'traffic',
      change: 'changed',
      subject,
      before: formsOf(pair.before),
      after: formsOf(pair.after),
      noise: false,
    } as const;
    return [worded({ ...change, facts: facts([...pair.before, ...pair.after]) }, lang)];
  }
  return [...gone, ...fresh].map((row) => {
    const isGone = gone.includes(row);
    const rowFacts = {
      ...facts([row]),
      channel: row.channel,
      representation: row.representation,
      ...absenceFacts(isGone ? sides.after : sides.before),
    };
    return worded(
      {
        kind: 'traffic',
        change: isGone ? 'removed' : 'added',
        subject: `${subject} (${formOf(row)})`,
        before: isGone ? formOf(row) : null,
        after: isGone ? null : formOf(row),
        noise: false,
        facts: rowFacts,
      },
      lang,
    );
  });
}
