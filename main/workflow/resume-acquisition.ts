import type { Acquisition, Difference } from '../../shared/model/acquisition.ts';
import { differences } from '../../shared/model/acquisition.ts';
import type { AcquisitionScope } from '../../shared/model/acquisition-note.ts';
import type { ExhibitOrigin } from '../../shared/model/exhibit.ts';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { partsOf, resumable } from '../../shared/model/resumable.ts';
import type { Collector, HandsetFacts } from '../acquisition/collector.ts';
import { appCode } from '../acquisition/collectors/app-code.ts';
import { cardsCommand, identifiers } from '../acquisition/collectors/identifiers.ts';
import { users } from '../acquisition/collectors/users.ts';
import type { StandingGap, StoredAnswer } from '../acquisition/finished.ts';
import { isFinished, standingGaps } from '../acquisition/finished.ts';
import { factsOf } from '../acquisition/handset-facts.ts';
import type { StoredCode } from '../acquisition/take-over.ts';
import { alwaysAsked, collectorsFor } from '../acquisition/own-profile.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { HandsetLink } from '../handset/link.ts';
import { acquisitionKnowledge } from '../parsing/acquisition-knowledge.ts';
import { parseExhibit } from '../parsing/parse-exhibit.ts';
import type { AcquireWish } from './acquire-wish.ts';
import { storedCodeOf } from './taken-over.ts';
import { readCase } from './case-session.ts';

/** What an acquisition asks, what it states of itself, and what stays missing of the parts that it goes on with. */
export interface PlannedAcquisition {
  readonly asked: readonly Collector[];
  readonly scope: AcquisitionScope;
  readonly gaps: readonly StandingGap[];
  /** Parts of apps' code that are there already: not pulled again where the handset still says the same of them. */
  readonly storedCode: readonly StoredCode[];
}

const probeLimits = { timeoutMs: 10_000, maxBytes: 4096 };
/** Both clocks may be off by seconds; a handset that was started anew counts from nothing. */
const bootToleranceSeconds = 60;

/** The collectors of a wish that begins anew. */
export function planWhole(wish: AcquireWish): PlannedAcquisition {
  const asked = collectorsFor(wish.profile, wish.collectors);
  // What was brought along by others is not part of the choice, by which an acquisition that was cut off is found again.
  const chosen = asked.filter((one) => alwaysAsked.includes(one) || wish.collectors?.includes(one.id) === true);
  return {
    asked,
    scope: wish.profile === 'own' ? { collectors: chosen.map(({ id }) => id) } : {},
    gaps: [],
    storedCode: [],
  };
}

/** What of a wish a case has that was cut off; null: nothing. Problems: those of opening the case. */
export function findResumable(directory: string, wish: AcquireWish): Result<Acquisition | null> {
  return readCase(directory, (reader) => ok(resumableOf(reader, wish)));
}

function resumableOf(reader: CaseReader, wish: AcquireWish): Acquisition | null {
  return resumable(reader.acquisitions(), { ...wish, ...planWhole(wish).scope });
}

/**
 * What is left to ask of an acquisition that was cut off. Where the handset is not as it was left (another build, started anew),
 * or it is not known, everything is asked again; apps' code that came whole is kept where it was only started anew
 * (docs/decisions/0014). Asks the handset three small things. Problems: `nothing-to-resume`.
 */
export async function planResumed(
  reader: CaseReader,
  wish: AcquireWish,
  link: HandsetLink,
): Promise<Result<PlannedAcquisition>> {
  const cut = resumableOf(reader, wish);
  if (cut === null) return fail('nothing-to-resume', { label: wish.label });
  const whole = planWhole(wish);
  const ids = partsOf(reader.acquisitions(), cut.id).map(({ id }) => id);
  const parts = ids.map((id) => readPart(reader, id, link));
  const because = await differencesOf(parts, link);
  if (because.length > 0) {
    // A restart leaves the code of apps as it is, and each file is compared with what the handset says of it now (take-over.ts).
    const isOnlyRestarted = because.every((one) => one === 'boot');
    const storedCode = isOnlyRestarted && whole.asked.includes(appCode) ? storedCodeOf(reader, ids) : [];
    return ok({ ...whole, storedCode, scope: { ...whole.scope, insteadOf: { id: cut.id, because } } });
  }
  const answeredIn = (collector: Collector): Part | undefined =>
    alwaysAsked.includes(collector)
      ? undefined
      : parts.findLast((part) => isFinished(collector, part.facts, part.stored));
  // What says what is left to ask is asked again, in the same part: without the list of users, only the first would be asked of.
  const builtOn = new Set(
    whole.asked.filter((one) => answeredIn(one) === undefined).flatMap(({ buildsOn = [] }) => buildsOn),
  );
  const finishedIn = (collector: Collector): Part | undefined =>
    builtOn.has(collector.id) ? undefined : answeredIn(collector);
  const asked = whole.asked.filter((collector) => finishedIn(collector) === undefined);
  const gaps = whole.asked.flatMap((collector) => {
    const part = finishedIn(collector);
    return part === undefined ? [] : standingGaps(collector, part.facts, part.stored);
  });
  const storedCode = asked.includes(appCode) ? storedCodeOf(reader, ids) : [];
  return ok({ asked, scope: { continues: cut.id, collectors: asked.map(({ id }) => id) }, gaps, storedCode });
}

interface LeftState {
  readonly build: string | null;
  readonly serial: string | null;
  /** When the handset was started, by the workstation's clock: seconds since 1970. */
  readonly bootedAtSeconds: number | null;
}

interface Part {
  readonly facts: HandsetFacts;
  readonly stored: readonly StoredAnswer[];
  readonly left: LeftState;
}

function usersOf([list]: readonly Buffer[]): Pick<HandsetFacts, 'users'> {
  return list === undefined ? {} : { users: acquisitionKnowledge.userIdsOf(list) };
}

/** One part as its exhibits have it: what it learnt of the handset, and what was answered. */
function readPart(reader: CaseReader, acquisition: string, link: HandsetLink): Part {
  const exhibits = reader.exhibits({ acquisition });
  const stored = exhibits.flatMap(({ collector, origin, outcome, fault }) => {
    const command = answeredBy(origin);
    return collector === null || command === null ? [] : [{ collector, command, outcome, fault }];
  });
  const bytesOf = (wanted: string, command?: string): readonly Buffer[] =>
    exhibits.flatMap(({ id, collector, outcome, origin }) => {
      if (
        collector !== wanted ||
        (command !== undefined && answeredBy(origin) !== command) ||
        outcome !== 'read' ||
        origin.type !== 'command' ||
        origin.stream === 'stderr'
      )
        return [];
      const bytes = reader.readExhibit(id, 16 * 1024 * 1024);
      return bytes.ok ? [bytes.value] : [];
    });
  const getprop = bytesOf('properties')[0] ?? null;
  const learnt = getprop === null ? { release: null, sdk: null } : acquisitionKnowledge.releaseOf(getprop);
  const [cards] = bytesOf(identifiers.id, cardsCommand);
  const subscriptions = cards === undefined ? null : acquisitionKnowledge.subscriptionsOf(cards);
  const boots = bytesOf('clock').flatMap((bytes) => bootOfClock(bytes) ?? []);
  return {
    facts: { ...factsOf(acquisitionKnowledge, link.features, learnt), subscriptions, ...usersOf(bytesOf(users.id)) },
    stored,
    left: {
      build: getprop === null ? null : propertyOf(getprop, 'ro.build.fingerprint'),
      serial: getprop === null ? null : propertyOf(getprop, 'ro.serialno'),
      bootedAtSeconds: boots.at(-1) ?? null,
    },
  };
}

/** The command that an output answers, as it is named while it runs; null: it is no answer of its own. */
export function answeredBy(origin: ExhibitOrigin): string | null {
  if (origin.type === 'pull') return `pull ${origin.path}`;
  return origin.type === 'command' && origin.stream !== 'stderr' ? origin.command : null;
}

function propertyOf(getprop: Buffer, name: string): string | null {
  const context = { collectedAt: '1970-01-01T00:00:00.000000Z', handsetClock: null };
  const { records } = parseExhibit({ collector: 'properties', command: 'getprop', bytes: getprop, context });
  return records.flatMap((one) => (one.kind === 'property' && one.name === name ? [one.value.trim()] : []))[0] ?? null;
}

/** Of a stored measurement of the clock (`ClockOffset` of shared/model/handset.ts). */
function bootOfClock(bytes: Buffer): number | null {
  try {
    const { measuredAt, uptimeSeconds } = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
    const at = typeof measuredAt === 'string' ? Date.parse(measuredAt) / 1000 : Number.NaN;
    return typeof uptimeSeconds === 'number' && Number.isFinite(at) ? at - uptimeSeconds : null;
  } catch {
    return null;
  }
}

/** What the handset that is there now differs in from the one that was left; empty: it goes on where it was left. */
async function differencesOf(parts: readonly Part[], link: HandsetLink): Promise<readonly Difference[]> {
  const last = <Key extends keyof LeftState>(key: Key): LeftState[Key] =>
    parts.findLast((part) => part.left[key] !== null)?.left[key] ?? null;
  const say = async (command: string): Promise<string | null> => {
    const said = await link.run(command, probeLimits);
    return said.ok ? said.value.stdout.toString('utf8').trim() : null;
  };
  const build = await say('getprop ro.build.fingerprint');
  const serial = await say('getprop ro.serialno');
  const uptime = /^(\d{1,12}(?:\.\d{1,6})?)(?:\s|$)/.exec((await say('cat /proc/uptime')) ?? '')?.[1];
  const booted = uptime === undefined ? null : Date.now() / 1000 - Number(uptime);
  const was = { build: last('build'), serial: last('serial'), boot: last('bootedAtSeconds') };
  const found = new Set<Difference>();
  if (was.build === null || build === null || was.boot === null || booted === null) found.add('unknown');
  if (was.build !== null && build !== null && build !== was.build) found.add('build');
  if (was.serial !== null && serial !== null && serial !== was.serial) found.add('serial');
  if (was.boot !== null && booted !== null && Math.abs(booted - was.boot) > bootToleranceSeconds) found.add('boot');
  return differences.filter((one) => found.has(one));
}
