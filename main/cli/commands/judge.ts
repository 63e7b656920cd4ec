import type { Command } from 'commander';
import { symptoms } from '../../../shared/model/claim.ts';
import { compareLabels } from '../../workflow/compare.ts';
import { addComplaint, decideFinding } from '../../workflow/decide.ts';
import { searchCase } from '../../workflow/search-case.ts';
import type { Conduct } from '../../workflow/conduct.ts';
import { runsTaken, verifyClaims } from '../../workflow/verify-claims.ts';
import { choice, pathFrom } from '../command.ts';
import type { Bind } from '../program.ts';
import type { Terminal } from '../terminal.ts';
import { plain } from '../terminal.ts';

export function registerJudgeCommands(program: Command, bind: Bind): void {
  registerSearch(program, bind);
  registerDecide(program, bind);
  registerCompare(program, bind);
  registerClaims(program, bind);
}

function registerSearch(program: Command, bind: Bind): void {
  const search = program
    .command('search')
    .description('any text, hex or number through every exhibit, decoded bodies included')
    .argument('<dir>', 'the case folder')
    .argument('<text>', 'what to look for');
  bind<[string, string]>(search, async ({ terminal, conduct }, dir, text) => {
    const found = await searchCase(pathFrom(dir), text, conduct);
    if (!found.ok) {
      terminal.problem(found.problem);
      return conduct.signal.aborted ? 130 : 1;
    }
    for (const hit of found.value.hits) {
      terminal.result(hit, () =>
        plain(
          `${hit.exhibit}${hit.frame === null ? '' : `#${hit.frame}`}  ${hit.where}  ${hit.form}  …${hit.context}…`,
        ),
      );
    }
    for (const limit of found.value.limits) terminal.note(plain(limit));
    return found.value.limits.length === 0 ? 0 : 4;
  });
}

function registerDecide(program: Command, bind: Bind): void {
  const decide = program
    .command('finding')
    .description("the examiner's word on a finding")
    .command('decide')
    .description('confirm or dismiss a finding, with a reason')
    .argument('<dir>', 'the case folder')
    .argument('<key>', 'its key or its number')
    .argument('<verdict>', 'confirm or dismiss')
    .requiredOption('--reason <reason>', 'why');
  bind<[string, string, string, { readonly reason: string }]>(
    decide,
    async ({ terminal, conduct }, dir, key, verdict, options) => {
      const word = choice('decide', verdict, ['confirm', 'dismiss'] as const);
      const done = await decideFinding(pathFrom(dir), { key, verdict: word, reason: options.reason }, conduct);
      if (!done.ok) {
        terminal.problem(done.problem);
        return 1;
      }
      terminal.result(done.value, () => plain(`${done.value.number}  ${word}  ${options.reason}`));
      return 0;
    },
  );
}

function registerCompare(program: Command, bind: Bind): void {
  const compare = program
    .command('compare')
    .description('what changed from one label to the other')
    .argument('<dir>', 'the case folder')
    .argument('<before>', 'label before')
    .argument('<after>', 'label after');
  bind<[string, string, string]>(compare, async ({ terminal, conduct }, dir, before, after) => {
    const compared = await compareLabels(pathFrom(dir), before, after, conduct);
    if (!compared.ok) {
      terminal.problem(compared.problem);
      return 1;
    }
    const { changes, caveats } = compared.value;
    for (const one of changes) {
      terminal.result(one, () =>
        plain(
          `${one.noise ? '~' : ' '} ${one.kind}  ${one.change}  ${one.subject}  ${one.before ?? '-'} > ${one.after ?? '-'}  ${one.meaning}`,
        ),
      );
    }
    // What was read on one side only is no change; a blank in its place would read as «the same».
    for (const caveat of caveats) terminal.note(plain(caveat));
    return 0;
  });
}

interface ComplaintOptions {
  readonly text: string;
  readonly from: string;
  readonly handset?: string;
  readonly package?: string;
  readonly symptom?: string;
  readonly before?: string;
  readonly after?: string;
  readonly receivedAt?: string;
}

function registerClaims(program: Command, bind: Bind): void {
  const add = program
    .command('complaint')
    .description("users' complaints")
    .command('add')
    .description('add a complaint')
    .argument('<dir>', 'the case folder')
    .requiredOption('--text <text>', 'what the person complains of')
    .requiredOption('--from <name>', 'who complains (a reference, not a name, where possible)')
    .option('--handset <id>', 'H1, H2 …')
    .option('--package <package>', 'the application it is about')
    .option('--symptom <symptom>', `what goes wrong, so that a record can show it: ${symptoms.join(', ')}`)
    .option('--before <label>', 'label before the upgrade')
    .option('--after <label>', 'label after the upgrade')
    .option('--received-at <instant>', 'RFC 3339; default now');
  bind<[string, ComplaintOptions]>(add, ({ terminal, conduct }, dir, options) => {
    const symptom = options.symptom === undefined ? null : choice('--symptom', options.symptom, symptoms);
    const added = addComplaint(
      pathFrom(dir),
      {
        text: options.text,
        from: options.from,
        handset: options.handset ?? null,
        package: options.package ?? null,
        symptom,
        labelBefore: options.before ?? null,
        labelAfter: options.after ?? null,
        receivedAt: options.receivedAt ?? null,
      },
      conduct,
    );
    if (!added.ok) {
      terminal.problem(added.problem);
      return 1;
    }
    terminal.result(added.value, () => plain(`${added.value.id}  ${added.value.text}`));
    return 0;
  });

  const claims = program
    .command('claims')
    .description("a verdict for each of the vendor's claims and each complaint")
    .argument('<dir>', 'the case folder');
  bind<[string]>(claims, async ({ terminal, conduct }, dir) => {
    const verdicts = await verifyClaims(pathFrom(dir), conduct);
    if (!verdicts.ok) {
      terminal.problem(verdicts.problem);
      return 1;
    }
    for (const one of verdicts.value) {
      terminal.result(one, () =>
        plain(
          `${one.claim}  ${terminal.words(`ui.verdict.${one.verdict}`)}  ${one.why}  ${terminal.words('cli.claim.sides', { for: one.for.join(' ') || '-', against: one.against.join(' ') || '-' })}`,
        ),
      );
    }
    if (!terminal.json) await sayRuns(terminal, pathFrom(dir), conduct);
    return 0;
  });
}

/** What each run was taken for: whoever reads a run differently reads the verdicts differently. */
async function sayRuns(terminal: Terminal, directory: string, conduct: Conduct): Promise<void> {
  const runs = await runsTaken(directory, conduct);
  if (!runs.ok || runs.value.length === 0) return;
  terminal.say(terminal.words('cli.claims.runs'));
  for (const one of runs.value) {
    terminal.say(plain(`  ${one.label}/${one.run}  ${one.build}  ${one.reset}  ${one.service}  (${one.basis})`));
  }
}
