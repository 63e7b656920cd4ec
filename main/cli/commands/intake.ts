import type { Command } from 'commander';
import {
  intakeAirplanes,
  intakeChecks,
  intakeLocks,
  intakePowers,
  intakeSims,
  intakeWants,
} from '../../../shared/model/intake.ts';
import type { Intake } from '../../../shared/model/intake.ts';
import { nowAt } from '../../workflow/conduct.ts';
import { listIntakes, recordIntake, signIntake } from '../../workflow/intake.ts';
import { UsageError, choice, pathFrom } from '../command.ts';
import type { Bind } from '../program.ts';
import type { Terminal } from '../terminal.ts';
import { plain } from '../terminal.ts';

interface IntakeOptions {
  readonly handset: string;
  readonly exhibitNumber: string;
  readonly seal?: string;
  readonly receivedFrom: string;
  readonly receivedAt?: string;
  readonly authority: string;
  readonly lock: string;
  readonly power: string;
  readonly airplane: string;
  readonly sim: string;
  readonly battery?: string;
  readonly photograph: readonly string[];
  readonly confirm?: string;
  readonly note?: string;
}

export function registerIntakeCommands(program: Command, bind: Bind): void {
  const group = program.command('intake').description('how a handset came in, before it is plugged in');
  registerAdd(group, bind);
  const list = group.command('list').description('every intake').argument('<dir>', 'the case folder');
  bind<[string]>(list, ({ terminal }, dir) => {
    const listed = listIntakes(pathFrom(dir));
    if (!listed.ok) {
      terminal.problem(listed.problem);
      return 1;
    }
    for (const one of listed.value) terminal.result(one, () => intakeLine(one));
    return 0;
  });
  const sign = group
    .command('sign')
    .description('sign an intake that another person recorded, as the one named with --as')
    .argument('<dir>', 'the case folder')
    .argument('<id>', 'IN1, IN2 …');
  bind<[string, string]>(sign, ({ terminal, conduct }, dir, id) => {
    const signed = signIntake(pathFrom(dir), id, conduct);
    if (!signed.ok) {
      terminal.problem(signed.problem);
      return 1;
    }
    terminal.result(signed.value, () => intakeLine(signed.value));
    return 0;
  });
}

function registerAdd(group: Command, bind: Bind): void {
  const words = (list: readonly string[]): string => list.join(', ');
  const add = group
    .command('add')
    .description('record how a handset came in; a later one of the same handset corrects it')
    .argument('<dir>', 'the case folder')
    .requiredOption('--handset <id>', 'H1, H2 …')
    .requiredOption('--exhibit-number <number>', 'the number on the bag or label')
    .option('--seal <seal>', 'the seal, as it was found')
    .requiredOption('--received-from <name>', 'who handed it over')
    .option('--received-at <instant>', 'RFC 3339; default now')
    .requiredOption('--authority <text>', 'what allows the examination')
    .option('--lock <state>', words(intakeLocks), 'unknown')
    .option('--power <state>', words(intakePowers), 'unknown')
    .option('--airplane <state>', words(intakeAirplanes), 'unknown')
    .option('--sim <state>', words(intakeSims), 'unknown')
    .option('--battery <percent>', '0 to 100')
    .option('--photograph <exhibit>', 'an exhibit that shows it; may be given again', collect, [])
    .option('--confirm <checks>', `what was done before the cable, with commas between: ${words(intakeChecks)}`)
    .option('--note <text>', 'anything else');
  bind<[string, IntakeOptions]>(add, ({ terminal, conduct }, dir, options) => {
    const battery = options.battery === undefined ? null : Number(options.battery);
    if (battery !== null && !/^\d{1,3}$/.test(options.battery ?? ''))
      throw new UsageError('choice', { name: '--battery', value: JSON.stringify(options.battery), allowed: '0 … 100' });
    const recorded = recordIntake(
      pathFrom(dir),
      {
        handset: options.handset,
        exhibitNumber: options.exhibitNumber,
        seal: options.seal ?? null,
        receivedFrom: options.receivedFrom,
        receivedAt: options.receivedAt ?? nowAt(),
        state: {
          lock: choice('--lock', options.lock, intakeLocks),
          power: choice('--power', options.power, intakePowers),
          airplane: choice('--airplane', options.airplane, intakeAirplanes),
          sim: choice('--sim', options.sim, intakeSims),
          battery,
        },
        authority: options.authority,
        photographs: options.photograph,
        confirmed: checksOf(options.confirm),
        note: options.note ?? null,
      },
      conduct,
    );
    if (!recorded.ok) {
      terminal.problem(recorded.problem);
      return 1;
    }
    terminal.result(recorded.value, () => intakeLine(recorded.value));
    noteWants(terminal, recorded.value);
    return 0;
  });
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function checksOf(text: string | undefined): (typeof intakeChecks)[number][] {
  const named = (text ?? '').split(',').filter((word) => word.trim() !== '');
  return named.map((word) => choice('--confirm', word.trim(), intakeChecks));
}

/** What was not confirmed is told: the cable changes the handset. */
function noteWants(terminal: Terminal, intake: Intake): void {
  const wants = intakeWants(intake);
  if (wants.length > 0) terminal.note(terminal.words('cli.intake.wants', { checks: wants.join(', ') }));
}

/** Before a handset is asked: what its latest intake does not confirm, or that there is none. A case that cannot be read says so elsewhere. */
export function noteIntakeOf(terminal: Terminal, directory: string, handset: string): void {
  const intakes = listIntakes(directory);
  if (!intakes.ok) return;
  const latest = intakes.value.findLast((one) => one.handset === handset);
  if (latest === undefined) terminal.note(plain(terminal.words('cli.intake.none', { handset })));
  else noteWants(terminal, latest);
}

function intakeLine(one: Intake): string {
  const signed = one.signed === null ? '-' : one.signed.by;
  return plain(`${one.id}  ${one.handset}  ${one.exhibitNumber}  ${one.receivedAt}  ${one.recordedBy}  ${signed}`);
}
