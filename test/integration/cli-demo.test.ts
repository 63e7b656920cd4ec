import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { ClaimVerdict } from '../../shared/model/claim.ts';
import type { Change } from '../../shared/model/comparison.ts';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { SnapshotRecord } from '../../shared/model/record.ts';
import type { Identifier } from '../../shared/model/identifier.ts';
import type { CaseEvent } from '../../shared/model/event.ts';
import { cliShapes } from '../../shared/contract/cli-shapes.ts';
import { makeWorld, runOf } from '../demo-world/world.ts';
import { inParallel, jsonLines, openCliBench } from './cli-bench.ts';
import type { CliBench, CliEnd } from './cli-bench.ts';

const world = makeWorld(1);
const h1 = world.handsets.H1;
const service = 'api.account.xiaomi.com';

let bench: CliBench;
let directory = '';
let demo: CliEnd;
let findings: Finding[] = [];
let identifiers: Identifier[] = [];
beforeAll(async () => {
  bench = openCliBench();
  directory = bench.path('示範 demo.handsight');
  demo = await bench.run(['demo', '--out', directory, '--json']);
  findings = await list<Finding>('findings');
  identifiers = await list<Identifier>('identifiers', '--names');
}, 240_000);
afterAll(() => bench.close());

async function list<T>(command: string, ...more: readonly string[]): Promise<T[]> {
  return jsonLines((await bench.must([command, directory, ...more, '--json'])).stdout) as T[];
}

/** Values of an identifier of the case, by its id. */
function valuesOf(finding: Finding): readonly string[] {
  return [...new Set(identifiers.filter((one) => one.id === finding.identifier?.id).map((one) => one.value))];
}

const sentBy = (run: string): Finding[] =>
  findings.filter((one) => one.rule === 'identifier-transmitted' && one.run === run);
const toService = (run: string): Finding[] =>
  sentBy(run).filter((one) => one.destination?.names.includes(service) === true);
const plainly = (one: Finding): boolean => one.representation === 'plain' && one.channel === 'cleartext';

describe('after the demonstration', () => {
  test('exit 0, one line of what was made, nothing that it had to leave out', () => {
    expect(demo.code, demo.stderr).toBe(0);
    expect(jsonLines(demo.stdout)).toMatchObject([{ case: directory, findings: findings.length, gaps: [] }]);
    expect(
      jsonLines(demo.stdout).flatMap((line) => cliShapes.demo.strict().safeParse(line).error?.issues ?? []),
    ).toEqual([]);
  });

  test('no child process is left, and so no port that listens', ({ skip }) => {
    if (process.platform !== 'linux') skip('processes are looked up in /proc');
    const left = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .filter((pid) =>
        ['environ', 'cmdline'].some((file) => readOrNothing(join('/proc', pid, file)).includes(bench.folder)),
      );
    expect(left).toEqual([]);
  });

  test('HOME and TMPDIR hold nothing at all, so no identifier either', () => {
    expect(identifiers.length).toBeGreaterThan(20);
    expect(readdirSync(bench.home, { recursive: true })).toEqual([]);
    expect(readdirSync(bench.temporary, { recursive: true })).toEqual([]);
  });

  test('no identifier is in what was said', () => {
    const said = demo.stdout + demo.stderr;
    // Short values (an SSID, a label) may stand in a sentence by themselves.
    const values = identifiers.flatMap((one) => [one.value, one.original]).filter((value) => value.length >= 8);
    expect(values.filter((value) => said.includes(value))).toEqual([]);
  });

  test('the case is whole: verify is exit 0, also with its head', async () => {
    const [made] = jsonLines(demo.stdout);
    await bench.must(['verify', directory, '--head', String(made?.['head'])]);
  });
});

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

describe('names of accounts', () => {
  test('are masked in every list, and shown where they are asked for', async () => {
    const named = identifiers.filter(({ kind }) => kind === 'account');
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(({ masked }) => masked === true)).toEqual([]);
    const masked = (await list<Identifier>('identifiers')).filter(({ kind }) => kind === 'account');
    expect(masked.map(({ id, source }) => [id, source])).toEqual(named.map(({ id, source }) => [id, source]));
    for (const [i, one] of masked.entries()) {
      expect(one).toMatchObject({ masked: true });
      expect(one.value).not.toBe(named[i]?.value);
      expect(one.value).toMatch(/^.?•+$/);
    }
    const records = (await list<SnapshotRecord>('records')).filter(
      (one) => one.kind === 'identifier' && one.identifierKind === 'account',
    );
    expect(records.length).toBeGreaterThan(0);
    for (const { value } of named) expect(JSON.stringify(records)).not.toContain(value);
  });
});

describe('every --json line validates against its schema, in a stable order', () => {
  const queries: readonly (readonly [string, readonly string[]])[] = [
    ['exhibits', ['exhibits']],
    ['flows', ['flows']],
    ['messages', ['messages']],
    ['findings', ['findings']],
    ['records', ['records']],
    ['identifiers', ['identifiers']],
    ['identifiers', ['identifier list']],
    ['events', ['events']],
    ['compare', ['compare', 'before', 'after-reset']],
    ['compare', ['compare', 'mi2s-before', 'mi2s-after']],
    ['claims', ['claims']],
    ['search', ['search', h1.imei]],
    ['verify', ['verify']],
  ];

  test('all queries', { timeout: 240_000 }, async () => {
    await inParallel(queries, async ([name, [command = '', ...more]]) => {
      const schema = z.fromJSONSchema(
        JSON.parse((await bench.must(['schema', name])).stdout) as z.core.JSONSchema.BaseSchema,
      );
      const args = [...command.split(' '), directory, ...more, '--json'];
      const { stdout } = await bench.must(args);
      const lines = jsonLines(stdout);
      expect(lines.length, command).toBeGreaterThan(0);
      const wrong = lines.find((line) => !schema.safeParse(line).success);
      expect(
        wrong,
        `${command}: ${z.prettifyError(schema.safeParse(wrong).error ?? new z.ZodError([]))}`,
      ).toBeUndefined();
      if (command !== 'verify') expect((await bench.must(args)).stdout, command).toBe(stdout);
    });
  });

  test('--label and --run leave out what belongs elsewhere', async () => {
    const all = findings.filter((one) => one.label === 'before' && one.run === 'R2');
    expect(all.length).toBeGreaterThan(0);
    expect(await list('findings', '--label', 'before', '--run', 'R2')).toEqual(all);
    const exhibits = await list<Exhibit>('exhibits', '--label', 'mi2s-after');
    expect(new Set(exhibits.map((one) => one.label))).toEqual(new Set(['mi2s-after']));
  });
});

describe('before the upgrade', () => {
  test('IMEI, own number and a contact’s number in clear over HTTP, without a consent act', () => {
    const clear = toService('R1').filter(plainly);
    const told = (kind: string): (readonly string[])[] =>
      clear.filter((one) => one.identifier?.kind === kind && one.consent === 'before-any-act').map(valuesOf);
    expect(told('imei')).toContainEqual([h1.imei]);
    expect(told('msisdn')).toContainEqual(expect.arrayContaining([h1.msisdn]));
    const contacts = h1.contacts.map((one) => one.msisdn);
    expect(
      told('contact-msisdn')
        .flat()
        .some((value) => contacts.includes(value)),
    ).toBe(true);
    expect(clear.every((one) => one.contentKnownBy === 'wire' && one.direction === 'to-server')).toBe(true);
  });

  test('the IMSI in the run with an account, and only there', () => {
    const imsi = (run: string): Finding[] =>
      toService(run).filter((one) => one.identifier?.kind === 'imsi' && plainly(one));
    expect(imsi('R2').map(valuesOf)).toContainEqual([h1.imsi]);
    expect(imsi('R1')).toEqual([]);
  });

  test('H(IMEI) and H(ICCID), as the maker’s own short hash', () => {
    const hashed = toService('R1').filter((one) => one.representation === 'pseudonymised');
    for (const [kind, value] of [
      ['imei', h1.imei],
      ['iccid', h1.iccid],
    ] as const) {
      const found = hashed.filter((one) => one.identifier?.kind === kind);
      expect(found.map(valuesOf).flat(), kind).toContain(value);
      expect(found.map((one) => one.transform)).toContainEqual(['sha1', 'base64url', 'first-16']);
    }
  });

  test('the service started without a consent act; the silent SMS stands in the radio log', () => {
    const rules = new Set(findings.filter((one) => one.run === 'R1').map((one) => one.rule));
    expect(rules).toContain('service-started-without-consent');
    const sms = findings.filter(
      (one) => one.run === 'R1' && one.contentKnownBy === 'handset' && one.identifier !== null,
    );
    expect(new Set(sms.map((one) => one.identifier?.kind))).toEqual(new Set(['imei', 'iccid']));
  });
});

describe('after the upgrade', () => {
  test('reset, service off: nothing is observed of it', () => {
    expect(sentBy('R3')).toEqual([]);
    const others = findings.filter((one) => one.run === 'R3' && one.rule !== 'identifier-on-link');
    // What an ordinary page is told by its reader (model and build) is no identifier, and did not go to the service.
    expect(others.filter((one) => !one.rule.startsWith('category-'))).toEqual([]);
    expect(others.filter((one) => one.destination?.names.some((name) => name.includes('xiaomi')))).toEqual([]);
  });

  test('switched on: TLS to the same host only after the act, and no identifier known by the wire', async () => {
    const { consentAt } = runOf(world, 'R4');
    expect(consentAt).not.toBeNull();
    const contacted = findings.filter((one) => one.run === 'R4' && one.destination?.names.includes(service) === true);
    expect(contacted.length).toBeGreaterThan(0);
    for (const one of contacted) {
      expect(one).toMatchObject({ channel: 'tls', identifier: null, consent: 'after-act' });
      expect(Date.parse(one.at ?? '')).toBeGreaterThan(Date.parse(consentAt ?? ''));
    }
    expect(sentBy('R4').filter((one) => one.contentKnownBy === 'wire' && one.channel !== 'tls')).toEqual([]);
    const acts = (await list<CaseEvent>('events', '--run', 'R4')).filter((one) => one.kind === 'consent-act');
    // The handset's clock is tied to the capture's by the canary.
    expect(acts.some((one) => Math.abs(Date.parse(one.at) - Date.parse(consentAt ?? '')) < 2000)).toBe(true);
  });

  test('not reset: still sent', () => {
    const kinds = new Set(
      toService('R5')
        .filter(plainly)
        .map((one) => one.identifier?.kind),
    );
    expect([...kinds]).toEqual(expect.arrayContaining(['imei', 'msisdn', 'contact-msisdn']));
    expect(toService('R5').every((one) => one.consent === 'before-any-act')).toBe(true);
  });

  test('the messenger’s lost permission and autostart, and the browser’s crash, are named', async () => {
    const changes = await list<Change>('compare', 'mi2s-before', 'mi2s-after');
    const of = (kind: string): string[] =>
      changes.filter((one) => one.kind === kind).map((one) => `${one.change} ${one.subject}`);
    expect(of('permission')).toContain('removed jp.naver.line.android/android.permission.READ_CONTACTS');
    expect(of('component')).toContain('changed jp.naver.line.android/jp.naver.line.android.receiver.BootReceiver');
    expect(of('app-op')).toContain('changed jp.naver.line.android/AUTO_START(10008)');
    expect(of('crash').join()).toContain('com.android.browser');
    expect(of('setting')).toContain('changed system/mx_used');
  });

  test('«not observed» carries minutes and readable share', async () => {
    const gone = (await list<Change>('compare', 'before', 'after-reset')).filter(
      (one) => one.kind === 'traffic' && one.change === 'removed',
    );
    expect(gone.length).toBeGreaterThan(0);
    for (const one of gone) expect(one.meaning).toMatch(/not observed, [\d.]+ minutes, [\d.]+ % readable/);
    expect(gone.map((one) => one.meaning).join()).not.toMatch(/no longer sen[dt]|never/);
  });

  test('the verdicts follow, linked to what speaks for and against', async () => {
    const claims = await list<ClaimVerdict>('claims');
    const of = (id: string): ClaimVerdict | undefined => claims.find((one) => one.claim === id);
    expect(of('C2')?.verdict).toBe('refuted');
    expect(of('C3')?.verdict).toBe('confirmed');
    expect(['refuted', 'partly']).toContain(of('C6')?.verdict);
    expect(of('C7')?.why).toMatch(/own phone number: plain in cleartext/);
    expect(of('C8')?.verdict).toBe('confirmed');
    expect(of('C5')?.verdict).toBe('not-testable');
    expect(of('CP1')?.verdict).toBe('confirmed');
    expect(of('CP2')?.verdict).toBe('partly');
    expect(of('CP2')?.why).toContain('lost permission android.permission.READ_CONTACTS');
    expect(of('CP2')?.why).toContain('lost autostart');
    // What analytics and others received is told and not counted.
    const others = new Set(findings.filter((one) => recipientsOf(one).some((name) => /umeng|qq\.com/.test(name))));
    const foreign = new Set([...others].map((one) => one.number));
    expect(foreign.size).toBeGreaterThan(0);
    for (const one of claims) {
      if (!/^C\d/.test(one.claim)) continue;
      expect([one.claim, [...one.for, ...one.against].filter((id) => foreign.has(id))]).toEqual([one.claim, []]);
    }
    const numbers = new Set(findings.map((one) => one.number));
    for (const one of claims) {
      const linked = [...one.for, ...one.against].filter((id) => /^F\d+$/.test(id));
      expect(
        linked.filter((id) => !numbers.has(id)),
        one.claim,
      ).toEqual([]);
    }
    expect(of('C2')?.against.length).toBeGreaterThan(0);
    expect(of('C8')?.for.length).toBeGreaterThan(0);
  });
});

function recipientsOf(finding: Finding): readonly string[] {
  return finding.destination?.names ?? [];
}

describe('Wireshark', () => {
  test('yields exactly the frames of every traffic finding with its filter', { timeout: 600_000 }, async ({ skip }) => {
    if (spawnSync('tshark', ['--version']).status !== 0) skip('tshark is not installed');
    const exhibits = new Map((await list<Exhibit>('exhibits')).map((one) => [one.id, one]));
    const traffic = findings.filter((one) => one.filter !== null);
    expect(traffic.length).toBeGreaterThan(40);
    const run = promisify(execFile);
    await inParallel(
      traffic,
      async (one) => {
        const sha256 = exhibits.get(one.frames[0]?.exhibit ?? '')?.sha256 ?? '';
        expect(sha256, one.number).toBe(one.exhibitSha256);
        const file = join(directory, 'exhibits', sha256.slice(0, 2), sha256);
        const fields = ['-T', 'fields', '-e', 'frame.number'];
        const { stdout } = await run('tshark', ['-r', file, '-Y', one.filter ?? '', ...fields]);
        const frames = stdout
          .split('\n')
          .filter((line) => line !== '')
          .map(Number);
        expect(frames, `${one.number} ${one.filter}`).toEqual(one.frames.map((place) => place.frame));
      },
      2,
    );
  });
});

describe('the examiner’s word', () => {
  test('confirm and dismiss by number and by key; the last one counts; it outlives the index', async () => {
    const [first, second] = findings;
    if (first === undefined || second === undefined) throw new Error('no findings');
    const decide = (key: string, verdict: string, reason: string): Promise<CliEnd> =>
      bench.must(['finding', 'decide', directory, key, verdict, '--reason', reason, '--json']);
    await decide(first.number, 'dismiss', 'own test equipment');
    await decide(first.key, 'confirm', 'seen again by hand');
    await decide(second.key, 'dismiss', 'a broadcast on our own network');
    const again = await list<Finding>('findings');
    expect(again.find((one) => one.key === first.key)?.decision).toMatchObject({
      verdict: 'confirm',
      reason: 'seen again by hand',
      by: 'Demonstration',
    });
    expect(again.find((one) => one.key === second.key)?.decision).toMatchObject({ verdict: 'dismiss' });
    expect(again.map((one) => ({ ...one, decision: null }))).toEqual(findings);
    await bench.must(['verify', directory]);
  });
});
