import type { Problem } from '../../../shared/model/problem.ts';
import type { CommandContext } from '../command.ts';
import type { ExitCode } from '../terminal.ts';
import { plain } from '../terminal.ts';

/** Gaps are listed, one a line, and make the exit code 4; an interruption makes it 130. */
export function endWithGaps({ terminal, conduct }: CommandContext, gaps: readonly string[]): ExitCode {
  for (const gap of gaps) terminal.note(plain(gap));
  if (conduct.signal.aborted) return 130;
  return gaps.length === 0 ? 0 : 4;
}

/** Nothing came of it: the reason, and what the code of an interruption is. */
export function endWithProblem({ terminal, conduct }: CommandContext, problem: Problem): ExitCode {
  terminal.problem(problem);
  return conduct.signal.aborted ? 130 : 1;
}
