import type { Command } from 'commander';
import { exportReport } from '../../workflow/export-report.ts';
import { printPdfWithElectron } from '../../workflow/print-pdf.ts';
import { verifyCaseFolder } from '../../workflow/verify-case.ts';
import { choice, pathFrom } from '../command.ts';
import type { Bind } from '../program.ts';
import { plain } from '../terminal.ts';

interface ReportOptions {
  readonly edition: string;
  readonly format: string;
  readonly out: string;
  readonly force?: true;
}

export function registerReportCommands(program: Command, bind: Bind): void {
  const report = program
    .command('report')
    .description('write the evidence report')
    .argument('<dir>', 'the case folder')
    .requiredOption('--edition <edition>', 'full')
    .requiredOption('--format <format>', 'html, pdf or json')
    .requiredOption('--out <path>', 'the file to write; inside a case folder only a new file in its reports/')
    .option('--force', 'replace a file at that place that is no report of this program (never one inside a case)');
  bind<[string, ReportOptions]>(report, async ({ terminal, conduct }, dir, options) => {
    choice('--edition', options.edition, ['full'] as const);
    const format = choice('--format', options.format, ['html', 'pdf', 'json'] as const);
    const done = await exportReport(
      pathFrom(dir),
      { format, lang: conduct.lang, outPath: pathFrom(options.out), force: options.force === true },
      printPdfWithElectron,
      conduct,
    );
    if (!done.ok) {
      terminal.problem(done.problem);
      return conduct.signal.aborted ? 130 : 1;
    }
    terminal.result(done.value, () => plain(`${done.value.path}  ${done.value.bytes} B  ${done.value.sha256}`));
    for (const gap of done.value.gaps) terminal.problem(gap);
    return done.value.gaps.length === 0 ? 0 : 4;
  });

  const verify = program
    .command('verify')
    .description('recompute everything in a case and name what is wrong first')
    .argument('<dir>', 'the case folder')
    .option('--head <hash>', 'the custody head that was written down');
  bind<[string, { readonly head?: string }]>(verify, async ({ terminal, conduct }, dir, options) => {
    const done = await verifyCaseFolder(pathFrom(dir), { head: options.head ?? null }, conduct, (line) => {
      terminal.result(line, () =>
        plain(
          `${line.ok ? 'ok  ' : 'FAIL'}  ${line.check}  ${line.subject}${line.detail === null ? '' : `  ${line.detail}`}`,
        ),
      );
    });
    if (!done.ok) {
      terminal.problem(done.problem);
      return conduct.signal.aborted ? 130 : 1;
    }
    const s = done.value;
    terminal.result(s, () =>
      plain(
        s.ok
          ? terminal.words('cli.verify.ok', { checks: s.checks, head: s.head ?? '-' })
          : terminal.words('cli.verify.failed', { failed: s.failed, first: s.firstFailure ?? '-' }),
      ),
    );
    return s.ok ? 0 : 3;
  });
}
