import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { intakeChecks } from '../../shared/model/intake.ts';
import type { ClaimVerdict } from '../../shared/model/claim.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { Problem, Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { acquireSnapshot } from './acquire-snapshot.ts';
import { analyseCase } from './analyse.ts';
import type { Conduct } from './conduct.ts';
import { nowAt } from './conduct.ts';
import { addComplaint } from './decide.ts';
import type { DemonstrationStep } from './demonstration-plan.ts';
import { demonstrationCase, demonstrationSteps } from './demonstration-plan.ts';
import { exportReport } from './export-report.ts';
import { findAdb } from '../handset/find-adb.ts';
import type { Handsets } from './handset-session.ts';
import { openHandsets } from './handset-session.ts';
import { importFiles } from './import-file.ts';
import { recordIntake, signIntake } from './intake.ts';
import { addHandset, newCase, showCase } from './open-case.ts';
import { listCase } from './query-case.ts';
import { resourceFile } from './resources.ts';
import type { Simulation } from './simulator.ts';
import { startSimulation } from './simulator.ts';
import { problemOfFailure } from './store-failure.ts';
import { removeUnfinished } from './unfinished-demonstration.ts';
import { verifyClaims } from './verify-claims.ts';

export interface DemonstrationWish {
  /** The case folder to make; null: a free name under `parent`. */
  readonly directory: string | null;
  readonly parent: string;
  readonly seed: number;
}

export interface Demonstration {
  readonly directory: string;
  readonly reports: readonly string[];
  readonly findings: readonly Finding[];
  readonly claims: readonly ClaimVerdict[];
  readonly head: string;
  readonly gaps: readonly string[];
}

/**
 * The founding case on synthetic handsets: everything is learnt through the real adb server and from the gateway's captures.
 * What it leaves is the case folder, whole or not at all; its engine, adb server, key and captures live in a work folder inside it and are gone afterwards.
 */
export async function runDemonstration(wish: DemonstrationWish, conduct: Conduct): Promise<Result<Demonstration>> {
  const directory = wish.directory ?? freeName(wish.parent);
  // Asked before a case is made: without adb there is nothing to show.
  const adb = process.env['HANDSIGHT_ADB_SERVER'] ? ok(null) : findAdb({});
  if (!adb.ok) return adb;
  const wasThere = existsSync(directory);
  const made = newCase(
    directory,
    {
      number: demonstrationCase.number,
      title: demonstrationCase.title,
      examiner: demonstrationCase.examiner,
      synthetic: true,
    },
    conduct,
  );
  if (!made.ok) return made;
  let done: Result<Demonstration>;
  try {
    done = await demonstrate(directory, wish.seed, conduct);
  } catch (error) {
    done = problemOfFailure(error, directory);
  }
  return done.ok ? done : removeUnfinished(directory, wasThere, done.problem, conduct);
}

async function demonstrate(directory: string, seed: number, conduct: Conduct): Promise<Result<Demonstration>> {
  const units = addUnits(directory, conduct);
  if (!units.ok) return units;
  const work = join(directory, '.demonstration-work');
  mkdirSync(work, { mode: 0o700 });
  try {
    const gaps = await collectAll(directory, work, seed, units.value, conduct);
    if (!gaps.ok) return gaps;
    rmSync(work, { recursive: true, force: true });
    return await judgeAll(directory, units.value, gaps.value, conduct);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Ids of the two handsets in the case. */
type Units = Readonly<Record<DemonstrationStep['handset'], string>>;

function addUnits(directory: string, conduct: Conduct): Result<Units> {
  const founding = addHandset(directory, { label: demonstrationCase.founding, serial: null, role: 'exhibit' }, conduct);
  if (!founding.ok) return founding;
  const mi2s = addHandset(directory, { label: demonstrationCase.mi2s, serial: null, role: 'exhibit' }, conduct);
  if (!mi2s.ok) return mi2s;
  const units = { founding: founding.value.id, mi2s: mi2s.value.id };
  for (const [name, came] of Object.entries(demonstrationCase.intakes)) {
    const handset = units[name as keyof Units];
    const wish = { ...came, handset, receivedAt: nowAt(), photographs: [], confirmed: [...intakeChecks], note: null };
    const recorded = recordIntake(directory, wish, conduct);
    if (!recorded.ok) return recorded;
    const signed = signIntake(directory, recorded.value.id, { ...conduct, actor: demonstrationCase.supervisor });
    if (!signed.ok) return signed;
  }
  return ok(units);
}

function freeName(parent: string): string {
  for (let number = 1; ; number += 1) {
    const name = join(parent, number === 1 ? 'handsight-demo.handsight' : `handsight-demo-${number}.handsight`);
    if (!existsSync(name)) return name;
  }
}

async function collectAll(
  directory: string,
  work: string,
  seed: number,
  units: Units,
  conduct: Conduct,
): Promise<Result<string[]>> {
  const program = resourceFile('demo', 'simulator.js');
  if (program === null) return fail('path-missing', { path: 'demo/simulator.js' });
  step(conduct, 'engine', 0);
  const engine = await startSimulation(program, seed, join(work, 'gateway'));
  if (!engine.ok) return engine;
  try {
    const handsets = await openHandsets({
      adbPath: null,
      keyDirectory: join(work, 'adb'),
      remember: false,
      lang: conduct.lang,
    });
    if (!handsets.ok) return handsets;
    try {
      return await collectSteps(directory, engine.value, handsets.value, units, conduct);
    } finally {
      await handsets.value.stop();
    }
  } finally {
    await engine.value.stop();
  }
}

async function collectSteps(
  directory: string,
  engine: Simulation,
  handsets: Handsets,
  units: Units,
  conduct: Conduct,
): Promise<Result<string[]>> {
  const gaps: string[] = [];
  for (const [index, one] of demonstrationSteps.entries()) {
    if (conduct.signal.aborted) return fail('interrupted');
    step(conduct, one.persona, index + 1);
    const handset = units[one.handset];
    const problem = await collectStep(directory, one, handset, engine, handsets, conduct, gaps);
    if (problem !== null) return { ok: false, problem };
  }
  return ok(gaps);
}

async function collectStep(
  directory: string,
  one: DemonstrationStep,
  handset: string,
  engine: Simulation,
  handsets: Handsets,
  conduct: Conduct,
  gaps: string[],
): Promise<Problem | null> {
  const simulated = engine.handsets.find((candidate) => candidate.persona === one.persona);
  if (simulated === undefined) return fail('NOT_FOUND', { serial: one.persona }).problem;
  const connected = await handsets.connect(simulated.address);
  if (!connected.ok) return connected.problem;
  const acquired = await acquireSnapshot(
    directory,
    { serial: simulated.address, handset, label: one.label, run: one.run, profile: 'standard' },
    handsets,
    conduct,
  );
  if (!acquired.ok) return acquired.problem;
  gaps.push(...acquired.value.gaps);
  await handsets.disconnect(simulated.address);
  const files = engine.captures.filter((capture) => capture.run === one.run).map((capture) => capture.path);
  if (files.length === 0) return null;
  const imported = await importFiles(directory, files, { handset, label: one.label, run: one.run }, conduct);
  if (!imported.ok) return imported.problem;
  gaps.push(...imported.value.gaps);
  return null;
}

async function judgeAll(
  directory: string,
  units: Units,
  gaps: readonly string[],
  conduct: Conduct,
): Promise<Result<Demonstration>> {
  for (const complaint of demonstrationCase.complaints) {
    const labels = { labelBefore: 'mi2s-before', labelAfter: 'mi2s-after' };
    const complained = addComplaint(
      directory,
      { ...complaint, ...labels, handset: units.mi2s, receivedAt: null },
      conduct,
    );
    if (!complained.ok) return complained;
  }
  step(conduct, 'analyse', demonstrationSteps.length + 1);
  const analysed = await analyseCase(directory, { workers: null }, conduct);
  if (!analysed.ok) return analysed;
  const claims = await verifyClaims(directory, conduct);
  if (!claims.ok) return claims;
  const findings = await listCase(directory, 'findings', { label: null, run: null }, conduct);
  if (!findings.ok) return findings;
  step(conduct, 'report', demonstrationSteps.length + 2);
  const reports = await writeReports(directory, conduct);
  if (!reports.ok) return reports;
  const shown = showCase(directory);
  if (!shown.ok) return shown;
  return ok({
    directory,
    reports: reports.value,
    findings: findings.value,
    claims: claims.value,
    head: shown.value.head,
    gaps: [...gaps, ...analysed.value.gaps],
  });
}

async function writeReports(directory: string, conduct: Conduct): Promise<Result<string[]>> {
  const folder = join(directory, 'reports');
  mkdirSync(folder, { recursive: true });
  const written: string[] = [];
  for (const lang of ['en', 'zh-Hant'] as const) {
    for (const format of ['html', 'json'] as const) {
      const outPath = join(folder, `report.${lang}.${format}`);
      // No printer is needed for these formats.
      const done = await exportReport(directory, { format, lang, outPath }, async () => fail('no-electron'), conduct);
      if (!done.ok) return done;
      written.push(outPath);
    }
  }
  return ok(written);
}

function step(conduct: Conduct, name: string, done: number): void {
  conduct.progress({
    task: 'demonstration',
    step: name,
    done,
    total: demonstrationSteps.length + 3,
    unit: 'steps',
    note: null,
  });
}
