import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Task } from '../../shared/contract/tasks.ts';
import type { Bridge } from '../../shared/contract/window.ts';
import type { Cost } from './measure.ts';

const checkout = fileURLToPath(new URL('../../', import.meta.url));
const pollMs = 100;

/** Why there is no figure from inside Electron. */
export interface Absent {
  readonly absent: string;
}

/**
 * Analyses the case once in the window's own worker path: the built workstation is started, the case chosen in its dialog,
 * and the analysis ordered through the bridge as the page does. Memory is that of the process that does the work.
 */
export async function analyseInsideElectron(directory: string): Promise<Cost | Absent> {
  if ((process.env['HANDSIGHT_ELECTRON'] ?? '') === '') return { absent: 'there is no Electron here' };
  if ((process.env['DISPLAY'] ?? '') === '' && process.platform === 'linux')
    return { absent: 'there is no display here' };
  const { answerOpenDialog, launch } = await import('../e2e/desktop/harness/launch.ts');
  const binding = process.env['HANDSIGHT_BENCH_ELECTRON_BINDING'];
  const env = binding === undefined ? {} : { HANDSIGHT_SQLITE_BINDING: binding };
  const { app, page, close } = await launch({ application: checkout, env });
  try {
    await answerOpenDialog(app, [directory]);
    const main = app.process().pid ?? 0;
    const begun = performance.now();
    const started = await page.evaluate(async () => {
      const bridge = (globalThis as unknown as { handsight: Bridge }).handsight;
      const chosen = (await bridge.call('cases.choose', {})) as { ok: boolean; value?: { case: string } };
      if (!chosen.ok || chosen.value === undefined) return JSON.stringify(chosen);
      const reply = (await bridge.call('analysis.start', { case: chosen.value.case })) as { ok: boolean };
      return reply.ok ? null : JSON.stringify(reply);
    });
    if (started !== null) throw new Error(`the window did not start the analysis: ${started}`);
    let peakMiB: number | null = null;
    for (;;) {
      peakMiB = Math.max(peakMiB ?? 0, peakOfTree(main));
      const task = await page.evaluate(async () => {
        const bridge = (globalThis as unknown as { handsight: Bridge }).handsight;
        const reply = (await bridge.call('tasks.list', {})) as { ok: boolean; value: Task[] };
        return reply.ok ? (reply.value.find(({ kind }) => kind === 'analysis') ?? null) : null;
      });
      if (task !== null && task.endedAt !== null) {
        if (task.result === null) throw new Error(`the analysis in the window ended ${task.status}`);
        const wallSeconds = (performance.now() - begun) / 1000;
        return { wallSeconds, cpuSeconds: null, peakMiB: peakMiB > 0 ? peakMiB : null };
      }
      await page.waitForTimeout(pollMs);
    }
  } finally {
    await close();
  }
}

/** Highest resident memory of any process below `root`, in MiB; 0 where /proc does not tell. */
function peakOfTree(root: number): number {
  const parents = new Map<number, number>();
  const peaks = new Map<number, number>();
  try {
    for (const name of readdirSync('/proc')) {
      const pid = Number(name);
      if (!Number.isInteger(pid)) continue;
      const status = statusOf(pid);
      parents.set(pid, Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0));
      peaks.set(pid, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024);
    }
  } catch {
    return 0;
  }
  const below = (pid: number): boolean => pid === root || (pid > 1 && below(parents.get(pid) ?? 0));
  return Math.max(0, ...[...peaks].filter(([pid]) => below(pid)).map(([, peak]) => peak));
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
