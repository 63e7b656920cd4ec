import type { Command } from 'commander';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import { ok } from '../../../shared/model/problem.ts';
import { acquireSnapshot } from '../../workflow/acquire-snapshot.ts';
import { captureTraffic } from '../../workflow/capture-traffic.ts';
import { importFiles } from '../../workflow/import-file.ts';
import { liveLines } from '../../workflow/word-sight.ts';
import { discardUnfinishedImport, listUnfinishedImports } from '../../workflow/unfinished-imports.ts';
import { findResumable } from '../../workflow/resume-acquisition.ts';
import { withHandsets } from '../../workflow/handset-session.ts';
import { chosenScope, collectorsOption, profileOption, tellAlwaysAsked } from '../collector-options.ts';
import type { CollectorOptions } from '../collector-options.ts';
import { UsageError, choice, pathFrom } from '../command.ts';
import type { Bind } from '../program.ts';
import { plain } from '../terminal.ts';
import { endWithGaps, endWithProblem } from './ends.ts';
import { noteIntakeOf } from './intake.ts';

export function registerCollectCommands(program: Command, bind: Bind): void {
  registerAcquire(program, bind);
  registerCapture(program, bind);
  registerImport(program, bind);
  registerImports(program, bind);
}

/** What every command asks that collects from a connected handset. */
interface HandsetOptions {
  readonly serial: string;
  readonly handset: string;
  readonly label: string;
  readonly run?: string;
}

function handsetCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('<dir>', 'the case folder')
    .requiredOption('--serial <serial>', 'as adb lists it')
    .requiredOption('--handset <id>', 'H1, H2 …')
    .requiredOption('--label <label>', 'before, after …')
    .option('--run <run>', 'the run it belongs to');
}

function handsetWish(options: HandsetOptions): {
  readonly serial: string;
  readonly handset: string;
  readonly label: string;
  readonly run: string | null;
} {
  const { serial, handset, label, run } = options;
  return { serial, handset, label, run: run ?? null };
}

type AcquireOptions = HandsetOptions & CollectorOptions & { readonly resume?: boolean };

function registerAcquire(program: Command, bind: Bind): void {
  const command = handsetCommand(program, 'acquire', 'one acquisition of a handset')
    .option(...profileOption)
    .option(...collectorsOption)
    .option(
      '--resume',
      'go on with the last such acquisition, which was cut off: what it has an answer to is not asked again',
    );
  bind<[string, AcquireOptions]>(command, async (context, dir, options) => {
    const { terminal, conduct } = context;
    const scope = chosenScope(options);
    if (scope.profile === 'own') tellAlwaysAsked(terminal, scope.collectors);
    const wish = { ...handsetWish(options), ...scope, resume: options.resume === true };
    const cut = options.resume === true ? ok(null) : findResumable(pathFrom(dir), wish);
    if (cut.ok && cut.value !== null)
      terminal.note(plain(terminal.words('cli.acquire.resumable', { id: cut.value.id })));
    const directory = pathFrom(dir);
    const done = await withHandsets(conduct, (handsets) =>
      acquireSnapshot(directory, wish, handsets, conduct, {
        onAsked: () => noteIntakeOf(terminal, directory, wish.handset),
      }),
    );
    if (!done.ok) return endWithProblem(context, done.problem);
    terminal.result(done.value, () =>
      done.value.results
        .map((r) => plain(`${r.collector}  ${r.outcome}${r.reason === null ? '' : `  ${r.reason}`}`))
        .join('\n'),
    );
    return endWithGaps(context, done.value.gaps);
  });
}

interface CaptureOptions extends HandsetOptions {
  readonly method: string;
  readonly seconds?: string;
}

function registerCapture(program: Command, bind: Bind): void {
  const command = handsetCommand(program, 'capture', 'live capture of a handset')
    .requiredOption('--method <method>', 'tcpdump')
    .option('--seconds <n>', 'how long; without it until Ctrl-C');
  bind<[string, CaptureOptions]>(command, async (context, dir, options) => {
    const { terminal, conduct } = context;
    choice('--method', options.method, ['tcpdump'] as const);
    const seconds = options.seconds === undefined ? null : Number(options.seconds);
    if (seconds !== null && !(seconds > 0 && seconds <= 30 * 24 * 3600)) {
      throw new UsageError('seconds', { value: options.seconds ?? '' });
    }
    const directory = pathFrom(dir);
    let isFirst = true;
    const done = await withHandsets(conduct, (handsets) =>
      captureTraffic(directory, { ...handsetWish(options), seconds }, handsets, conduct, {
        // The handset's clock is the first that is told: it can capture, and nothing was changed yet.
        onEvent: () => {
          if (isFirst) noteIntakeOf(terminal, directory, options.handset);
          isFirst = false;
        },
        live: liveLines(conduct, (line) => terminal.note(plain(line))),
      }),
    );
    if (!done.ok) return endWithProblem(context, done.problem);
    for (const exhibit of done.value.exhibits) {
      terminal.result(exhibit, () =>
        plain(`${exhibit.id}  ${exhibit.packets ?? 0} packets  ${exhibit.bytes} B  ${exhibit.outcome}`),
      );
    }
    for (const gap of done.value.gaps) terminal.note(plain(gap));
    // Ctrl-C is how a capture without --seconds is meant to end: its stop was orderly unless a gap says otherwise.
    if (done.value.gaps.length > 0) return 4;
    return conduct.signal.aborted && seconds !== null ? 130 : 0;
  });
}

interface ImportOptions {
  readonly handset?: string;
  readonly label?: string;
  readonly run?: string;
  readonly keylog: readonly string[];
  readonly for: readonly string[];
  readonly asOne?: boolean;
}

function registerImport(program: Command, bind: Bind): void {
  const command = program
    .command('import')
    .description(
      'take capture files into custody (pcap, pcapng, gzip or zstd around either), and key logs that open them',
    )
    .argument('<dir>', 'the case folder')
    .argument('[files...]', 'the captures')
    .option('--handset <id>', 'H1, H2 …')
    .option('--label <label>', 'before, after …')
    .option('--run <run>', 'the run they belong to')
    .option(
      '--keylog <file>',
      'a TLS key log (NSS format) of these captures; without captures, of those that have its handset, label and run',
      collected,
      [],
    )
    .option('--as-one', 'the files are one recording in pieces: read as one, in the order of their times')
    .option('--for <exhibit>', 'a capture in the case that the key log belongs to', collected, []);
  bind<[string, string[], ImportOptions]>(command, async (context, dir, files, options) => {
    const { terminal, conduct } = context;
    const { handset = null, label = null, run = null, keylog, for: keyLogsFor, asOne = false } = options;
    if (files.length === 0 && keylog.length === 0) throw new UsageError('import-nothing');
    if (keylog.length === 0 && keyLogsFor.length > 0) throw new UsageError('for-alone');
    if (asOne && files.length < 2) throw new UsageError('as-one');
    const wish = { handset, label, run, keyLogs: keylog.map(pathFrom), keyLogsFor, asOne };
    const done = await importFiles(pathFrom(dir), files.map(pathFrom), wish, conduct);
    if (!done.ok) return endWithProblem(context, done.problem);
    for (const exhibit of done.value.exhibits) {
      terminal.result(exhibit, () =>
        plain(`${exhibit.id}  ${whatIsIn(exhibit)}  ${exhibit.bytes} B  ${exhibit.sha256}  ${exhibit.originalName}`),
      );
    }
    return endWithGaps(context, done.value.gaps);
  });
}

function whatIsIn({ kind, packets }: Exhibit): string {
  return kind === 'key-log' ? 'key log' : `${packets ?? 0} packets`;
}

/** An option that may be given several times. */
function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function registerImports(program: Command, bind: Bind): void {
  const command = program
    .command('imports')
    .description('imports that were cut off: importing the file again goes on with them')
    .argument('<dir>', 'the case folder')
    .option('--discard <id>', 'take this one away');
  bind<[string, { readonly discard?: string }]>(command, (context, dir, { discard }) => {
    const { terminal, conduct } = context;
    const directory = pathFrom(dir);
    const done =
      discard === undefined ? listUnfinishedImports(directory) : discardUnfinishedImport(directory, discard, conduct);
    if (!done.ok) return endWithProblem(context, done.problem);
    for (const one of [done.value].flat()) {
      terminal.result(one, () => plain(`${one.id}  ${one.copiedBytes}/${one.bytes} B  ${one.path}`));
    }
    return 0;
  });
}
