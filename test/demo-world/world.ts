import { makeRandom } from './random.ts';
import { drawHosts, drawNetwork } from './hosts.ts';
import type { WorldHost, WorldNetwork } from './hosts.ts';
import { drawIdentity } from './identities.ts';
import type { HandsetIdentity } from './identities.ts';
import { drawRuns } from './runs.ts';
import type { RunId, WorldRun } from './runs.ts';

export { luhnCheckDigit, shortHash } from './identities.ts';
export type { HandsetIdentity } from './identities.ts';
export type { WorldHost, WorldNetwork } from './hosts.ts';
export type { Canary, RunId, StimulusKind, WorldRun } from './runs.ts';

/** One consistent world, all of it JSON: the handsets, the network and the days that personas and captures are made from. */
export interface World {
  readonly synthetic: 'synthetic demonstration';
  readonly seed: number;
  readonly handsets: {
    /** Redmi 1S of the founding case. */
    readonly H1: HandsetIdentity;
    /** Mi 2S of the complaints. */
    readonly H2: HandsetIdentity;
    /** Modern, rooted. */
    readonly H3: HandsetIdentity;
    /** Modern, locked. */
    readonly H4: HandsetIdentity;
  };
  readonly hosts: readonly WorldHost[];
  readonly network: WorldNetwork;
  /** In the order in which they happened. */
  readonly runs: readonly WorldRun[];
  readonly zone: 'Asia/Taipei';
  readonly zoneOffsetMinutes: 480;
}

/** The world of a seed (a whole number; 1 is the demonstration's default). Same seed, same world, on every machine. */
export function makeWorld(seed: number): World {
  const network = drawNetwork(makeRandom(seed, 'network'));
  const identity = (unit: HandsetIdentity['unit'], model: string): HandsetIdentity =>
    drawIdentity(makeRandom(seed, `identity ${unit}`), unit, model);
  const runs = drawRuns(makeRandom(seed, 'runs'));
  return {
    synthetic: 'synthetic demonstration',
    seed,
    handsets: {
      H1: identity('H1', 'HM 1SW'),
      H2: identity('H2', 'MI 2S'),
      H3: identity('H3', '23049RAD8C'),
      H4: identity('H4', '23078PND5G'),
    },
    hosts: drawHosts(makeRandom(seed, 'hosts'), network),
    network,
    runs: [...runs].sort((a, b) => (a.startAt < b.startAt ? -1 : 1)),
    zone: 'Asia/Taipei',
    zoneOffsetMinutes: 480,
  };
}

/** The run of that name; a wrong name is a bug. */
export function runOf(world: World, id: RunId): WorldRun {
  const run = world.runs.find((candidate) => candidate.id === id);
  if (run === undefined) throw new Error(`no run ${id}`);
  return run;
}

/** The host of that name; a wrong name is a bug. */
export function hostOf(world: World, name: string): WorldHost {
  const host = world.hosts.find((candidate) => candidate.name === name);
  if (host === undefined) throw new Error(`no host ${name}`);
  return host;
}
