import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { normalFormsOf } from '../../main/analysis/transforms/normal-forms.ts';
import { commandWidth } from '../../main/report/command-lines.ts';
import type { MaskedReport } from '../../main/report/masked-report.ts';
import type { RepeatStep } from '../../main/report/repeat.ts';
import { listIdentifiers } from '../../main/workflow/open-case.ts';
import { openCliBench } from './cli-bench.ts';

function hasTools(): boolean {
  try {
    execFileSync('bash', ['-c', 'command -v tshark xxd perl openssl gunzip basenc']);
    return true;
  } catch {
    return false;
  }
}

const bench = openCliBench();
const directory = bench.path('commands.handsight');
let findings: MaskedReport['findings'] = [];
const values = new Map<string, { readonly kind: Parameters<typeof normalFormsOf>[0]; readonly value: string }>();
const printed = new Map<string, Buffer>();

/** As a reader does: in the case folder, with the identifiers that the reader knows. */
function run(command: string, env: Readonly<Record<string, string>>): Buffer {
  const key = JSON.stringify([command, env]);
  const known = printed.get(key);
  if (known !== undefined) return known;
  const bytes = execFileSync('bash', ['-c', command], {
    cwd: directory,
    env: { ...process.env, ...env },
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  printed.set(key, bytes);
  return bytes;
}

/** Every text that the identifier has in the form that the finding names. */
function variables({ finding, repeat }: MaskedReport['findings'][number]): Readonly<Record<string, string>>[] {
  const { identifier, form } = finding;
  const listed = values.get(identifier?.id ?? '');
  if (identifier === null || listed === undefined) return [{}];
  const variable = repeat.find((step) => step.variable !== undefined)?.variable ?? identifier.id;
  const forms = normalFormsOf(listed.kind, listed.value).filter((one) => one.form === (form ?? null));
  const texts = new Set([...((form ?? null) === null ? [listed.value] : []), ...forms.flatMap((one) => one.texts)]);
  return [...texts].map((text) => ({ [variable]: text }));
}

const stepOf = (steps: readonly RepeatStep[], ...purposes: readonly string[]): RepeatStep | undefined =>
  steps.find(({ purpose }) => purposes.includes(purpose));

const text = (bytes: Buffer): string => bytes.toString('latin1').trim();

describe.skipIf(!hasTools())('every command of the demonstration’s report', () => {
  beforeAll(async () => {
    await bench.must(['demo', '--out', directory], { timeoutMs: 240_000 });
    const out = bench.path('commands.json');
    await bench.must(['report', directory, '--edition', 'full', '--format', 'json', '--out', out]);
    findings = (JSON.parse(readFileSync(out, 'utf8')) as MaskedReport).findings;
    const listed = listIdentifiers(directory, true);
    if (listed.ok) for (const { id, kind, value } of listed.value) values.set(id, { kind, value });
  }, 300_000);
  afterAll(() => bench.close());

  test('no line is wider than the page, and none shows an identifier', () => {
    expect(findings.length).toBeGreaterThan(50);
    for (const { finding, repeat } of findings) {
      for (const line of repeat.flatMap(({ command }) => command.split('\n'))) {
        if (!line.includes('perl')) expect(line.length, `${finding.number}: ${line}`).toBeLessThanOrEqual(commandWidth);
        for (const { value } of values.values()) expect(line).not.toContain(value);
      }
    }
  });

  test('prints what it promises', { timeout: 600_000 }, () => {
    const wrong: string[] = [];
    for (const one of findings) {
      const { finding, repeat } = one;
      const envs = variables(one);
      for (const step of repeat) {
        const outputs = envs.map((env) => text(run(step.command, env)));
        const good = outputs.some((output) => output !== '' && promised(step, output, one, envs));
        if (!good) wrong.push(`${finding.number} ${step.purpose}: ${step.command}\n=> ${outputs[0] ?? ''}`);
      }
      if (repeat.length === 0) wrong.push(`${finding.number}: no command`);
    }
    expect(wrong).toEqual([]);
  });

  /** What a step printed, held against the other steps of its finding and against what the finding says. */
  function promised(
    step: RepeatStep,
    output: string,
    { finding, repeat }: MaskedReport['findings'][number],
    envs: readonly Readonly<Record<string, string>>[],
  ): boolean {
    const recipe = stepOf(repeat, 'recipe', 'value');
    const written = recipe === undefined ? [] : envs.map((env) => text(run(recipe.command, env)).toLowerCase());
    switch (step.purpose) {
      case 'frames':
        return output.split('\n').join(', ') === step.expect;
      case 'bytes':
      case 'body':
        // Base64 in a longer text is told by the step that decodes it.
        return recipe === undefined ? stepOf(repeat, 'decode') !== undefined : written.includes(output.toLowerCase());
      case 'decode':
        return envs.some((env) => Object.values(env).includes(output));
      case 'request':
        return (
          /^[A-Z]+ \S+ HTTP\/1\.[01]\r?$/m.test(output) &&
          new RegExp(finding.destination?.names[0] ?? '^$').test(output)
        );
      case 'hello':
        return finding.destination?.names.some((name) => output.includes(name)) === true;
      case 'line':
        return recipe === undefined || written.some((one) => output.toLowerCase().includes(one));
      case 'raw': {
        const hex = [...output.matchAll(/^[0-9a-f]+: ((?:[0-9a-f]{2,4} )+)/gm)]
          .map((m) => (m[1] ?? '').replaceAll(' ', ''))
          .join('');
        return (
          finding.identifier?.kind !== 'wifi-mac' || written.some((mac) => hex.startsWith(mac.replaceAll(/[:-]/g, '')))
        );
      }
      default:
        return true;
    }
  }
});
