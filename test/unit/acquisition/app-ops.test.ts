import { describe, expect, it } from 'vitest';
import { appOps } from '../../../main/acquisition/collectors/app-ops.ts';
import { packages } from '../../../main/acquisition/collectors/packages.ts';
import { properties } from '../../../main/acquisition/collectors/properties.ts';
import { isFinished } from '../../../main/acquisition/finished.ts';
import { planAcquisition } from '../../../main/acquisition/plan.ts';
import { runAcquisition } from '../../../main/acquisition/run-acquisition.ts';
import type { AcquisitionOutcome } from '../../../main/acquisition/run-acquisition.ts';
import { maxAskedByName } from '../../../main/acquisition/run-per-package.ts';
import { acquisitionKnowledge as knowledge } from '../../../main/parsing/acquisition-knowledge.ts';
import { fakeEvidence, fakeHandset } from './fake-handset.ts';
import type { Answer } from './fake-handset.ts';

const denied = { stdout: "Permission Denial: can't dump AppOps from pid=1, uid=2000\n" };

interface Handset {
  readonly sdk: number;
  readonly list: string;
  readonly dump?: Answer;
  readonly ops: (command: string) => Answer | undefined;
}

async function ask(
  handset: Handset,
  only = [properties, packages, appOps],
): Promise<{ readonly run: AcquisitionOutcome; readonly sent: string[]; readonly names: string[] }> {
  const { link, sent } = fakeHandset((command) => {
    if (command === 'getprop')
      return { stdout: `[ro.build.version.release]: [x]\n[ro.build.version.sdk]: [${handset.sdk}]\n` };
    if (command.startsWith('pm list packages')) return { stdout: handset.list };
    if (command === 'dumpsys appops') return handset.dump ?? denied;
    return handset.ops(command);
  });
  const evidence = fakeEvidence();
  const run = await runAcquisition({ link, evidence, knowledge, profile: 'own', only });
  return { run, sent, names: evidence.stored.map(({ meta }) => meta.command) };
}

const told = (run: AcquisitionOutcome): readonly (readonly [string, string, boolean])[] =>
  (run.results.find(({ collector }) => collector === 'app-ops')?.commands ?? []).map(
    ({ command, outcome, replaced }) => [command, outcome, replaced] as const,
  );
const reasons = (run: AcquisitionOutcome): string[] => run.gaps.map(({ command, reason }) => `${command}: ${reason}`);

const list = 'package:/system/a.apk=a.b  uid:1000\npackage:/data/app/c==/base.apk=c.d_1\n';

describe('what apps may do, where the dump of all of them is refused', () => {
  it('is asked of each app by its name, each answer an exhibit; the refusal of the dump is then no gap', async () => {
    const { run, names } = await ask({
      sdk: 34,
      list,
      ops: (command) => ({ stdout: command.endsWith(' a.b') ? 'CAMERA: allow\n' : 'No operations.\n' }),
    });
    expect(told(run)).toEqual([
      ['dumpsys appops', 'refused', true],
      ['cmd appops get a.b', 'read', false],
      ['cmd appops get c.d_1', 'empty', false],
    ]);
    expect(names).toEqual(expect.arrayContaining(['cmd appops get a.b', 'cmd appops get c.d_1']));
    expect(run.gaps).toEqual([]);
  });

  it('is not asked by name where the dump was read', async () => {
    const dump = { stdout: 'Current AppOps Service state:\n  Uid 1000:\n' };
    const { run } = await ask({ sdk: 34, list, dump, ops: () => ({ stdout: 'CAMERA: allow\n' }) });
    expect(told(run)).toEqual([['dumpsys appops', 'read', false]]);
  });

  it('asks the tool that the release has: none before 5, its own till 6, cmd from 7, each in turn where the release is unknown', () => {
    const ways = (sdk: number | null): string[] =>
      planAcquisition([appOps], { release: null, sdk, features: new Set(), phoneCalls: [] })
        .flatMap(({ commands }) => commands)
        .map(({ command }) => command);
    expect(ways(18)).toEqual(['dumpsys appops']);
    expect(ways(22)).toEqual(['dumpsys appops', 'appops get …']);
    expect(ways(34)).toEqual(['dumpsys appops', 'cmd appops get …']);
    expect(ways(null)).toEqual(['dumpsys appops', 'cmd appops get …', 'appops get …']);
  });

  it('without a list of this acquisition it asks for one, and the list is no answer of the collector', async () => {
    const refused = { stdout: 'java.lang.SecurityException: no\n' };
    const { run, sent } = await ask({ sdk: 34, list, ops: () => refused }, [properties, appOps]);
    expect(sent).toContain('pm list packages -f');
    expect(run.results.find(({ collector }) => collector === 'app-ops')?.outcome).toBe('refused');
    expect(reasons(run)).toEqual([
      'dumpsys appops: permission-denied',
      'cmd appops get a.b: security-exception',
      'cmd appops get c.d_1: security-exception',
    ]);
  });

  it('where three were refused and none answered it asks no further, and says of how many', async () => {
    const many = Array.from({ length: 9 }, (_, i) => `package:a.b${i}\n`).join('');
    const { run, sent } = await ask({
      sdk: 34,
      list: many,
      ops: () => ({ stderr: 'SecurityException\n', exitCode: 255 }),
    });
    expect(sent.filter((command) => command.startsWith('cmd appops get'))).toHaveLength(3);
    expect(reasons(run).at(-1)).toBe('cmd appops get … (6): like-those-before');
  });

  it('puts no name into a command that Android does not allow, and says of how many', async () => {
    const hostile = 'package:a.b\npackage:a;reboot\npackage:$(id)\npackage:--user\npackage:`x`\npackage:a|b\n';
    const { run, sent } = await ask({ sdk: 34, list: hostile, ops: () => ({ stdout: 'CAMERA: allow\n' }) });
    expect(sent.filter((command) => command.startsWith('cmd appops get'))).toEqual(['cmd appops get a.b']);
    expect(reasons(run)).toEqual(['cmd appops get … (5): name-unfit']);
  });

  it('asks about so many apps, and says how many more there were', async () => {
    const many = Array.from({ length: maxAskedByName + 7 }, (_, i) => `package:a.b${i}\n`).join('');
    const { run, sent } = await ask({ sdk: 34, list: many, ops: () => ({ stdout: 'CAMERA: allow\n' }) });
    expect(sent.filter((command) => command.startsWith('cmd appops get'))).toHaveLength(maxAskedByName);
    expect(reasons(run)).toEqual(['cmd appops get … (7): apps-limit']);
  });

  it('is asked again as a whole by an acquisition that goes on with one that was cut off', () => {
    const facts = { release: '14', sdk: 34, features: new Set<string>(), phoneCalls: [] };
    const stored = (command: string, outcome: 'read' | 'refused') => ({
      collector: 'app-ops',
      command,
      outcome,
      fault: null,
    });
    expect(isFinished(appOps, facts, [stored('dumpsys appops', 'read')])).toBe(true);
    expect(isFinished(appOps, facts, [stored('dumpsys appops', 'refused'), stored('cmd appops get a.b', 'read')])).toBe(
      false,
    );
  });
});
