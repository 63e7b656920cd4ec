import type { AcquisitionKnowledge, Judgement } from './ports.ts';
import { resultOf } from './pull-app-code.ts';
import { appListCommands } from './run-app-code.ts';
import { runCommand } from './run-command.ts';
import type { FinishedCommand, StepContext } from './run-command.ts';

/** How many apps one acquisition asks about by name: each is a command, an exhibit and an entry of custody. */
export const maxAskedByName = 1000;
/** So many in a row that were refused, or for which there is no such command: the rest would be too. */
const enoughRefusals = 3;
/** Nothing that a shell would take for more than a word, nor a command for an option. */
const fitName = /^[A-Za-z0-9_][A-Za-z0-9._]{0,254}$/;

const passedOver: ReadonlySet<string> = new Set(['absent', 'refused']);

/**
 * Asks about each installed app by its name, where nothing told of all of them at once: the first of `ways` that this release has,
 * with the name behind it. `known`: names that lists of this acquisition told; without any, the list is asked for. Each answer is an
 * exhibit of its own and is told as it is done; of what is not asked it is told how many, and why.
 */
export async function* runPerPackage(
  context: StepContext,
  collector: string,
  ways: readonly string[],
  known: ReadonlySet<string>,
): AsyncGenerator<FinishedCommand> {
  const names = new Set(known);
  if (names.size === 0) yield* askNames(context, collector, names);
  const fit = [...names].filter((name) => fitName.test(name));
  const asked = fit.slice(0, maxAskedByName);
  let way = 0;
  let refused = 0;
  let answered = 0;
  for (const [at, name] of asked.entries()) {
    let done = await runCommand(context, collector, { command: `${ways[way]} ${name}`, timeoutMs: 30_000 });
    // Only before the first answer: what answered for one app is there for the next.
    while (answered === 0 && done.result.outcome === 'absent' && way + 1 < ways.length) {
      yield done;
      way += 1;
      done = await runCommand(context, collector, { command: `${ways[way]} ${name}`, timeoutMs: 30_000 });
    }
    yield done;
    const isRefused = passedOver.has(done.result.outcome);
    answered += isRefused ? 0 : 1;
    refused = isRefused ? refused + 1 : 0;
    if (answered > 0 || refused < enoughRefusals || at + 1 === asked.length) continue;
    yield notAsked(ways[way] ?? '', asked.length - at - 1, 'like-those-before');
    break;
  }
  const [first = ''] = ways;
  if (fit.length > asked.length) yield notAsked(first, fit.length - asked.length, 'apps-limit');
  if (names.size > fit.length) yield notAsked(first, names.size - fit.length, 'name-unfit');
}

async function* askNames(context: StepContext, collector: string, names: Set<string>): AsyncGenerator<FinishedCommand> {
  for (const command of [...appListCommands, 'pm list packages']) {
    const done = await runCommand(context, collector, { command });
    // What tells only whom to ask is no answer to what the collector asks.
    yield { ...done, result: { ...done.result, isHelp: true } };
    if (done.result.outcome === 'read') noteNames(context.knowledge, done.stdout, names);
    if (done.result.outcome !== 'empty' && !passedOver.has(done.result.outcome)) return;
  }
}

const maxNames = 20_000;

export function noteNames(knowledge: AcquisitionKnowledge, list: Uint8Array, names: Set<string>): void {
  for (const name of knowledge.packageNamesOf(list)) if (names.size < maxNames) names.add(name);
}

/** What was not asked: one gap for all, with how many there are. */
function notAsked(way: string, count: number, reason: string): FinishedCommand {
  const judged: Judgement = { outcome: 'refused', reason, said: null };
  const result = resultOf(`${way} … (${count})`, judged, [], 0, performance.now());
  return { result, stdout: new Uint8Array(), problem: null };
}
