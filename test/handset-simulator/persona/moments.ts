import type { World, WorldRun } from '../../demo-world/world.ts';

/** Moments of a run that persona files refer to: `start`, `boot`, `end`, `consent`, `canary:begin`, `stimulus:KIND`, each `+` or `-` seconds. */
export interface Moments {
  /** Milliseconds since 1970 on the handset's clock; null when the run has no such moment. */
  resolve(expression: string): number | null;
  /** Handset-clock milliseconds of an instant on the gateway's clock. */
  onHandset(at: string): number;
}

const pattern = /^([a-z]+(?::[a-z-]+)?)([+-]\d+(?:\.\d+)?)?$/;

/** Microseconds are kept by the caller's offset only as far as a millisecond: Android's log has no more. */
export function momentsOf(run: WorldRun): Moments {
  const onHandset = (at: string): number => Date.parse(at) + run.clockSkewMs;
  const base = (name: string): string | null => {
    if (name === 'start') return run.startAt;
    if (name === 'boot') return run.bootAt;
    if (name === 'end') return run.endAt;
    if (name === 'consent') return run.consentAt;
    if (name === 'canary:begin') return run.canaries[0].at;
    if (name === 'canary:end') return run.canaries[1].at;
    const kind = /^stimulus:(.+)$/.exec(name)?.[1];
    if (kind === undefined) throw new Error(`no such moment: ${name}`);
    return run.stimuli.find((stimulus) => stimulus.kind === kind)?.at ?? null;
  };
  return {
    onHandset,
    resolve(expression) {
      const match = pattern.exec(expression);
      if (match === null) throw new Error(`not a moment: ${expression}`);
      const at = base(match[1] ?? '');
      return at === null ? null : onHandset(at) + Math.round(Number(match[2] ?? 0) * 1000);
    },
  };
}

/** A handset without scripted runs (the modern personas) lives now: it booted a while ago and that is all. */
export function presentMoments(bootMs: number): Moments {
  return {
    onHandset: (at) => Date.parse(at),
    resolve(expression) {
      const match = pattern.exec(expression);
      const name = match?.[1] ?? '';
      if (name !== 'boot' && name !== 'start') return null;
      return bootMs + Math.round(Number(match?.[2] ?? 0) * 1000);
    },
  };
}

/** `YYYY-MM-DD HH:MM:SS` of the world's zone. */
export function localText(world: World, ms: number): string {
  return new Date(ms + world.zoneOffsetMinutes * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}
