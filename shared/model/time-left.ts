/** What is foreseen of a run. */
export interface TimeLeft {
  /** Of everything that is not in `without`; null: nothing of what remains is known. */
  readonly seconds: number | null;
  /** The end moved back against what was said before. */
  readonly longer: boolean;
  /** Ids of the collectors whose time is not known and not counted. */
  readonly without: readonly string[];
}

/** An estimate for people: never finer than it can be known, rounded up. */
export interface RoundTime {
  readonly unit: 'moment' | 'seconds' | 'minutes' | 'hours';
  readonly count: number;
}

const minute = 60;
const hour = 3600;

export function roundTime(seconds: number): RoundTime {
  if (seconds <= 5) return { unit: 'moment', count: 0 };
  if (seconds <= 50) return { unit: 'seconds', count: Math.ceil(seconds / 10) * 10 };
  if (seconds <= 99 * minute) return { unit: 'minutes', count: Math.ceil(seconds / minute) };
  return { unit: 'hours', count: Math.ceil(seconds / hour) };
}

/** As words, in the language of `say`, which takes a key of the catalogues; `titleOf` names a collector. */
export function sayTimeLeft(
  { seconds, longer, without }: TimeLeft,
  say: (key: string, values: Record<string, string | number>) => string,
  titleOf: (collector: string) => string,
): string {
  const { unit, count } = seconds === null ? { unit: 'unknown', count: 0 } : roundTime(seconds);
  const known = say(`time-left.${unit}`, { count });
  const left = longer ? say('time-left.longer', { left: known }) : known;
  if (without.length === 0) return left;
  const titles = without.map(titleOf).join(' · ');
  return say('time-left.without', { left, collectors: titles });
}
