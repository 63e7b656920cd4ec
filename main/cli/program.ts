import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { registerCaseCommands } from './commands/case.ts';
import { registerCollectCommands } from './commands/collect.ts';
import { registerDemoCommand } from './commands/demo.ts';
import { registerDevicesCommands } from './commands/devices.ts';
import { registerJudgeCommands } from './commands/judge.ts';
import { registerQueryCommands } from './commands/query.ts';
import { registerReportCommands } from './commands/report.ts';
import { registerSchemaCommand } from './commands/schema.ts';
import type { CommandContext, CommandOutcome, CommonOptions } from './command.ts';
import { UsageError, contextOf } from './command.ts';
import type { ExitCode } from './terminal.ts';
import { programVersion } from '../workflow/program-version.ts';

/** Binds a command's action: common options, signals, and its exit code. */
export type Bind = <A extends unknown[]>(
  command: Command,
  act: (context: CommandContext, ...args: A) => CommandOutcome,
) => void;

/**
 * Runs one command line. Returns the exit code of handbook cli.md; throws only for bugs.
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
    .showHelpAfterError('(handsight --help lists the commands)')
    .helpCommand(false)
    .allowExcessArguments(false);

  const bind: Bind = <A extends unknown[]>(
    command: Command,
    act: (context: CommandContext, ...args: A) => CommandOutcome,
  ) => {
    command
      .option('--json', 'print JSON Lines')
      .option('--as <name>', "who acts (default: the case's examiner)")
      .option('--lang <lang>', 'words: en or zh-Hant', 'en')
      .allowExcessArguments(false)
      .action(async (...all: unknown[]) => {
        // commander passes (…arguments, options, command).
        const args = all.slice(0, -1) as A;
        const context = contextOf(command.optsWithGlobals<CommonOptions>(), interrupt.signal);
        code = await act(context, ...args);
      });
  };

  registerDemoCommand(program, bind);
  registerDevicesCommands(program, bind);
  registerCaseCommands(program, bind);
  registerCollectCommands(program, bind);
  registerQueryCommands(program, bind);
  registerJudgeCommands(program, bind);
  registerReportCommands(program, bind);
  registerSchemaCommand(program, bind);

  try {
    await program.parseAsync([...argv], { from: 'user' });
    return interrupt.signal.aborted && code === 0 ? 130 : code;
  } catch (error) {
    return usageExit(error);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

function usageExit(error: unknown): ExitCode {
  if (error instanceof UsageError || error instanceof InvalidArgumentError) {
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    if (error.code === 'commander.unknownCommand' || error.code === 'commander.unknownOption') {
      process.stderr.write('not in this version\n');
    }
    return 2;
  }
  throw error;
}
