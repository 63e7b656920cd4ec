import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveHandsetsService } from '../../main/workflow/host/live-handsets.ts';
import type { Bench } from '../integration/handset-bench.ts';
import { until, valueOf } from '../integration/handset-bench.ts';

export interface PlugIn {
  /** Until the directory says that the handset is there. */
  readonly eventMs: number;
  /** Until the list that the window asks for at each change has it, ready to be asked. */
  readonly windowMs: number;
}

/**
 * Handsets plugged in one after the other at a real adb server that is watched: milliseconds from the moment at which the server is
 * told of each, since over the network it does not find them by itself as it does on USB. What the window then draws is not in it.
 */
export async function timePlugIns(bench: Bench, tries: number): Promise<readonly PlugIn[]> {
  const endpoint = bench.server.endpoint();
  if (endpoint === null) throw new Error('the adb server is down');
  const folder = mkdtempSync(join(tmpdir(), 'handsight-plug-in-'));
  const before = process.env['XDG_DATA_HOME'];
  process.env['XDG_DATA_HOME'] = folder;
  const seen = new Map<string, { event?: number; window?: number }>();
  const at = (serial: string): { event?: number; window?: number } => {
    const known = seen.get(serial) ?? {};
    seen.set(serial, known);
    return known;
  };
  const look = async (): Promise<void> => {
    const live = await service.live();
    if (!live.ok) return;
    for (const { serial, state } of live.value.handsets)
      if (state === 'device') at(serial).window ??= performance.now();
  };
  const service: LiveHandsetsService = new LiveHandsetsService(null, () => void look(), endpoint);
  const stop = bench.directory.watch((event) => {
    if (event.type === 'present') at(event.handset.serial).event ??= performance.now();
  });
  try {
    valueOf(await service.use('found'));
    const times: PlugIn[] = [];
    for (let n = 0; n < tries; n += 1) times.push(await plugOne(bench, at));
    return times;
  } finally {
    stop();
    await service.stop();
    if (before === undefined) delete process.env['XDG_DATA_HOME'];
    else process.env['XDG_DATA_HOME'] = before;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function plugOne(
  bench: Bench,
  at: (serial: string) => { readonly event?: number; readonly window?: number },
): Promise<PlugIn> {
  const begun: { ms?: number } = {};
  const handset = await bench.plug('modern-rooted', {}, () => (begun.ms = performance.now()));
  const { address } = handset;
  await until(() => at(address).event !== undefined && at(address).window !== undefined);
  const { event = Number.NaN, window = Number.NaN } = at(address);
  await handset.close();
  const { ms = Number.NaN } = begun;
  return { eventMs: event - ms, windowMs: window - ms };
}
