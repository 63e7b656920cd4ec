import { performance } from 'node:perf_hooks';
import { createCase } from '../../main/evidence/open-case.ts';
import { acquireSnapshot } from '../../main/workflow/acquire-snapshot.ts';
import type { Acquired } from '../../main/workflow/acquire-snapshot.ts';
import { openHandsets } from '../../main/workflow/handset-session.ts';
import type { AcquisitionProfile, Progress } from '../../shared/model/acquisition.ts';
import { valueOf } from './handset-bench.ts';
import type { Bench } from './handset-bench.ts';

export interface TimedAcquisition {
  readonly acquired: Acquired;
  readonly seconds: number;
  /** Longest time without a report: from the start to the first, between two, from the last to the end. */
  readonly longestStillSeconds: number;
  readonly reports: readonly Progress[];
  /** What each command line was made to take, milliseconds; their sum is the same on every machine. */
  readonly latenciesMs: readonly number[];
}

/** An acquisition of `persona` through the real adb server into a real case, with commands that take as long as its latency table says. */
export async function acquireTimed(
  bench: Bench,
  persona: string,
  profile: AcquisitionProfile,
): Promise<TimedAcquisition> {
  const directory = `${bench.folder}/${profile}.handsight`;
  const writer = valueOf(createCase(directory, { number: '1', title: 'bench', examiner: 'bench', synthetic: true }));
  valueOf(writer.addHandset({ label: 'phone', serial: null, role: 'exhibit' }));
  writer.close();
  const handset = await bench.plug(persona, { latencies: true });
  const endpoint = bench.server.endpoint();
  if (endpoint === null) throw new Error('the adb server is down');
  const handsets = valueOf(await openHandsets({ adbPath: null, remember: false, lang: 'en', running: endpoint }));
  const reports: Progress[] = [];
  const began = performance.now();
  let said = began;
  let longestStillMs = 0;
  const tick = (): void => {
    const now = performance.now();
    longestStillMs = Math.max(longestStillMs, now - said);
    said = now;
  };
  const wish = { serial: handset.address, handset: 'H1', label: 'x', run: null, profile } as const;
  const acquired = valueOf(
    await acquireSnapshot(directory, wish, handsets, {
      actor: null,
      lang: 'en',
      signal: new AbortController().signal,
      progress: (report) => {
        tick();
        reports.push(report);
      },
    }),
  );
  tick();
  const { device } = handset;
  await handset.close();
  return {
    acquired,
    seconds: (said - began) / 1000,
    longestStillSeconds: longestStillMs / 1000,
    reports,
    latenciesMs: device.journal.map((line) => device.latencyMs(line)),
  };
}
