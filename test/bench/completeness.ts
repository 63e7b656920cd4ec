import type { Finding } from '../../shared/model/finding.ts';
import type { Identifier } from '../../shared/model/identifier.ts';
import type { Plant } from './big-capture.ts';

export interface Completeness {
  readonly planted: number;
  readonly found: number;
  /** Findings by confidence, of those that are planted. */
  readonly confidence: Readonly<Record<string, number>>;
  /** Everything that is not as it must be, one a line; empty is a pass. */
  readonly faults: readonly string[];
}

const rules = new Set(['identifier-transmitted', 'identifier-on-link']);

/**
 * Every planted identifier must be found exactly once, in its frames and with its transform, and nothing else may be stated as
 * `certain` or `probable`. A fast wrong answer is no answer.
 */
export function checkCompleteness(
  plants: readonly Plant[],
  findings: readonly Finding[],
  identifiers: readonly Identifier[],
): Completeness {
  const idOf = new Map(identifiers.map((one) => [`${one.kind} ${one.value}`, one.id]));
  const byPlace = new Map<string, Finding[]>();
  for (const finding of findings) {
    for (const { frame } of finding.frames) {
      const key = `${finding.identifier?.id ?? ''} ${frame}`;
      byPlace.set(key, [...(byPlace.get(key) ?? []), finding]);
    }
  }
  const faults: string[] = [];
  const confidence: Record<string, number> = {};
  const claimed = new Set<Finding>();
  let found = 0;
  for (const plant of plants) {
    const { kind, value } = plant.identifier;
    const id = idOf.get(`${kind} ${value}`);
    const here = new Set(plant.frames.flatMap((frame) => byPlace.get(`${id ?? ''} ${frame}`) ?? []));
    const [first, ...more] = here;
    for (const one of here) claimed.add(one);
    if (first === undefined) {
      faults.push(`missed: ${wording(plant)}`);
      continue;
    }
    found += 1;
    confidence[first.confidence] = (confidence[first.confidence] ?? 0) + 1;
    if (more.length > 0) faults.push(`found ${here.size} times: ${wording(plant)}`);
    faults.push(...wrongWords(plant, first));
  }
  for (const finding of findings) {
    if (claimed.has(finding) || finding.confidence === 'possible') continue;
    faults.push(`not planted, yet ${finding.confidence}: ${finding.statement} (frames ${framesOf(finding).join(' ')})`);
  }
  return { planted: plants.length, found, confidence, faults };
}

function wrongWords(plant: Plant, finding: Finding): string[] {
  const faults: string[] = [];
  const steps = stepsOf(finding.transform).join(' ');
  if (steps !== plant.writing.steps.join(' ')) faults.push(`transform «${steps}»: ${wording(plant)}`);
  const frames = framesOf(finding);
  const expected = new Set(plant.frames);
  const exact = plant.carrier.packed || frames.length === expected.size;
  if (!exact || frames.some((frame) => !expected.has(frame))) {
    faults.push(`frames ${frames.join(' ')} and not ${plant.frames.join(' ')}: ${wording(plant)}`);
  }
  if (!rules.has(finding.rule)) faults.push(`rule ${finding.rule}: ${wording(plant)}`);
  return faults;
}

/** The alphabets of base64 differ in two characters, which not every text holds: both names are right. */
function stepsOf(transform: readonly string[]): string[] {
  return transform.map((step) => (step === 'base64url' ? 'base64' : step));
}

function framesOf(finding: Finding): number[] {
  return finding.frames.map(({ frame }) => frame);
}

function wording({ identifier, writing, carrier, frames }: Plant): string {
  return `${identifier.kind} as ${writing.name} in ${carrier.name} (frames ${frames.join(' ')})`;
}
