import { Command, CommanderError } from 'commander';
import { shapeOfCommand } from '../../shared/contract/cli-commands.ts';
import { groupsFor } from './command-groups.ts';
import type { CommandContext, CommandOutcome, CommonOptions } from './command.ts';
import { UsageError, contextOf, langOf } from './command.ts';
import type { ExitCode, Lang } from './terminal.ts';
import { plain } from './terminal.ts';
import { programVersion } from '../workflow/program-version.ts';
import { wordProblem } from '../workflow/word-problem.ts';
import { wordsFor } from '../workflow/words.ts';

/** Binds a command's action: common options, signals, and its exit code. */
export type Bind = <A extends unknown[]>(
  command: Command,
  act: (context: CommandContext, ...args: A) => CommandOutcome,
) => void;

/**
 * Runs one command line. Returns the exit code of handbook cli.md; a bug is told with its trace and is 1.
 * Wrong usage (unknown command, option or value) is 2 and touches nothing.
 */
export async function runCli(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = 0;
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader such as `head` that has seen enough is not a failure of ours.
    if (error.code === 'EPIPE') process.exit(code);
    throw error;
  });

  const program = new Command('handsight');
  program
    .description('Forensic workstation for handsets that report home')
    .version(programVersion())
    .exitOverride()
    // Refusals are worded by us, in the language that was asked for.
    .configureOutput({ outputError: () => undefined })
    .helpCommand(false)
    .allowExcessArguments(false);

  const bind: Bind = <A extends unknown[]>(
    command: Command,
    act: (context: CommandContext, ...args: A) => CommandOutcome,
  ) => {
    command
      .option('--json', `print JSON Lines (their schema: handsight schema ${schemaOf(command)})`)
      .option('--as <name>', "who acts (default: the case's examiner)")
      .option('--lang <lang>', 'words: en or zh-Hant', 'en')
      .allowExcessArguments(false)
      .action(async (...all: unknown[]) => {
        // commander passes (…arguments, options, command).
        const args = all.slice(0, -1) as A;
        const context = contextOf(command.optsWithGlobals<CommonOptions>(), interrupt.signal);
        const ended = await act(context, ...args);
        // What was stopped before its end could not be done because of that; an orderly end on Ctrl-C stays what it is.
        code = ended === 1 && interrupt.signal.aborted ? 130 : ended;
      });
  };

  try {
    // Each in its turn: the order is that of the help.
    for (const register of await groupsFor(argv)) register(program, bind);
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return usageExit(error, langOf(argv));
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

/** Every command's lines have a schema: one without is a bug that its first start shows. */
function schemaOf(command: Command): string {
  const words: string[] = [];
  // The outermost is the program itself.
  for (let one = command; one.parent !== null; one = one.parent) words.unshift(one.name());
  const shape = shapeOfCommand[words.join(' ')];
  if (shape === undefined) throw new Error(`the command ${words.join(' ')} has no schema in cli-commands.ts`);
  return shape;
}

/** Commander's own refusals that have words of ours; what is not built and what never existed look the same from outside. */
const refusals: Readonly<Record<string, string>> = {
  'commander.unknownCommand': 'unknown',
  'commander.unknownOption': 'unknown',
  'commander.missingArgument': 'missing',
  'commander.optionMissingArgument': 'missing',
  'commander.missingMandatoryOptionValue': 'missing',
  'commander.excessArguments': 'too-many',
};

function usageExit(error: unknown, lang: Lang): ExitCode {
  const words = wordsFor(lang);
  const say = (line: string): void => void process.stderr.write(`${plain(line)}\n`);
  if (error instanceof UsageError) {
    say(words(`cli.usage.${error.kind}`, error.params));
    return 2;
  }
  if (!(error instanceof CommanderError)) {
    // A bug: its trace is for whoever mends it, below a line for whoever met it.
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    say(wordProblem(lang, { code: 'internal', detail: error instanceof Error ? error.message : String(error) }));
    for (const line of trace.split('\n').slice(1, 12)) say(line);
    return 1;
  }
  if (error.exitCode === 0) return 0;
  const refusal = refusals[error.code];
  if (refusal !== undefined) {
    const subject = /'([^']*)'/.exec(error.message)?.[1] ?? '';
    say(`${words(`cli.usage.${refusal}`, { subject })} ${words('cli.usage.help')}`);
  }
  return 2;
}
