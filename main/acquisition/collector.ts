import type { AcquisitionProfile } from '../../shared/model/acquisition.ts';

/** A number of `service call iphonesubinfo` that asks for one slot (counted from 0) or one card (by its subscription's id). */
export interface CardCall {
  readonly code: number;
  readonly names: 'slot' | 'subscription';
  readonly kind: 'imei' | 'imsi' | 'iccid' | 'msisdn';
}

/** What is known of the handset when a collector is asked what it wants. */
export interface HandsetFacts {
  /** `ro.build.version.release`; null before `getprop` was read, or when it does not say. */
  readonly release: string | null;
  readonly sdk: number | null;
  readonly features: ReadonlySet<string>;
  /** Numbers of `service call iphonesubinfo` that ask for identifiers on this release. */
  readonly phoneCalls: readonly number[];
  /** Numbers of the handset's users and profiles, once it told them. */
  readonly users?: readonly number[];
  /** Those that ask for one slot or card; left out: none. */
  readonly cardCalls?: readonly CardCall[];
  /** Ids of the cards in a slot, as `dumpsys isub` told them; null or left out: not told yet, or not at all. */
  readonly subscriptions?: readonly number[] | null;
}

/** One command line for the handset's shell. */
export interface CommandStep {
  readonly type: 'command';
  readonly command: string;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  /** Asked in turn when this one was absent, refused or empty, until one is read. */
  readonly otherwise?: readonly CommandStep[];
  /** Where none of these was read: commands that are asked with the name of each installed app behind them, by the first that is there. */
  readonly perPackage?: readonly string[];
  /** Of a listing that was read: each file of the folder is read too, and the plan says so. */
  readonly eachFile?: boolean;
  /** What follows for others than it names, as the plan shows it; they are asked about once they are known. */
  readonly alsoFor?: readonly string[];
  /** Once a step with this word was refused, the collector's others with it are not asked: they would be refused alike. */
  readonly unlessRefused?: string;
}

/** Steps that the link has a procedure for. */
export interface ClockStep {
  readonly type: 'clock';
}
export interface ScreenshotStep {
  readonly type: 'screenshot';
}

/** The tree of what stands on the screen. */
export interface ScreenTextStep {
  readonly type: 'screen-text';
}

/** What would show a change of ours, read before everything else and once more at the end. */
export interface StateStep {
  readonly type: 'state';
}

/** The code of apps: listed, then pulled file by file. */
export interface AppCodeStep {
  readonly type: 'app-code';
}

/** The handset's own report of itself: asked for, taken in, and removed again where that is safe. */
export interface BugReportStep {
  readonly type: 'bug-report';
}

export type Step = CommandStep | ClockStep | ScreenshotStep | ScreenTextStep | StateStep | AppCodeStep | BugReportStep;

/** Asks for one kind of thing; reads nothing out of the answer. One file each. */
export interface Collector {
  readonly id: string;
  /** Wording key of its name. */
  readonly titleKey: string;
  /** Empty: only where it is chosen by name. */
  readonly profiles: readonly AcquisitionProfile[];
  /** Those whose answers say what it asks: chosen with it. */
  readonly buildsOn?: readonly string[];
  asks(facts: HandsetFacts): readonly Step[];
}

export const everyProfile: readonly AcquisitionProfile[] = ['quick', 'standard', 'full'];
export const fromStandard: readonly AcquisitionProfile[] = ['standard', 'full'];
export const fullOnly: readonly AcquisitionProfile[] = ['full'];

export function ask(command: string, options: Omit<CommandStep, 'type' | 'command'> = {}): CommandStep {
  return { type: 'command', command, ...options };
}
