import type { Command } from 'commander';
import { runDemonstration } from '../../workflow/run-demonstration.ts';
import { UsageError, pathFrom } from '../command.ts';
import type { Bind } from '../program.ts';
import { plain } from '../terminal.ts';

interface DemoOptions {
  readonly out?: string;
  readonly seed: string;
}

export function registerDemoCommand(program: Command, bind: Bind): void {
  const demo = program
    .command('demo')
    .description('the built-in demonstration, through the real adb server')
    .option('--out <dir>', 'the case folder to make (default: handsight-demo.handsight here, numbered when taken)')
    .option('--seed <n>', 'other seeds give other identifiers, hosts, times and order', '1');
  bind<[DemoOptions]>(demo, async ({ terminal, conduct }, options) => {
    const seed = Number(options.seed);
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new UsageError('seed', { value: options.seed });
    }
    const done = await runDemonstration(
      { directory: options.out === undefined ? null : pathFrom(options.out), parent: pathFrom('.'), seed },
      conduct,
    );
    if (!done.ok) {
      terminal.problem(done.problem);
      return conduct.signal.aborted ? 130 : 1;
    }
    const d = done.value;
    for (const finding of d.findings)
      terminal.say(
        plain(`${finding.number}  ${finding.severity}  ${finding.label}/${finding.run ?? '-'}  ${finding.statement}`),
      );
    for (const claim of d.claims) terminal.say(plain(`${claim.claim}  ${claim.verdict}  ${claim.why}`));
    terminal.result(
      { case: d.directory, reports: d.reports, findings: d.findings.length, head: d.head, gaps: d.gaps },
      () =>
        plain(terminal.words('cli.demo.done', { directory: d.directory, findings: d.findings.length, head: d.head })),
    );
    for (const gap of d.gaps) terminal.note(plain(gap));
    return d.gaps.length === 0 ? 0 : 4;
  });
}
