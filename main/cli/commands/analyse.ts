import type { Command } from 'commander';
import { contradictionsOf } from '../../../shared/model/source-contradiction.ts';
import { analyseCase } from '../../workflow/analyse.ts';
import { listIdentifiers } from '../../workflow/open-case.ts';
import { UsageError, pathFrom } from '../command.ts';
import type { Bind } from '../program.ts';
import type { Terminal } from '../terminal.ts';
import { plain } from '../terminal.ts';
import { endWithGaps, endWithProblem } from './ends.ts';

/** A wrong value is a silent miss: sources that disagree are told before the search for their values begins. */
function tellContradictions(terminal: Terminal, directory: string): void {
  const rows = listIdentifiers(directory, false);
  if (!rows.ok) return;
  for (const { handset, kind, values } of contradictionsOf(rows.value)) {
    const said = values.map(({ value, sources }) => `${value} (${sources.join(', ')})`).join(' / ');
    const params = { handset, kind: terminal.words(`ui.identifier-kind.${kind}`), values: said };
    terminal.note(plain(terminal.words('cli.analyse.contradiction', params)));
  }
}

export function registerAnalyseCommand(program: Command, bind: Bind): void {
  const command = program
    .command('analyse')
    .description('rebuild the index where needed, and say what is new')
    .argument('<dir>', 'the case folder')
    .option('--workers <n>', 'how many workers read captures');
  bind<[string, { readonly workers?: string }]>(command, async (context, dir, options) => {
    const { terminal, conduct } = context;
    const workers = options.workers === undefined ? null : Number(options.workers);
    if (workers !== null && !(Number.isInteger(workers) && workers >= 1 && workers <= 64)) {
      throw new UsageError('workers', { value: options.workers ?? '' });
    }
    tellContradictions(context.terminal, pathFrom(dir));
    const done = await analyseCase(pathFrom(dir), { workers }, conduct);
    if (!done.ok) return endWithProblem(context, done.problem);
    const a = done.value;
    terminal.result(a, () => {
      const summary = terminal.words(a.rebuilt ? 'cli.analyse.rebuilt' : 'cli.analyse.current', {
        exhibits: a.exhibits,
        records: a.records,
        flows: a.flows,
        messages: a.messages,
        findings: a.findings,
        fresh: a.newFindings,
      });
      if (a.patterns === null) return plain(summary);
      const { values, literals, digests, joined } = a.patterns;
      const searched = terminal.words('cli.analyse.patterns', { values, literals, digests, joined });
      return `${plain(summary)}\n${plain(searched)}`;
    });
    return endWithGaps(context, a.gaps);
  });
}
