import type { Visibility } from '../../../shared/model/comparison.ts';
import type { CaseEvent } from '../../../shared/model/event.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import type { SnapshotRecord } from '../../../shared/model/record.ts';
import { isFitForAbsence } from '../fit-for-absence.ts';
import { updateReleasedAtSeconds } from './ledger.ts';

/** What part a run plays in the claims, and what that is taken from. */
export interface RunRole {
  readonly label: string;
  readonly run: string | null;
  readonly handset: string | null;
  readonly build: 'before' | 'after' | 'unknown';
  /** True after a factory reset, false where it is known that there was none. */
  readonly reset: boolean | null;
  /** True where a consent act of this run switched the messaging service on. */
  readonly switchedOn: boolean;
  readonly basis: readonly ('label' | 'build-date' | 'android-id' | 'event' | 'given')[];
  readonly visibility: Visibility | null;
}

/** What the person says of a label, which goes before anything inferred. */
export interface GivenRole {
  readonly label: string;
  readonly build?: 'before' | 'after';
  readonly reset?: boolean;
}

export interface RoleInput {
  readonly findings: readonly Finding[];
  readonly records: readonly SnapshotRecord[];
  readonly events: readonly CaseEvent[];
  readonly visibility: readonly Visibility[];
  readonly given?: readonly GivenRole[];
}

/** The consent act that the messaging claims are about; logging in to an account is another one. */
const messagingAct = /messag|\bmx\b|enable_mx|簡訊|短信/i;
const notReset = /kept|no-?reset|not-?reset|without-?reset|unreset|未重[置設]|未恢復/i;
const isReset = /reset|wiped|factory|clean|重[置設]|恢復原廠/i;

interface LabelFacts {
  buildSeconds: number | null;
  readonly androidIds: Set<string>;
  handset: string | null;
}

function factsPerLabel(records: readonly SnapshotRecord[]): Map<string, LabelFacts> {
  const facts = new Map<string, LabelFacts>();
  for (const record of records) {
    const known = facts.get(record.label) ?? {
      buildSeconds: null,
      androidIds: new Set<string>(),
      handset: record.handset,
    };
    facts.set(record.label, known);
    if (record.kind === 'property' && record.name === 'ro.build.date.utc' && /^\d{9,11}$/.test(record.value)) {
      known.buildSeconds = Number(record.value);
    }
    if (record.kind === 'setting' && record.namespace === 'secure' && record.name === 'android_id')
      known.androidIds.add(record.value);
    if (record.kind === 'identifier' && record.identifierKind === 'android-id') known.androidIds.add(record.value);
  }
  return facts;
}

type Basis = RunRole['basis'][number];

function buildOf(
  label: string,
  facts: LabelFacts | undefined,
  given: GivenRole | undefined,
): [RunRole['build'], Basis[]] {
  if (given?.build !== undefined) return [given.build, ['given']];
  if (/(?:^|[-_ ])(?:before|old|baseline)(?:$|[-_ ])|升級前|更新前|舊版/i.test(label)) return ['before', ['label']];
  if (/(?:^|[-_ ])(?:after|new|upgraded|updated)(?:$|[-_ ])|升級後|更新後|新版/i.test(label))
    return ['after', ['label']];
  const seconds = facts?.buildSeconds ?? null;
  if (seconds === null) return ['unknown', []];
  return [seconds < updateReleasedAtSeconds ? 'before' : 'after', ['build-date']];
}

/** A factory reset draws a new Android id: the same id on both sides of an upgrade means that there was none. */
function resetOf(
  label: string,
  facts: ReadonlyMap<string, LabelFacts>,
  oldLabels: readonly string[],
  events: readonly CaseEvent[],
  given: GivenRole | undefined,
): [boolean | null, Basis[]] {
  if (given?.reset !== undefined) return [given.reset, ['given']];
  if (notReset.test(label)) return [false, ['label']];
  if (isReset.test(label)) return [true, ['label']];
  if (events.some((event) => event.label === label && /factory reset|恢復原廠|重設/i.test(event.text)))
    return [true, ['event']];
  const mine = facts.get(label);
  const old = oldLabels
    .map((name) => facts.get(name))
    .filter((f) => f !== undefined && f.handset === mine?.handset && f.androidIds.size > 0);
  if (mine === undefined || mine.androidIds.size === 0 || old.length === 0) return [null, []];
  return [!old.some((f) => [...mine.androidIds].some((id) => f?.androidIds.has(id) === true)), ['android-id']];
}

/** The figures of this very run where there are any, else those of its label. */
function visibilityOf(label: string, run: string | null, all: readonly Visibility[]): Visibility | null {
  return (
    all.find((v) => v.label === label && v.run !== undefined && v.run !== null && v.run === run) ??
    all.find((v) => v.label === label && (v.run === undefined || v.run === null)) ??
    null
  );
}

/** Every run of the case with its part, from labels, build dates, Android ids and events. Stable order: label, run. */
export function describeRuns(input: RoleInput): RunRole[] {
  const facts = factsPerLabel(input.records);
  const pairs = new Map<string, { label: string; run: string | null; handset: string | null }>();
  const note = (label: string | null, run: string | null, handset: string | null): void => {
    if (label === null || label === 'unassigned') return;
    const key = JSON.stringify([label, run]);
    if (!pairs.has(key)) pairs.set(key, { label, run, handset });
  };
  for (const finding of input.findings) note(finding.label, finding.run, finding.handset);
  for (const event of input.events) note(event.label, event.run, event.handset);
  for (const one of input.visibility) note(one.label, one.run ?? null, facts.get(one.label)?.handset ?? null);
  for (const [label, { handset }] of facts) note(label, null, handset);
  // A label whose runs have names needs no nameless run beside them.
  const named = new Set([...pairs.values()].filter(({ run }) => run !== null).map(({ label }) => label));
  const given = new Map((input.given ?? []).map((one) => [one.label, one]));
  const builds = new Map(
    [...new Set([...pairs.values()].map(({ label }) => label))].map((label) => [
      label,
      buildOf(label, facts.get(label), given.get(label)),
    ]),
  );
  const oldLabels = [...builds].filter(([, [build]]) => build === 'before').map(([label]) => label);
  return [...pairs.values()]
    .filter(({ label, run }) => run !== null || !named.has(label))
    .sort((a, b) => (a.label === b.label ? ((a.run ?? '') < (b.run ?? '') ? -1 : 1) : a.label < b.label ? -1 : 1))
    .map(({ label, run, handset }) => {
      const [build, buildBasis] = builds.get(label) ?? ['unknown', []];
      const [reset, resetBasis] =
        build === 'after' ? resetOf(label, facts, oldLabels, input.events, given.get(label)) : [null, []];
      const acts = input.events.filter((event) => event.kind === 'consent-act' && isOfRun(event, label, run));
      return {
        label,
        run,
        handset: handset ?? facts.get(label)?.handset ?? null,
        build,
        reset,
        switchedOn: acts.some((event) => messagingAct.test(event.text)),
        basis: [...new Set([...buildBasis, ...resetBasis])],
        visibility: visibilityOf(label, run, input.visibility),
      };
    });
}

/** Whether something belongs to a run: by its run where both have one, else by its label. */
export function isOfRun(
  thing: { readonly label: string | null; readonly run: string | null },
  label: string,
  run: string | null,
): boolean {
  if (thing.run !== null && run !== null) return thing.run === run && (thing.label === null || thing.label === label);
  return thing.label === label;
}

/** Whether silence in a run means anything; a run without any length says nothing. */
export function isRunFitForAbsence({ visibility }: RunRole): boolean {
  return isFitForAbsence(visibility) && visibility.minutes > 0;
}

export function runName(role: { readonly label: string; readonly run: string | null }): string {
  return role.run === null ? role.label : `${role.run} (${role.label})`;
}
