import type { Command } from 'commander';
import type { JournalledChange } from '../../../shared/model/handset-change.ts';
import { isOutstanding, undoLine } from '../../../shared/model/handset-change.ts';
import { withHandsets } from '../../workflow/handset-session.ts';
import { listChanges, undoChanges } from '../../workflow/undo-changes.ts';
import { pathFrom } from '../command.ts';
import type { Bind } from '../program.ts';
import { plain } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';

export function registerChangesCommands(program: Command, bind: Bind): void {
  const list = program
    .command('changes')
    .description('what was done to handsets beyond reading, and what became of it')
    .argument('<dir>', 'the case folder');
  bind<[string]>(list, ({ terminal }, dir) => {
    const changes = listChanges(pathFrom(dir));
    if (!changes.ok) {
      terminal.problem(changes.problem);
      return 1;
    }
    say(terminal, changes.value);
    return 0;
  });

  const undo = program
    .command('undo')
    .description('take back what may still be on a handset because the program, the cable or the handset stopped')
    .argument('<dir>', 'the case folder')
    .option('--serial <serial>', 'on this handset only, as adb lists it');
  bind<[string, { readonly serial?: string }]>(undo, async ({ terminal, conduct }, dir, { serial = null }) => {
    const done = await withHandsets(conduct, (handsets) => undoChanges(pathFrom(dir), serial, handsets, conduct));
    if (!done.ok) {
      terminal.problem(done.problem);
      return 1;
    }
    say(terminal, done.value);
    const outstanding = done.value.filter(isOutstanding);
    for (const { id, serial: where } of outstanding)
      terminal.note(plain(terminal.words('cli.undo.outstanding', { id, serial: where })));
    if (done.value.length === 0) terminal.note(plain(terminal.words('cli.undo.nothing')));
    return outstanding.length === 0 ? 0 : 4;
  });
}

function say(terminal: Terminal, changes: readonly JournalledChange[]): void {
  for (const change of changes) {
    const { id, handset, serial, act, command, undo, ends } = change;
    const state = ends.at(-1)?.outcome ?? 'outstanding';
    terminal.result(change, () =>
      plain(`${id}  ${handset}  ${serial}  ${act}  ${state}  ${command}  (${undoLine(undo ?? [])})`),
    );
  }
}
