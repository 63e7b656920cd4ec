import type { StateReading } from '../acquisition/run-state-check.ts';
import { noiseOf } from '../comparison/noise.ts';
import { parseExhibit } from '../parsing/parse-exhibit.ts';

/** Something that was otherwise at the end of an acquisition than at its start. */
interface StateDifference {
  /** The list it stands in: `settings-global`, `packages` … */
  readonly of: string;
  readonly subject: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Why it changes by itself (a clock, a counter); null: it does not. */
  readonly byItself: string | null;
}

export interface StateComparison {
  readonly compared: readonly string[];
  /** Lists that were not answered whole on both sides. */
  readonly notCompared: readonly string[];
  /** Of those, by name: why, where it is known (`StateReading.lacks`). */
  readonly because: Readonly<Record<string, string>>;
  readonly differences: readonly StateDifference[];
}

const noiseKinds: Readonly<Record<string, string>> = {
  'settings-system': 'setting',
  'settings-secure': 'setting',
  'settings-global': 'setting',
  properties: 'property',
};

/** Pure: what the two readings of a handset's state differ in, and which of it counts up by itself. */
export function compareStates(before: readonly StateReading[], after: readonly StateReading[]): StateComparison {
  const compared: string[] = [];
  const notCompared: string[] = [];
  const because: Record<string, string> = {};
  const differences: StateDifference[] = [];
  for (const of of new Set([...before, ...after].map((one) => one.of))) {
    const sides = [before, after].map((readings) => readings.find((one) => one.of === of));
    const first = entriesOf(sides[0]);
    const last = entriesOf(sides[1]);
    if (first === null || last === null) {
      notCompared.push(of);
      const lacks = sides.find((one) => typeof one?.lacks === 'string')?.lacks;
      if (typeof lacks === 'string') because[of] = lacks;
      continue;
    }
    compared.push(of);
    for (const subject of [...new Set([...first.keys(), ...last.keys()])].sort()) {
      const [was, is] = [first.get(subject) ?? null, last.get(subject) ?? null];
      if (was === is) continue;
      const byItself = noiseOf(noiseKinds[of] ?? of, subject);
      differences.push({ of, subject, before: was, after: is, byItself });
    }
  }
  return { compared, notCompared, because, differences };
}

/** What a reading lists, by name. A list that a parser cannot read is compared line by line. */
function entriesOf(reading: StateReading | undefined): Map<string, string> | null {
  if (reading === undefined || reading.text === null) return null;
  const { of, command, text } = reading;
  const context = { collectedAt: reading.startedAt, handsetClock: null };
  const parsed = parseExhibit({ collector: of, command, bytes: Buffer.from(text, 'utf8'), context });
  const entries = parsed.records.flatMap((record): (readonly [string, string])[] => {
    if (record.kind === 'setting') return [[`${record.namespace}/${record.name}`, record.value]];
    if (record.kind === 'property') return [[record.name, record.value]];
    return record.kind === 'package' ? [[record.name, record.path ?? '']] : [];
  });
  const lines = text.split(/\r?\n/).filter((line) => line !== '' && !/^total \d+$/.test(line));
  const whole = parsed.unparsedCount === 0 && !parsed.unparsable && entries.length > 0;
  return new Map(whole ? entries : lines.map((line) => [line, '']));
}
