import type { HandsetFacts } from './collector.ts';
import { cardsCommand } from './collectors/identifiers.ts';
import type { AcquisitionKnowledge } from './ports.ts';
import type { FinishedCommand } from './run-command.ts';

type Knowledge = Pick<AcquisitionKnowledge, 'releaseOf' | 'phoneCallsOf' | 'cardCallsOf' | 'subscriptionsOf'>;

/** The facts that follow from a release; an unknown one is asked as the newest. */
export function factsOf(
  knowledge: Pick<Knowledge, 'phoneCallsOf' | 'cardCallsOf'>,
  features: ReadonlySet<string>,
  found: Pick<HandsetFacts, 'release' | 'sdk'>,
): HandsetFacts {
  const { release, sdk } = found;
  const calls = { phoneCalls: knowledge.phoneCallsOf(release), cardCalls: knowledge.cardCallsOf(release) };
  return { release, sdk, features, ...calls };
}

/** What is known of the handset once a command was answered: what later collectors ask depends on it. */
export function factsAfter(
  knowledge: Knowledge,
  facts: HandsetFacts,
  collector: string,
  { result, stdout }: Pick<FinishedCommand, 'result' | 'stdout'>,
): HandsetFacts {
  if (result.outcome !== 'read') return facts;
  if (collector === 'properties')
    return { ...facts, ...factsOf(knowledge, facts.features, knowledge.releaseOf(stdout)) };
  return result.command === cardsCommand ? { ...facts, subscriptions: knowledge.subscriptionsOf(stdout) } : facts;
}
