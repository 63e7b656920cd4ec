import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { shapeOfCommand } from '../../shared/contract/cli-commands.ts';
import { cliShapes } from '../../shared/contract/cli-shapes.ts';
import { openCaseForWriting } from '../../main/evidence/open-case.ts';
import { imei, inParallel, jsonLines, openCliBench, tellingCapture } from './cli-bench.ts';
import type { CliBench } from './cli-bench.ts';
import { openBench, valueOf } from './handset-bench.ts';
import type { Bench } from './handset-bench.ts';

/** Leaves a copy of a file that was cut off in a case. */
function cutOff(directory: string): string {
  const writer = valueOf(openCaseForWriting(directory, 'testing'));
  const owned = { label: 'unassigned', handset: 'unassigned', run: null, acquisition: null, collector: null } as const;
  const origin = { type: 'import', fileName: 'a.pcap', compression: null } as const;
  const source = { path: '/a.pcap', bytes: 9, modifiedMs: 0 };
  const copy = valueOf(writer.beginExhibit({ ...owned, originalName: 'a.pcap', kind: 'capture', origin }, source));
  valueOf(copy.write(Buffer.from('x')));
  valueOf(copy.suspend());
  writer.close();
  return directory;
}

/** Leaves a change on record that nobody took back, on a handset that is not there. */
function leftBehind(directory: string): string {
  const writer = valueOf(openCaseForWriting(directory, 'testing'));
  const file = '/data/local/tmp/handsight-0123456789ab.png';
  const undo = [{ type: 'remove-file', path: file }] as const;
  const change = { command: `screencap -p ${file}`, reason: 'screenshot', undo } as const;
  valueOf(writer.beginChange({ handset: 'H1', serial: 'away', act: 'A1', identity: null, ...change }));
  writer.close();
  return directory;
}
const intakeWords = ['--exhibit-number', '7/1', '--received-from', 'C1', '--authority', 'order', '--battery', '61'];

let cli: CliBench;
let bench: Bench;
let env: Record<string, string> = {};
let directory = '';
beforeAll(async () => {
  cli = openCliBench();
  bench = await openBench();
  env = { HANDSIGHT_ADB_SERVER: `127.0.0.1:${bench.server.endpoint()?.port}` };
});
afterAll(async () => {
  await bench.close();
  cli.close();
});

/** Every command below these words that takes `--json`, with the schema that its help names. */
async function jsonCommands(words: readonly string[]): Promise<Record<string, string>> {
  const { stdout } = await cli.must([...words, '--help']);
  const own = /^ {2}--json\s[\s\S]*?handsight\s+schema\s+([\w-]+)\)/m.exec(stdout)?.[1];
  const found: Record<string, string> = own === undefined ? {} : { [words.join(' ')]: own };
  const listed = stdout.split('Commands:\n')[1] ?? '';
  // Groups have commander's own `help`, which prints no results.
  const names = listed.split('\n').flatMap((line) => /^ {2}(?!help )([a-z]\S*)/.exec(line)?.[1] ?? []);
  await inParallel(names, async (name) => void Object.assign(found, await jsonCommands([...words, name])), 2);
  return found;
}

describe('every command that takes --json', () => {
  test('says in its help which schema its lines have, and the schema is there', { timeout: 120_000 }, async () => {
    const found = await jsonCommands([]);
    expect(found).toEqual(shapeOfCommand);
    for (const name of Object.values(found)) expect(Object.keys(cliShapes)).toContain(name);
    expect(new Set(Object.values(found))).toEqual(new Set(Object.keys(cliShapes)));
  });

  /** Commands that were run, in order; each prints at least one line. */
  const steps: readonly (readonly [string, () => readonly string[]])[] = [
    ['case new', () => [cli.path('made.handsight'), '--number', '1', '--title', 't', '--examiner', 'e']],
    ['case show', () => [directory]],
    ['handset add', () => [directory, '--label', 'twin', '--role', 'twin']],
    ['identifier add', () => [directory, ...of('H1'), '--kind', 'imei', '--value', imei, '--source', 'label']],
    ['intake add', () => [directory, ...of('H1').slice(0, 2), ...intakeWords]],
    ['intake list', () => [directory]],
    ['intake sign', () => [directory, 'IN1', '--as', 'Supervisor']],
    ['identifier list', () => [directory]],
    ['devices', () => []],
    ['devices disconnect', () => [other]],
    ['devices connect', () => [other]],
    ['plan', () => ['--serial', serial]],
    ['plan', () => ['--profile', 'full']],
    ['acquire', () => [directory, '--serial', serial, ...of('H1', 'before', 'R1'), '--profile', 'quick']],
    ['acquire', () => [directory, '--serial', other, ...of('H1', 'after', 'R2'), '--profile', 'quick']],
    ['capture', () => [directory, '--serial', serial, ...of('H1', 'live'), '--method', 'tcpdump', '--seconds', '1']],
    ['import', () => [directory, cli.path('telling.pcap'), ...of('H1', 'before', 'R1')]],
    [
      'event add',
      () => [directory, '--run', 'R1', '--kind', 'note', '--at', '2014-08-07T10:00:00Z', '--text', 'seal broken'],
    ],
    ['complaint add', () => [directory, '--text', 'the browser closes', '--from', 'C1', '--package', 'com.android.x']],
    ['imports', () => [cutOff(directory)]],
    ['undo', () => [leftBehind(directory)]],
    ['changes', () => [directory]],
    ['import-output', () => [directory, cli.path('getprop.txt'), ...of('H1', 'before'), '--what', 'getprop']],
    ['attach', () => [directory, cli.path('getprop.txt'), ...of('H1', 'before')]],
    ['analyse', () => [directory]],
    ['exhibits', () => [directory]],
    ['flows', () => [directory]],
    ['messages', () => [directory]],
    ['findings', () => [directory]],
    ['records', () => [directory]],
    ['identifiers', () => [directory]],
    ['events', () => [directory]],
    ['search', () => [directory, imei]],
    ['finding decide', () => [directory, 'F0001', 'confirm', '--reason', 'seen in the exhibit']],
    ['compare', () => [directory, 'before', 'after']],
    ['claims', () => [directory]],
    ['report', () => [directory, '--edition', 'full', '--format', 'json', '--out', cli.path('report.json')]],
    ['verify', () => [directory]],
    ['schema', () => ['verify']],
  ];
  let serial = '';
  let other = '';
  const of = (handset: string, label?: string, run?: string): string[] => [
    '--handset',
    handset,
    ...(label === undefined ? [] : ['--label', label]),
    ...(run === undefined ? [] : ['--run', run]),
  ];

  test('prints lines that validate against it, nothing more and nothing less', { timeout: 300_000 }, async () => {
    directory = await cli.newCase('schemas.handsight');
    writeFileSync(cli.path('getprop.txt'), '[ro.product.model]: [HM 1SW]\n[ro.build.version.release]: [4.3]\n');
    writeFileSync(cli.path('telling.pcap'), tellingCapture().bytes);
    serial = (await bench.plug('modern-rooted')).address;
    other = (await bench.plug('modern-locked')).address;
    const printed = new Map<string, number>();
    for (const [command, args] of steps) {
      const end = await cli.run([...command.split(' '), ...args(), '--json'], { env });
      expect([0, 4], `${command}: ${end.stderr}`).toContain(end.code);
      const schema = cliShapes[shapeOfCommand[command] ?? 'schema'];
      const checked = z.fromJSONSchema(z.toJSONSchema(schema));
      for (const line of jsonLines(end.stdout)) {
        const result = checked.safeParse(line);
        expect(result.error?.issues ?? [], `${command}: ${JSON.stringify(line).slice(0, 500)}`).toEqual([]);
      }
      printed.set(command, (printed.get(command) ?? 0) + jsonLines(end.stdout).length);
    }
    // What is disconnected is gone: there is no line to print.
    printed.delete('devices disconnect');
    expect([...printed].filter(([, lines]) => lines === 0)).toEqual([]);
    // Nobody answers at this address, and an adb before 30 cannot pair at all: a problem either way, and no line.
    const pair = await cli.run(['devices', 'pair', '127.0.0.1:9', '123456', '--json'], { env });
    expect(pair).toMatchObject({ code: 1, stdout: '' });
    // The demonstration's line is looked at where one is made (cli-demo.test.ts).
    const run = new Set([...steps.map(([command]) => command), 'devices pair', 'demo']);
    expect(Object.keys(shapeOfCommand).filter((command) => !run.has(command))).toEqual([]);
  });

  test('devices: the advice is a key for programs, and a sentence in the language that was asked for', async () => {
    const listed = async (lang: string): Promise<Record<string, unknown>[]> =>
      jsonLines((await cli.must(['devices', '--json', '--lang', lang], { env })).stdout);
    expect(await listed('en')).toContainEqual(
      expect.objectContaining({ advice: 'advice.device', adviceText: expect.stringMatching(/^[A-Z].+\.$/) as string }),
    );
    expect(await listed('zh-Hant')).toContainEqual(
      expect.objectContaining({
        advice: 'advice.device',
        adviceText: expect.stringMatching(/[\u4e00-\u9fff]/) as string,
      }),
    );
  });
});
