import { performance } from 'node:perf_hooks';
import { acquireSnapshot } from '../../main/workflow/acquire-snapshot.ts';
import { openHandsets } from '../../main/workflow/handset-session.ts';
import { createCase } from '../../main/evidence/open-case.ts';
import type { AcquisitionProfile } from '../../shared/model/acquisition.ts';
import { openBench, valueOf } from '../integration/handset-bench.ts';
import { say } from './tell.ts';

// An acquisition of the modern persona, through the real adb server into a real case, with commands that take as long as its latency
// table says: how long each profile takes, and how long its progress stands still at the most. `npm run bench -- handset quick` runs one.
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
  const directory = `${bench.folder}/${profile}.handsight`;
  const writer = valueOf(createCase(directory, { number: '1', title: 'bench', examiner: 'bench', synthetic: true }));
  valueOf(writer.addHandset({ label: 'phone', serial: null, role: 'exhibit' }));
  writer.close();
  const handset = await bench.plug('modern-locked', { latencies: true });
  const endpoint = bench.server.endpoint();
  if (endpoint === null) throw new Error('the adb server is down');
  const handsets = valueOf(await openHandsets({ adbPath: null, remember: false, lang: 'en', running: endpoint }));
  const began = performance.now();
  let said = began;
  let longestStill = 0;
  const acquired = valueOf(
    await acquireSnapshot(
      directory,
      { serial: handset.address, handset: 'H1', label: 'x', run: null, profile },
      handsets,
      {
        actor: null,
        lang: 'en',
        signal: new AbortController().signal,
        progress: () => {
          const now = performance.now();
          longestStill = Math.max(longestStill, now - said);
          said = now;
        },
      },
    ),
  );
  const seconds = (performance.now() - began) / 1000;
  await handset.close();
  const commands = acquired.results.flatMap((result) => result.commands).length;
  say(`${profile.padEnd(9)} ${commands} commands, ${acquired.acquisition.outcome}`);
  goal('  seconds', seconds, profile === 'quick' ? quickGoalSeconds : null);
  goal('  progress stood still at the most, s', longestStill / 1000, stillGoalSeconds);
  // What main/acquisition/typical-times.ts states.
  if (profile === 'full')
    for (const { collector, commands: sent } of acquired.results)
      goal(`  ${collector}, s`, sent.reduce((sum, one) => sum + one.durationMs, 0) / 1000, null);
}

function goal(name: string, value: number, most: number | null): void {
  const word = most === null ? '' : `  <= ${most}  ${value <= most ? 'reached' : 'missed'}`;
  say(`${name.padEnd(40)}${value.toFixed(2).padStart(8)}${word}`);
}
