import type { Outcome } from '../../shared/model/acquisition.ts';
import { isReportCommand } from './bug-report-protocol.ts';
import type { Collector, CommandStep, HandsetFacts, Step } from './collector.ts';
import { pictureCommand, treeCommand } from './run-special.ts';

/** A stored output of an acquisition that was cut off. */
export interface StoredAnswer {
  readonly collector: string;
  readonly command: string;
  readonly outcome: Outcome;
  /** Why it is not whole, as the exhibit has it. */
  readonly fault: string | null;
}

export interface StandingGap {
  readonly collector: string;
  readonly command: string;
  readonly outcome: Outcome;
  readonly reason: string;
}

/** An answer that stands: what was cut off or came too late is asked once more. */
const stands = ({ outcome }: StoredAnswer): boolean => outcome !== 'interrupted' && outcome !== 'timed-out';
/** What is beside the answer that counts may be cut: the hash of a report that came whole, the removal of a file. */
const lacking: ReadonlySet<Outcome> = new Set(['refused', 'timed-out', 'interrupted']);
const asksOn: ReadonlySet<Outcome> = new Set(['absent', 'refused', 'empty']);

/**
 * Whether an acquisition that was cut off has an answer that stands to everything that a collector asks of a handset of these
 * facts: each step by one of its ways, the later ones only where the earlier had nothing (run-acquisition, runWithFallbacks).
 */
export function isFinished(collector: Collector, facts: HandsetFacts, stored: readonly StoredAnswer[]): boolean {
  const answers = stored.filter((one) => one.collector === collector.id);
  const steps = collector.asks(facts);
  return steps.every((step) => isAnswered(step, answers) || wasSpared(step, steps, answers));
}

/** Not asked, since one of its kind was refused. */
function wasSpared(step: Step, steps: readonly Step[], answers: readonly StoredAnswer[]): boolean {
  if (step.type !== 'command' || step.unlessRefused === undefined) return false;
  return steps.some(
    (other) =>
      other.type === 'command' &&
      other.unlessRefused === step.unlessRefused &&
      answers.some(({ command, outcome }) => command === other.command && outcome === 'refused'),
  );
}

function isAnswered(step: Step, answers: readonly StoredAnswer[]): boolean {
  // How many files there were to pull only the list said, and the last of them looks like any other: asked again as a whole.
  if (step.type === 'app-code') return false;
  // Made anew each time, and a change: one that came whole stands.
  if (step.type === 'bug-report') return answers.some((one) => one.outcome === 'read' && isReportCommand(one.command));
  if (step.type === 'screenshot' || step.type === 'screen-text') return answers.some(endsFile);
  // Clock and state are measured again anyway.
  if (step.type !== 'command') return answers.length > 0 && answers.every(stands);
  return lastWay(step, answers) !== null;
}

/**
 * Whether an answer is the last word on something that goes through a file of ours, whose name is another each time: the file itself,
 * or that none was written. A picture over standard output is the whole answer.
 */
function endsFile(answer: StoredAnswer): boolean {
  const { command, outcome } = answer;
  if (!stands(answer)) return false;
  if (command === pictureCommand || command.startsWith('pull /')) return true;
  return command.startsWith(`${treeCommand} `) && outcome !== 'read';
}

/** The answer that ended the asking of a step; null: it was not asked to its end. */
function lastWay(step: CommandStep, answers: readonly StoredAnswer[]): StoredAnswer | null {
  let last: StoredAnswer | null = null;
  for (const way of [step, ...(step.otherwise ?? [])]) {
    const answer = answers.find((one) => one.command === way.command);
    if (answer === undefined || !stands(answer)) return null;
    last = answer;
    // Which files there were to read only the list said: asked again as a whole.
    if (!asksOn.has(answer.outcome)) return step.eachFile === true ? null : answer;
  }
  // How many apps there were to ask about by name only the list said: asked again as a whole.
  return step.perPackage === undefined ? last : null;
}

/** What a finished collector lacks, as the acquisition that asked it told (run-acquisition, isGap). */
export function standingGaps(
  collector: Collector,
  facts: HandsetFacts,
  stored: readonly StoredAnswer[],
): readonly StandingGap[] {
  const answers = stored.filter((one) => one.collector === collector.id);
  const replaced = new Set(
    collector.asks(facts).flatMap((step) => {
      if (step.type !== 'command' || lastWay(step, answers)?.outcome !== 'read') return [];
      const ways = [step, ...(step.otherwise ?? [])].map(({ command }) => command);
      return ways.slice(0, ways.indexOf(lastWay(step, answers)?.command ?? ''));
    }),
  );
  return answers.flatMap(({ command, outcome, fault }) => {
    const isCut = fault?.startsWith('byte-limit') === true;
    if (replaced.has(command) || !(lacking.has(outcome) || isCut)) return [];
    return [{ collector: collector.id, command, outcome, reason: isCut ? 'byte-limit' : (fault ?? 'none') }];
  });
}
