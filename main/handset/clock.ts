import type { ClockOffset } from '../../shared/model/handset.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Result } from '../../shared/model/problem.ts';
import { printable } from './adb-failure.ts';
import { instantOf } from './instant.ts';
import type { HandsetLink } from './link-types.ts';

/** One reading: the handset's clock, and our monotonic clock just before asking and when the first byte came. */
export interface ClockSample {
  readonly handsetMs: number;
  /** 1 when the handset counted nanoseconds, 1000 when it only gave whole seconds. */
  readonly resolutionMs: 1 | 1000;
  readonly sentMs: number;
  readonly receivedMs: number;
}

const sampleCount = 15;
const nanosecondsCommand = 'date +%s%N';
const secondsCommand = 'date +%s';

/** Pure: reads what `date +%s%N` said: 19 digits are nanoseconds, 9 to 11 digits (a literal N may follow) seconds. */
export function readDate(text: string): { readonly handsetMs: number; readonly resolutionMs: 1 | 1000 } | null {
  const trimmed = text.trim();
  const nanoseconds = /^(\d{9,11})(\d{9})$/.exec(trimmed);
  if (nanoseconds !== null) {
    return { handsetMs: Number(nanoseconds[1]) * 1000 + Number(nanoseconds[2]) / 1e6, resolutionMs: 1 };
  }
  const seconds = /^(\d{9,11})(?:%?N)?$/.exec(trimmed);
  return seconds === null ? null : { handsetMs: Number(seconds[1]) * 1000, resolutionMs: 1000 };
}

/**
 * Pure: offset (handset minus host) with its bound, both in ms. Every sample bounds the offset from both sides: the
 * handset read its clock after the question was sent and before the answer came, and a whole-second reading is up to a
 * second old. The samples' intervals are intersected; when they contradict each other (a clock stepped meanwhile),
 * the one with the least round trip decides alone.
 */
export function offsetOf(
  samples: readonly ClockSample[],
): { readonly offsetMs: number; readonly boundMs: number } | null {
  const intervals = samples.map(({ handsetMs, resolutionMs, sentMs, receivedMs }) => ({
    low: handsetMs - receivedMs,
    high: handsetMs + (resolutionMs === 1 ? 0 : resolutionMs) - sentMs,
  }));
  const least = [...intervals].sort((a, b) => a.high - a.low - (b.high - b.low))[0];
  if (least === undefined) return null;
  let { low, high } = least;
  if (samples.every((sample) => sample.resolutionMs === 1000)) {
    const all = { low: Math.max(...intervals.map((i) => i.low)), high: Math.min(...intervals.map((i) => i.high)) };
    if (all.low <= all.high) ({ low, high } = all);
  }
  return { offsetMs: (low + high) / 2, boundMs: (high - low) / 2 };
}

/**
 * Asks the handset's clock 15 times and keeps the least round trip: offset ± half of it. Whole seconds where the release
 * has no `%N`. Adds `/proc/uptime` (to notice a stepped clock later) and the handset's zone.
 * Problems: those of run; REMOTE when `date` says nothing that is a time.
 */
export async function measureClockOffset(
  link: Pick<HandsetLink, 'run'>,
  options: { readonly samples?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<Result<ClockOffset>> {
  const samples: ClockSample[] = [];
  const wallMinusMonotonic: number[] = [];
  const limits = {
    timeoutMs: 10_000,
    maxBytes: 4096,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  let command = nanosecondsCommand;
  let said = '';
  for (let round = 0; round < (options.samples ?? sampleCount); round += 1) {
    const sentMs = performance.now();
    let receivedMs = Number.NaN;
    const result = await link.run(command, {
      ...limits,
      onStdout: () => {
        receivedMs ||= performance.now();
      },
    });
    if (!result.ok) return { ok: false, problem: result.problem };
    // The wall clock ticks in whole milliseconds: on average half of one is missing.
    wallMinusMonotonic.push(Date.now() + 0.5 - performance.now());
    said = result.value.stdout.toString('latin1');
    const read = readDate(said);
    if (read !== null && !Number.isNaN(receivedMs)) samples.push({ ...read, sentMs, receivedMs });
    else if (command === secondsCommand) return fail('REMOTE', undefined, `date said: ${printable(said, 100)}`);
    if (read === null || read.resolutionMs === 1000) command = secondsCommand;
  }
  const offset = offsetOf(samples);
  if (offset === null) return fail('REMOTE', undefined, `date said: ${printable(said, 100)}`);
  const wall = wallMinusMonotonic.sort((a, b) => a - b)[Math.floor(wallMinusMonotonic.length / 2)] ?? 0;
  const measuredMs = Date.now();
  const offsetMs = offset.offsetMs - wall;
  return ok({
    offsetMs,
    // Half a millisecond for the tick of our own wall clock.
    boundMs: offset.boundMs + 0.5,
    measuredAt: instantOf(measuredMs),
    handsetAt: instantOf(Math.round(measuredMs + offsetMs)),
    method: command,
    uptimeSeconds: await readUptime(link, limits),
    zone: await readZone(link, limits),
  });
}

async function readUptime(link: Pick<HandsetLink, 'run'>, limits: { timeoutMs: number }): Promise<number | null> {
  const result = await link.run('cat /proc/uptime', limits);
  const seconds = result.ok ? /^(\d+\.\d+) /.exec(result.value.stdout.toString('latin1'))?.[1] : undefined;
  return seconds === undefined ? null : Number(seconds);
}

async function readZone(link: Pick<HandsetLink, 'run'>, limits: { timeoutMs: number }): Promise<string | null> {
  const result = await link.run('getprop persist.sys.timezone', limits);
  const zone = result.ok ? result.value.stdout.toString('utf8').trim() : '';
  return zone === '' ? null : printable(zone, 64);
}

/** A wall clock that moves by more than this against the uptime was set; less is drift and reading error. */
const stepThresholdMs = 2000;

/**
 * Pure: how far the handset's wall clock was set between two measurements, null when it was not. Wall minus uptime is the
 * instant of boot, which only a set clock moves; without an uptime the offset itself is compared.
 */
export function stepBetween(before: ClockOffset, after: ClockOffset): number | null {
  const boot = (clock: ClockOffset): number =>
    Date.parse(clock.handsetAt) -
    (clock.uptimeSeconds === null ? Date.parse(clock.measuredAt) : clock.uptimeSeconds * 1000);
  const sameMeasure = (before.uptimeSeconds === null) === (after.uptimeSeconds === null);
  const rebooted = (after.uptimeSeconds ?? 0) < (before.uptimeSeconds ?? 0);
  const stepMs = sameMeasure && !rebooted ? boot(after) - boot(before) : after.offsetMs - before.offsetMs;
  return Math.abs(stepMs) > stepThresholdMs + before.boundMs + after.boundMs ? stepMs : null;
}
