import type { Command } from 'commander';
import { attachFiles } from '../../workflow/attach-files.ts';
import { importOutput } from '../../workflow/import-output.ts';
import { pathFrom } from '../command.ts';
import type { Bind } from '../program.ts';
import { plain } from '../terminal.ts';
import { endWithGaps, endWithProblem } from './ends.ts';

interface OutputOptions {
  readonly handset: string;
  readonly label: string;
  readonly run?: string;
  readonly what?: string;
  readonly takenAt?: string;
}

/** What others collected from a handset, taken in as if it had been acquired here. */
export function registerOutputCommands(program: Command, bind: Bind): void {
  registerImportOutput(program, bind);
  registerAttach(program, bind);
}

function registerImportOutput(program: Command, bind: Bind): void {
  const command = program
    .command('import-output')
    .description(
      'take in what a handset printed elsewhere, as a file: getprop, a table of settings, one service of dumpsys, all of them, a bug report (text or ZIP), or what androidqf leaves (its folder, or a ZIP of it)',
    )
    .argument('<dir>', 'the case folder')
    .argument('<file>', 'the text or archive, or the folder of androidqf')
    .requiredOption('--handset <id>', 'H1, H2 …')
    .requiredOption('--label <label>', 'before, after …')
    .option('--run <run>', 'the run it belongs to')
    .option(
      '--what <command>',
      '«getprop», «settings list secure», «dumpsys package», «dumpsys» (all services), «bugreport», «androidqf», «pcapdroid-csv» …; «recognised»: what its content looks like. Without it the proposal is shown, and nothing is stored',
    )
    .option(
      '--taken-at <instant>',
      'when it was collected, RFC 3339; without it the last change of the file is what is known',
    );
  bind<[string, string, OutputOptions]>(command, async (context, dir, file, options) => {
    const { terminal, conduct } = context;
    const { handset, label, run = null, what = null, takenAt = null } = options;
    const wish = { handset, label, run, what, takenAt };
    const done = await importOutput(pathFrom(dir), pathFrom(file), wish, conduct);
    if (!done.ok) return endWithProblem(context, done.problem);
    for (const exhibit of done.value.exhibits) {
      terminal.result(exhibit, () =>
        plain(`${exhibit.id}  ${exhibit.outcome}  ${exhibit.bytes} B  ${exhibit.sha256}  ${exhibit.originalName}`),
      );
    }
    return endWithGaps(context, done.value.gaps);
  });
}

interface AttachOptions {
  readonly handset: string;
  readonly label?: string;
  readonly run?: string;
  readonly note?: string;
}

function registerAttach(program: Command, bind: Bind): void {
  const command = program
    .command('attach')
    .description('take photos and documents into custody: of the label, of *#06#, of the seal')
    .argument('<dir>', 'the case folder')
    .argument('<files...>', 'the files')
    .requiredOption('--handset <id>', 'H1, H2 …')
    .option('--label <label>', 'before, after …')
    .option('--run <run>', 'the run they belong to')
    .option('--note <text>', 'what they show');
  bind<[string, string[], AttachOptions]>(command, async (context, dir, files, options) => {
    const { handset, label = null, run = null, note = null } = options;
    const wish = { handset, label, run, note };
    const done = await attachFiles(pathFrom(dir), files.map(pathFrom), wish, context.conduct);
    if (!done.ok) return endWithProblem(context, done.problem);
    for (const exhibit of done.value) {
      context.terminal.result(exhibit, () =>
        plain(`${exhibit.id}  ${exhibit.bytes} B  ${exhibit.sha256}  ${exhibit.originalName}`),
      );
    }
    return 0;
  });
}
