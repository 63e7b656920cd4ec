import type { ChosenProfile, Outcome } from '../../shared/model/acquisition.ts';
import type { ClockOffset } from '../../shared/model/handset.ts';
import type { Collector, CommandStep, HandsetFacts, Step } from './collector.ts';
import { MinuteClock, clockEveryMs, stepsOf } from './minute-clock.ts';
import type { ClockStepSeen } from './minute-clock.ts';
import { factsAfter, factsOf } from './handset-facts.ts';
import { collectorsFor } from './own-profile.ts';
import { clock as clockCollector } from './collectors/clock.ts';
import { stateCheck } from './collectors/state-check.ts';
import type {
  AcquisitionKnowledge,
  AcquisitionLink,
  CollectorResult,
  CommandResult,
  EvidencePort,
  ReportProgress,
} from './ports.ts';
import { appCodeLimits, runAppCode } from './run-app-code.ts';
import type { AppCodeLimits } from './run-app-code.ts';
import { bugReportLimits, runBugReport } from './run-bug-report.ts';
import type { BugReportLimits } from './run-bug-report.ts';
import { decisiveResult, isGap } from './judge-results.ts';
import { runListedFiles } from './run-listed-files.ts';
import { noteNames, runPerPackage } from './run-per-package.ts';
import type { StoredCode } from './take-over.ts';
import { runCommand } from './run-command.ts';
import type { FinishedCommand, StepContext } from './run-command.ts';
import { runClock, runScreenshot, runScreenText } from './run-special.ts';
import { runStateCheck } from './run-state-check.ts';
import type { StateReading } from './run-state-check.ts';
import { startProgress } from './progress.ts';

export interface AcquisitionOptions {
  readonly link: AcquisitionLink;
  readonly evidence: EvidencePort;
  readonly knowledge: AcquisitionKnowledge;
  readonly profile: ChosenProfile;
  readonly signal?: AbortSignal;
  readonly onProgress?: ReportProgress;
  /** Told of each collector as it ends. */
  readonly onResult?: (result: CollectorResult) => void;
  readonly now?: () => string;
  readonly appCodeLimits?: AppCodeLimits;
  /** Of an acquisition that is gone on with: the parts of apps' code that came whole. */
  readonly storedCode?: readonly StoredCode[];
  readonly bugReportLimits?: BugReportLimits;
  /** Default: every minute. */
  readonly clockEveryMs?: number;
  /** The collectors to run, in this order; default: the profile's, of `own` those that are always asked. */
  readonly only?: readonly Collector[];
}

/** What an acquisition gave: every collector that was asked, and by name those that were not reached. */
export interface AcquisitionOutcome {
  readonly outcome: 'complete' | 'complete-with-gaps' | 'interrupted';
  readonly results: readonly CollectorResult[];
  readonly notReached: readonly string[];
  /** Commands that were refused, timed out, cut or interrupted; «absent on this release» is no gap. */
  readonly gaps: readonly {
    readonly collector: string;
    readonly command: string;
    readonly outcome: Outcome;
    readonly reason: string | null;
  }[];
  /** Problem code that ended it early; null when it came to its own end. */
  readonly endedBy: string | null;
  readonly release: string | null;
  readonly clockAtStart: ClockOffset | null;
  readonly clockAtEnd: ClockOffset | null;
  /** Every measurement: at the start, each minute, at the end. */
  readonly clocks: readonly ClockOffset[];
  /** Where the handset's wall clock was set meanwhile: between two measurements, by so much. */
  readonly clockSteps: readonly ClockStepSeen[];
  /** Readings of the handset's state before everything else and at the end; fewer than two where it was not reached. */
  readonly states: readonly (readonly StateReading[])[];
}

/** Problems after which the handset may still be there: asked again before the rest is given up. */
const perhapsStillThere = new Set(['TRUNCATED', 'PROTOCOL', 'REMOTE', 'SERVER_DOWN']);
const handsetGone = new Set(['OFFLINE', 'UNAUTHORIZED', 'NOT_FOUND', 'NO_ADB', 'ABORTED']);

interface RunState {
  facts: HandsetFacts;
  endedBy: string | null;
  clockAtStart: ClockOffset | null;
  clockAtEnd: ClockOffset | null;
  readonly clocks: ClockOffset[];
  readonly minutes: CommandResult[];
  readonly states: (readonly StateReading[])[];
  /** Names of the installed apps, as far as this acquisition was told them. */
  readonly packages: Set<string>;
}

/**
 * Runs a profile on one handset: asks, stores raw, judges, goes on. One collector that fails does not stop the next; when the
 * handset vanishes or the person cancels, the current one is `interrupted` and the rest are named in `notReached`.
 */
export async function runAcquisition(options: AcquisitionOptions): Promise<AcquisitionOutcome> {
  const planned = [...(options.only ?? collectorsFor(options.profile))];
  // Both once more at the end: what we changed, and a drift or a step of the clock, shows.
  if (planned.includes(stateCheck)) planned.push(stateCheck);
  if (planned.includes(clockCollector)) planned.push(clockCollector);
  const state: RunState = {
    facts: factsOf(options.knowledge, options.link.features, { release: null, sdk: null }),
    endedBy: null,
    clockAtStart: null,
    clockAtEnd: null,
    clocks: [],
    minutes: [],
    states: [],
    packages: new Set(),
  };
  const results: CollectorResult[] = [];
  const heart = startProgress(
    options.onProgress,
    planned.map(({ id }) => id),
  );
  const context = stepContext(options, heart);
  const minute = planned.includes(clockCollector)
    ? new MinuteClock(() => measureMinute(context, state), options.clockEveryMs ?? clockEveryMs)
    : null;
  try {
    for (const collector of planned) {
      minute?.check();
      if (context.signal.aborted) state.endedBy ??= 'ABORTED';
      if (state.endedBy !== null) break;
      heart.begin(collector.id, results.length);
      const result = await runCollector(context, collector, state, options);
      results.push(result);
      options.onResult?.(result);
    }
    await minute?.stop();
  } finally {
    heart.stop(results.length);
    // After a failure of the loop itself, which is the one that is thrown.
    await minute?.stop().catch(() => undefined);
  }
  return summarise(results, planned.slice(results.length), state);
}

/** Beside the command that is waited for: it says nothing of the progress, and ends nothing when it fails. */
async function measureMinute(context: StepContext, state: RunState): Promise<void> {
  if (state.endedBy !== null || state.clockAtStart === null || context.signal.aborted) return;
  const done = await runClock({ ...context, onBytes: () => undefined }, clockCollector.id);
  if (done.clock !== null) state.clocks.push(done.clock);
  // What ended the acquisition is told by the command that met it.
  if (state.endedBy === null && done.result.outcome !== 'interrupted') state.minutes.push(done.result);
}

function stepContext(
  options: AcquisitionOptions,
  { onBytes, onPulled }: Pick<StepContext, 'onBytes' | 'onPulled'>,
): StepContext {
  return {
    link: options.link,
    evidence: options.evidence,
    knowledge: options.knowledge,
    signal: options.signal ?? new AbortController().signal,
    onBytes,
    onPulled,
    now: options.now ?? (() => `${new Date().toISOString().slice(0, -1)}000Z`),
  };
}

async function runCollector(
  context: StepContext,
  collector: Collector,
  state: RunState,
  options: AcquisitionOptions,
): Promise<CollectorResult> {
  const commands: CommandResult[] = [];
  const refused = new Set<string>();
  const steps = collector.asks(state.facts);
  for (const step of steps) {
    if (step.type === 'command' && refused.has(step.unlessRefused ?? '')) continue;
    if (context.signal.aborted) state.endedBy ??= 'ABORTED';
    if (state.endedBy !== null) break;
    for (const done of await runStep(context, collector.id, step, state, options)) {
      commands.push(done.result);
      state.facts = factsAfter(context.knowledge, state.facts, collector.id, done);
      if (collector.id === 'packages' && done.result.outcome === 'read')
        noteNames(context.knowledge, done.stdout, state.packages);
      if (collector.id === 'users' && done.result.outcome === 'read')
        state.facts = { ...state.facts, users: context.knowledge.userIdsOf(done.stdout) };
      if (step.type === 'command' && step.unlessRefused !== undefined && done.result.outcome === 'refused')
        refused.add(step.unlessRefused);
    }
  }
  const cutShort = state.endedBy !== null && commands.every(({ outcome }) => outcome !== 'interrupted');
  const decisive = decisiveResult(commands);
  return {
    collector: collector.id,
    titleKey: collector.titleKey,
    // What has no way to be asked on this release is not there.
    outcome:
      cutShort && commands.length === 0
        ? 'interrupted'
        : (decisive?.outcome ?? (steps.length === 0 ? 'absent' : 'empty')),
    reason: cutShort && commands.length === 0 ? state.endedBy : (decisive?.reason ?? null),
    commands,
  };
}

async function runStep(
  context: StepContext,
  collector: string,
  step: Step,
  state: RunState,
  options: AcquisitionOptions,
): Promise<readonly FinishedCommand[]> {
  if (step.type === 'clock') {
    const done = await runClock(context, collector);
    if (state.clockAtStart === null) state.clockAtStart = done.clock;
    else state.clockAtEnd = done.clock;
    if (done.clock !== null) state.clocks.push(done.clock);
    await noteProblem(context, done, state);
    return [done];
  }
  if (step.type === 'state') {
    const done = await runStateCheck(context, collector);
    state.states.push(done.readings);
    await noteProblem(context, done, state);
    return [done];
  }
  if (step.type === 'app-code') {
    const { storedCode: stored = [], appCodeLimits: limits = appCodeLimits } = options;
    return await toTheEnd(context, state, runAppCode(context, collector, { limits, stored, sdk: state.facts.sdk }));
  }
  if (step.type === 'command') return await runWithFallbacks(context, collector, step, state);
  const done = await runAtOnce(context, collector, step, options, state.facts);
  for (const one of done) await noteProblem(context, one, state);
  return done;
}

/** Those that run to their end, or to a problem of the link, and are judged then. */
async function runAtOnce(
  context: StepContext,
  collector: string,
  step: Extract<Step, { readonly type: 'screenshot' | 'screen-text' | 'bug-report' }>,
  options: AcquisitionOptions,
  facts: HandsetFacts,
): Promise<readonly FinishedCommand[]> {
  if (step.type === 'screenshot') return await runScreenshot(context, collector);
  if (step.type === 'screen-text') return await runScreenText(context, collector);
  return await runBugReport(context, collector, facts, options.bugReportLimits ?? bugReportLimits);
}

/** Asks the next way while the answer is none; what a later way answered is no gap of the earlier. */
async function runWithFallbacks(
  context: StepContext,
  collector: string,
  step: CommandStep,
  state: RunState,
): Promise<FinishedCommand[]> {
  const done: FinishedCommand[] = [];
  for (const way of [step, ...(step.otherwise ?? [])]) {
    const finished = await runCommand(context, collector, way);
    done.push(finished);
    await noteProblem(context, finished, state);
    const { outcome } = finished.result;
    if (state.endedBy !== null || (outcome !== 'absent' && outcome !== 'refused' && outcome !== 'empty')) break;
  }
  const outcome = done.at(-1)?.result.outcome;
  if (step.perPackage !== undefined && state.endedBy === null && outcome !== 'read')
    return await runByName(context, collector, step.perPackage, state, done);
  const answered = replaceAll(done, outcome === 'read' ? done.length - 1 : 0);
  const last = answered.at(-1);
  if (step.eachFile !== true || last === undefined || outcome !== 'read' || state.endedBy !== null) return answered;
  return [...answered, ...(await toTheEnd(context, state, runListedFiles(context, collector, last)))];
}

/** What comes one by one, until there is no more, the handset is gone or the person cancels. Only what came is kept of it. */
async function toTheEnd(
  context: StepContext,
  state: RunState,
  commands: AsyncIterable<FinishedCommand>,
): Promise<FinishedCommand[]> {
  const done: FinishedCommand[] = [];
  for await (const one of commands) {
    // The bytes are in custody: hundreds of results are kept until the collector ends.
    done.push({ ...one, stdout: new Uint8Array() });
    await noteProblem(context, one, state);
    if (context.signal.aborted) state.endedBy ??= 'ABORTED';
    if (state.endedBy !== null) break;
  }
  return done;
}

const replaceAll = (done: readonly FinishedCommand[], before: number): FinishedCommand[] =>
  done.map((one, i) => (i < before ? { ...one, result: { ...one.result, replaced: true } } : one));

/** The last way: app by app. Where one app's answer was read, the ways before it are answered; what others lack is told of each. */
async function runByName(
  context: StepContext,
  collector: string,
  ways: readonly string[],
  state: RunState,
  before: readonly FinishedCommand[],
): Promise<FinishedCommand[]> {
  const asked = await toTheEnd(context, state, runPerPackage(context, collector, ways, state.packages));
  const done = [...before, ...asked];
  const isAnswered = done.some(({ result }, i) => i >= before.length && result.outcome === 'read' && !result.isHelp);
  return replaceAll(done, isAnswered ? before.length : 0);
}

/** Decides whether a link problem is the end of the acquisition or of this one command only. */
async function noteProblem(context: StepContext, { problem, result }: FinishedCommand, state: RunState): Promise<void> {
  if (problem === null || result.outcome !== 'interrupted') return;
  if (context.signal.aborted) state.endedBy = 'ABORTED';
  else if (handsetGone.has(problem)) state.endedBy = problem;
  else if (perhapsStillThere.has(problem)) {
    const seen = await context.link.look();
    if (!seen.ok || seen.value.state !== 'device') state.endedBy = problem;
  }
}

function summarise(
  results: readonly CollectorResult[],
  rest: readonly Collector[],
  state: RunState,
): AcquisitionOutcome {
  const minutes = { collector: clockCollector.id, commands: state.minutes };
  const gaps = [...results, minutes].flatMap(({ collector, commands }) =>
    commands.filter(isGap).map(({ command, outcome, reason }) => ({ collector, command, outcome, reason })),
  );
  return {
    outcome: state.endedBy !== null ? 'interrupted' : gaps.length > 0 ? 'complete-with-gaps' : 'complete',
    results,
    notReached: rest.map(({ id }) => id),
    gaps,
    endedBy: state.endedBy,
    release: state.facts.release,
    clockAtStart: state.clockAtStart,
    clockAtEnd: state.clockAtEnd,
    clocks: state.clocks,
    clockSteps: stepsOf(state.clocks),
    states: state.states,
  };
}
