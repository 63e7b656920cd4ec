import type { Command } from 'commander';
import { identifierKinds } from '../../../shared/model/identifier.ts';
import { sourceWithPhoto } from '../../workflow/attach-files.ts';
import {
  addEvent,
  addHandset,
  addIdentifiers,
  listIdentifiers,
  newCase,
  readIdentifierFile,
  showCase,
} from '../../workflow/open-case.ts';
import { wordDoing } from '../../workflow/word-problem.ts';
import { UsageError, choice, pathFrom } from '../command.ts';
import type { Bind } from '../program.ts';
import { plain } from '../terminal.ts';
import { identifierLine } from './query.ts';

interface NewCaseOptions {
  readonly number: string;
  readonly title: string;
  readonly examiner: string;
}

export function registerCaseCommands(program: Command, bind: Bind): void {
  registerCase(program, bind);
  registerHandset(program, bind);
  registerIdentifier(program, bind);
  registerEvent(program, bind);
}

function registerCase(program: Command, bind: Bind): void {
  const group = program.command('case').description('make a case, or show one');
  const create = group
    .command('new')
    .description('make a new case folder')
    .argument('<dir>', 'the folder to make')
    .requiredOption('--number <number>', 'case number')
    .requiredOption('--title <title>', 'title')
    .requiredOption('--examiner <name>', 'who examines');
  bind<[string, NewCaseOptions]>(create, ({ terminal, conduct }, dir, options) => {
    const made = newCase(pathFrom(dir), options, conduct);
    if (!made.ok) {
      terminal.problem(made.problem);
      return 1;
    }
    terminal.result(made.value, () => plain(`${made.value.number}  ${made.value.directory}`));
    return 0;
  });

  const show = group.command('show').description('what a case holds').argument('<dir>', 'the case folder');
  bind<[string]>(show, ({ terminal }, dir) => {
    const shown = showCase(pathFrom(dir));
    if (!shown.ok) {
      terminal.problem(shown.problem);
      return 1;
    }
    const s = shown.value;
    terminal.result(s, () =>
      [
        `${s.number}  ${s.title}`,
        terminal.words('cli.case.examiner', { examiner: s.examiner, createdAt: s.createdAt }),
        s.synthetic ? terminal.words('cli.case.synthetic') : '',
        Object.entries(s.counts)
          .map(([name, count]) => `${terminal.words(`cli.count.${name}`)} ${count}`)
          .join('  '),
        terminal.words('cli.case.labels', { labels: s.labels.join(', ') }),
        terminal.words('cli.case.head', { head: s.head }),
        s.writer === null
          ? ''
          : terminal.words('cli.case.writer', {
              host: s.writer.host,
              pid: String(s.writer.pid),
              doing: wordDoing(terminal.lang, s.writer.doing),
            }),
      ]
        .filter((line) => line !== '')
        .map(plain)
        .join('\n'),
    );
    return 0;
  });
}

interface HandsetOptions {
  readonly label: string;
  readonly serial?: string;
  readonly role: string;
}

function registerHandset(program: Command, bind: Bind): void {
  const add = program
    .command('handset')
    .description('the handsets of a case')
    .command('add')
    .description('add a handset; prints its id')
    .argument('<dir>', 'the case folder')
    .requiredOption('--label <label>', 'how people call it')
    .option('--serial <serial>', 'its serial number')
    .option('--role <role>', 'exhibit or twin', 'exhibit');
  bind<[string, HandsetOptions]>(add, ({ terminal, conduct }, dir, options) => {
    const role = choice('--role', options.role, ['exhibit', 'twin'] as const);
    const added = addHandset(pathFrom(dir), { label: options.label, serial: options.serial ?? null, role }, conduct);
    if (!added.ok) {
      terminal.problem(added.problem);
      return 1;
    }
    terminal.result(added.value, () => added.value.id);
    return 0;
  });
}

interface IdentifierOptions {
  readonly handset: string;
  readonly kind?: string;
  readonly value?: string;
  readonly source: string;
  readonly photo?: string;
  readonly valuesFrom?: string;
}

function registerIdentifier(program: Command, bind: Bind): void {
  const group = program.command('identifier').description('what singles out a person, SIM or handset');
  const add = group
    .command('add')
    .description('add identifiers that a person knows (label, *#06#, SIM card)')
    .argument('<dir>', 'the case folder')
    .requiredOption('--handset <id>', 'H1, H2 …')
    .option('--kind <kind>', identifierKinds.join(' '))
    .option('--value <value>', 'its value')
    .option('--values-from <file>', 'lines of kind,value')
    .requiredOption('--source <source>', 'where it was read')
    .option('--photo <exhibit>', 'the attached photo or document it was read from (see attach)');
  bind<[string, IdentifierOptions]>(add, ({ terminal, conduct }, dir, options) => {
    const values = valuesOf(options);
    if (!values.ok) {
      terminal.problem(values.problem);
      return 1;
    }
    const { handset, photo = null } = options;
    const source = sourceWithPhoto(pathFrom(dir), handset, options.source, photo);
    const added = source.ok
      ? addIdentifiers(pathFrom(dir), { handset, source: source.value, values: values.value }, conduct)
      : source;
    if (!added.ok) {
      terminal.problem(added.problem);
      return 1;
    }
    for (const one of added.value) terminal.result(one, () => plain(identifierLine(one, terminal.words)));
    return 0;
  });
  const list = group
    .command('list')
    .description('identifiers of the handsets')
    .argument('<dir>', 'the case folder')
    .option('--names', 'names of accounts in full, else masked');
  bind<[string, { readonly names?: boolean }]>(list, ({ terminal }, dir, options) => {
    const rows = listIdentifiers(pathFrom(dir), options.names === true);
    if (!rows.ok) {
      terminal.problem(rows.problem);
      return 1;
    }
    for (const one of rows.value) terminal.result(one, () => plain(identifierLine(one, terminal.words)));
    return 0;
  });
}

function valuesOf(options: IdentifierOptions): ReturnType<typeof readIdentifierFile> {
  if (options.valuesFrom !== undefined) {
    if (options.kind !== undefined || options.value !== undefined) {
      throw new UsageError('values-from-alone');
    }
    return readIdentifierFile(pathFrom(options.valuesFrom));
  }
  if (options.kind === undefined || options.value === undefined) {
    throw new UsageError('value-needed');
  }
  return { ok: true, value: [{ kind: choice('--kind', options.kind, identifierKinds), value: options.value }] };
}

interface EventOptions {
  readonly run: string;
  readonly kind: string;
  readonly at: string;
  readonly text: string;
  readonly label?: string;
  readonly handset?: string;
}

function registerEvent(program: Command, bind: Bind): void {
  const add = program
    .command('event')
    .description('what happened during a run')
    .command('add')
    .description('attest something that happened')
    .argument('<dir>', 'the case folder')
    .requiredOption('--run <run>', 'the run it belongs to')
    .requiredOption('--kind <kind>', 'consent-act, stimulus or note')
    .requiredOption('--at <instant>', 'RFC 3339, by the workstation; beside imported captures by their clock')
    .requiredOption('--text <text>', 'what happened')
    .option('--label <label>', 'the label it belongs to')
    .option('--handset <id>', 'the handset it concerns');
  bind<[string, EventOptions]>(add, ({ terminal, conduct }, dir, options) => {
    const kind = choice('--kind', options.kind, ['consent-act', 'stimulus', 'note'] as const);
    const added = addEvent(
      pathFrom(dir),
      {
        run: options.run,
        kind,
        at: options.at,
        text: options.text,
        label: options.label ?? null,
        handset: options.handset ?? null,
      },
      conduct,
    );
    if (!added.ok) {
      terminal.problem(added.problem);
      return 1;
    }
    terminal.result(added.value, () => plain(`${added.value.id}  ${added.value.at}  ${added.value.text}`));
    return 0;
  });
}
