import type { AcquisitionProfile } from '../../shared/model/acquisition.ts';
import { openBench } from '../integration/handset-bench.ts';
import { acquireTimed } from '../integration/timed-acquisition.ts';
import { say } from './tell.ts';

// How long each profile takes on the modern persona, and how long its progress stands still at the most.
// `npm run bench -- handset quick` runs one. test/full/quick-profile.test.ts fails where the quick one misses its goals.
const profiles = ['quick', 'standard', 'full'] as const;
const wanted = profiles.filter((profile) => process.argv.length < 3 || process.argv.includes(profile));
const quickGoalSeconds = 30;
const stillGoalSeconds = 2;

const bench = await openBench();
try {
  for (const profile of wanted) await measure(profile);
} finally {
  await bench.close();
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
