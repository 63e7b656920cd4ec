import type { Command } from 'commander';
import { collectorsFor } from '../../acquisition/own-profile.ts';
import { planAcquisition } from '../../acquisition/plan.ts';
import { ok } from '../../../shared/model/problem.ts';
import { askRelease, unknownHandset } from '../../workflow/ask-release.ts';
import { withHandsets } from '../../workflow/handset-session.ts';
import { chosenScope, collectorsOption, profileOption, tellAlwaysAsked } from '../collector-options.ts';
import type { CollectorOptions } from '../collector-options.ts';
import type { Bind } from '../program.ts';
import { plain } from '../terminal.ts';

interface PlanOptions extends CollectorOptions {
  readonly serial?: string;
}

/** What `acquire` would send to a handset, each command with whether it reads or changes, and what stays whatever is taken back. */
export function registerPlanCommand(program: Command, bind: Bind): void {
  const command = program
    .command('plan')
    .description(
      'what an acquisition of this handset would ask, what of it changes the handset, and what stays; asks two properties. Without a handset: everything that a profile may ask on any release',
    )
    .option('--serial <serial>', 'as adb lists it')
    .option(...profileOption)
    .option(...collectorsOption);
  bind<[PlanOptions]>(command, async ({ terminal, conduct }, options) => {
    const { serial = null } = options;
    const { profile, collectors } = chosenScope(options);
    const asked =
      serial === null
        ? ok(null)
        : await withHandsets(conduct, async (handsets) =>
            ok(await askRelease({ handsets: () => Promise.resolve(ok(handsets)) }, serial)),
          );
    if (!asked.ok) {
      terminal.problem(asked.problem);
      return 1;
    }
    const facts = asked.value;
    for (const { collector, commands } of planAcquisition(
      collectorsFor(profile, collectors),
      facts ?? unknownHandset,
    )) {
      const title = terminal.words(collector.titleKey);
      for (const { command: line, effect } of commands) {
        const row = { serial, release: facts?.release ?? null, profile, collector: collector.id, title, command: line };
        // What a handset that was not asked, or did not answer, would be changed by is not known.
        const known = facts === null ? null : effect;
        terminal.result({ ...row, effect: known }, () => plain(`${collector.id}  ${known ?? '?'}  ${line}`));
      }
    }
    if (collectors.includes('screen-text')) terminal.note(plain(terminal.words('ui.plan.screen-text')));
    if (collectors.includes('bug-report')) terminal.note(plain(terminal.words('ui.plan.bug-report')));
    if (collectors.includes('message-texts')) terminal.note(plain(terminal.words('ui.plan.message-texts')));
    if (facts === null) terminal.note(plain(terminal.words('ui.plan.unknown')));
    if (profile === 'own') tellAlwaysAsked(terminal, collectors);
    terminal.note(plain(terminal.words('ui.plan.stays')));
    return facts === null && serial !== null ? 4 : 0;
  });
}
