import type { HandsetFacts, Step } from './collector.ts';
import { collectors } from './plan.ts';

/** Collector of an output that no collector asks for: it is kept, and stands for itself. */
export const noCollector = 'imported';

const facts: readonly HandsetFacts[] = [null, 18, 22, 28, 33, 36].map((sdk) => ({
  release: null,
  sdk,
  features: new Set<string>(),
  phoneCalls: [],
}));

function commandsOf(step: Step): string[] {
  if (step.type !== 'command') return [];
  return [step.command, ...(step.otherwise ?? []).flatMap(commandsOf)];
}

let known: ReadonlyMap<string, string> | null = null;

/** Every command that some collector sends on some release, with the first collector that does. */
export function askedCommands(): ReadonlyMap<string, string> {
  if (known !== null) return known;
  const found = new Map<string, string>();
  for (const collector of collectors)
    for (const one of facts)
      for (const command of collector.asks(one).flatMap(commandsOf))
        // The dump of all settings is the last way of three collectors, and none's own.
        if (!found.has(command) && command !== 'dumpsys settings') found.set(command, collector.id);
  known = found;
  return found;
}
