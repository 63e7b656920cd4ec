import type { AcquisitionProfile } from '../../shared/model/acquisition.ts';
import { openBench } from '../integration/handset-bench.ts';
import { acquireTimed } from '../integration/timed-acquisition.ts';
import { timePlugIns } from './plug-in.ts';
import { say } from './tell.ts';

// How long it takes until a handset that is plugged in is shown, how long each profile takes on the modern persona, and how long its
// progress stands still at the most. `npm run bench -- handset quick` runs one, `npm run bench -- handset plug-in` the first. test/full/quick-profile.test.ts fails where the quick one misses its goals.
const profiles = ['quick', 'standard', 'full'] as const;
const isWanted = (name: string): boolean => process.argv.length < 3 || process.argv.includes(name);
const wanted = profiles.filter(isWanted);
const plugInTries = 5;
const plugInGoalSeconds = 1;
const quickGoalSeconds = 30;
const stillGoalSeconds = 2;

const bench = await openBench();
try {
  if (isWanted('plug-in')) await measurePlugIns();
  for (const profile of wanted) await measure(profile);
} finally {
  await bench.close();
}

/** The one goal whose miss fails the benchmark: the window is to show a handset within a second. */
async function measurePlugIns(): Promise<void> {
  const times = await timePlugIns(bench, plugInTries);
  say(`plug-in   ${times.length} handsets, from the server's being told of each`);
  const events = times.map(({ eventMs }) => eventMs / 1000);
  const windows = times.map(({ windowMs }) => windowMs / 1000);
  goal('  the directory says so: median, s', medianOf(events), null);
  goal('  the directory says so: at the most, s', Math.max(...events), null);
  goal('  in the list of the window: median, s', medianOf(windows), null);
  goal('  in the list of the window: at the most, s', Math.max(...windows), plugInGoalSeconds);
  if (!(Math.max(...windows) <= plugInGoalSeconds)) process.exitCode = 1;
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1] ?? Number.NaN;
}

async function measure(profile: AcquisitionProfile): Promise<void> {
  const { acquired, seconds, longestStillSeconds } = await acquireTimed(bench, 'modern-locked', profile);
  const commands = acquired.results.flatMap((result) => result.commands).length;
  say(`${profile.padEnd(9)} ${commands} commands, ${acquired.acquisition.outcome}`);
  goal('  seconds', seconds, profile === 'quick' ? quickGoalSeconds : null);
  goal('  progress stood still at the most, s', longestStillSeconds, stillGoalSeconds);
  // What main/acquisition/typical-times.ts states.
  if (profile === 'full')
    for (const { collector, commands: sent } of acquired.results)
      goal(`  ${collector}, s`, sent.reduce((sum, one) => sum + one.durationMs, 0) / 1000, null);
}

function goal(name: string, value: number, most: number | null): void {
  const word = most === null ? '' : `  <= ${most}  ${value <= most ? 'reached' : 'missed'}`;
  say(`${name.padEnd(40)}${value.toFixed(2).padStart(8)}${word}`);
}
