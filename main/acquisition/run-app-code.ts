import type { Judgement, ListedPackage } from './ports.ts';
import type { AppFile } from './pull-app-code.ts';
import { isFit, pullFile, resultOf, tellFiles } from './pull-app-code.ts';
import type { StoredCode } from './take-over.ts';
import { takeOverCode, takenResult } from './take-over.ts';
import { runCommand } from './run-command.ts';
import type { FinishedCommand, StepContext } from './run-command.ts';

/** How the installed apps are asked for, in turn until one is answered. */
export const appListCommands = ['pm list packages -f', 'pm list packages -f --user 0'] as const;
/** Name of the pseudo-command under which the answers to all `pm path` are stored. */
const pathsCommand = 'app-paths';

/** What one acquisition takes in of apps' code. */
export interface AppCodeLimits {
  readonly totalBytes: number;
  readonly packages: number;
  readonly files: number;
  /** Of all answers to `pm path`, which are stored together. */
  readonly answerBytes: number;
}

/** A well-filled handset has some ten gigabytes of code in some hundreds of apps. */
export const appCodeLimits: AppCodeLimits = {
  totalBytes: 16 * 1024 * 1024 * 1024,
  packages: 5000,
  files: 20_000,
  answerBytes: 32 * 1024 * 1024,
};

const maxFilesOfPackage = 200;
/** What Android allows in the name of a package: nothing that a shell would take for more than a word. */
const packageName = /^[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*$/;

/** What one acquisition takes in, what is there already of one that it goes on with, and the handset's API level. */
export interface AppCodeWish {
  readonly limits: AppCodeLimits;
  readonly stored: readonly StoredCode[];
  readonly sdk: number | null;
}

/**
 * Lists the apps, asks where the parts of each lie, and pulls file by file into custody; each is told as it is done, so that whoever
 * asks may stop between any two. Nothing is held whole, and nothing on the handset changes.
 */
export async function* runAppCode(
  context: StepContext,
  collector: string,
  { limits, stored, sdk }: AppCodeWish,
): AsyncGenerator<FinishedCommand> {
  const listed: ListedPackage[] = [];
  for (const command of appListCommands) {
    const done = await runCommand(context, collector, { command });
    yield done;
    if (done.result.outcome === 'read') listed.push(...context.knowledge.packagesOf(done.stdout));
    if (done.result.outcome !== 'absent' && done.result.outcome !== 'refused' && done.result.outcome !== 'empty') break;
  }
  const apps = listed.filter((one) => !one.withSystem);
  if (apps.length === 0) return;
  const asked = apps.slice(0, limits.packages);
  const paths = await askPaths(context, collector, asked, limits);
  if (paths.done !== null) yield paths.done;
  const told = await tellFiles(context, paths.files);
  const kept = await takeOverCode(context, collector, { files: paths.files, told: told.of, stored, sdk });
  yield* kept.done;
  let left = limits.totalBytes;
  let total = told.isWhole ? Math.min(limits.totalBytes, told.bytes) : null;
  for (const { bytes } of kept.taken.values()) {
    left -= bytes;
    if (total !== null) total -= bytes;
  }
  let past = 0;
  for (const file of paths.files) {
    const taken = kept.taken.get(file.path);
    if (taken !== undefined) {
      yield takenResult(taken);
      continue;
    }
    const status = told.of.get(file.path) ?? null;
    const onReceived = (bytes: number): void => {
      if (total !== null) context.onPulled(past + Math.min(bytes, status?.sizeBytes ?? 0), total);
    };
    onReceived(0);
    // The path is the handset's word: what is asked back is the code of an app and nothing else.
    const done = !isFit(file)
      ? notAsked(file, 'path-unfit')
      : left <= 0
        ? notAsked(file, 'total-limit')
        : await pullFile(context, collector, file, { status, maxBytes: left, onReceived });
    left -= done.result.bytes;
    past += status?.sizeBytes ?? 0;
    yield done;
  }
  const beyond = paths.beyond + apps.length - asked.length;
  if (paths.unasked > 0) yield notTaken('pm path …', paths.unasked);
  if (beyond > 0) yield notTaken('pull ….apk', beyond);
}

/** Since Android 5 code may come in several files, which lie beside a `base.apk`: only then is there anything to ask. */
const mayHaveParts = ({ path, name }: ListedPackage): boolean => path.endsWith('/base.apk') && packageName.test(name);

/** Asks for the files of every app and stores all answers as one exhibit of JSON. Where nothing is told the one of the list stands. */
async function askPaths(
  context: StepContext,
  collector: string,
  apps: readonly ListedPackage[],
  limits: AppCodeLimits,
): Promise<{
  readonly done: FinishedCommand | null;
  readonly files: readonly AppFile[];
  /** How many apps were not asked for their parts, and how many files more were told, than one acquisition takes in. */
  readonly unasked: number;
  readonly beyond: number;
}> {
  const files: AppFile[] = [];
  const commands: object[] = [];
  const untold: string[] = [];
  let beyond = 0;
  let unasked = 0;
  let left = limits.answerBytes;
  const startedAt = context.now();
  const began = performance.now();
  let problem: string | null = null;
  for (const app of apps) {
    const paths = new Set([app.path]);
    const isWanted = problem === null && files.length < limits.files && mayHaveParts(app);
    if (isWanted && left <= 0) unasked += 1;
    else if (isWanted) {
      const sent = await askPath(context, app.name);
      left -= sent.bytes;
      commands.push(sent.stored);
      problem = sent.problem === 'TIMEOUT' ? null : sent.problem;
      if (sent.paths.length === 0) untold.push(app.name);
      for (const path of sent.paths.slice(0, maxFilesOfPackage)) paths.add(path);
      if (sent.paths.length > maxFilesOfPackage) untold.push(app.name);
    }
    const taken = [...paths].slice(0, limits.files - files.length);
    for (const path of taken) files.push({ package: app.name, path });
    beyond += paths.size - taken.length;
  }
  if (commands.length === 0) return { done: null, files, unasked, beyond };
  const bytes = Buffer.from(`${JSON.stringify({ encoding: 'base64', commands }, null, 1)}\n`);
  const protocol = context.link.features.has('shell_v2') ? ('shell-v2' as const) : ('shell-v1' as const);
  const times = { startedAt, endedAt: context.now() };
  const origin = { type: 'command', command: pathsCommand, stream: 'stdout', protocol, exitStatus: null } as const;
  const meta = { collector, command: pathsCommand, kind: 'command-output', originalName: 'app-paths.json' } as const;
  const held = await context.evidence.hold({ ...meta, origin: { ...origin, ...times, problem } }, bytes);
  const judged = judgePaths(problem, untold);
  const exhibits = [await held.finish({ outcome: judged.outcome, fault: problem })];
  const result = resultOf(pathsCommand, judged, exhibits, bytes.length, began);
  return { done: { result, stdout: bytes, problem }, files, unasked, beyond };
}

function judgePaths(problem: string | null, untold: readonly string[]): Judgement {
  if (problem !== null) return { outcome: 'interrupted', reason: problem, said: null };
  if (untold.length === 0) return { outcome: 'read', reason: null, said: null };
  return { outcome: 'refused', reason: 'parts-not-told', said: untold.join(', ').slice(0, 200) };
}

async function askPath(
  context: StepContext,
  name: string,
): Promise<{
  readonly stored: object;
  readonly bytes: number;
  readonly paths: readonly string[];
  readonly problem: string | null;
}> {
  const command = `pm path ${name}`;
  const startedAt = context.now();
  context.onBytes(command, 0);
  const outcome = await context.link.run(command, { timeoutMs: 30_000, maxBytes: 256 * 1024, signal: context.signal });
  const run = outcome.ok ? outcome.value : outcome.partial;
  const problem = outcome.ok ? null : outcome.problem.code;
  const stored = {
    command,
    startedAt,
    endedAt: context.now(),
    exitStatus: run?.exitCode ?? null,
    problem,
    truncatedAtBytes: run?.truncatedAtBytes ?? null,
    stdout: run?.stdout.toString('base64') ?? '',
    stderr: run?.stderr.toString('base64') ?? '',
  };
  const bytes = run === null ? 0 : run.stdout.length + run.stderr.length;
  return { stored, bytes, paths: run === null ? [] : context.knowledge.pathsOf(run.stdout), problem };
}

/** What is beyond a limit of numbers: one gap for all, with how many there are. */
function notTaken(what: string, count: number): FinishedCommand {
  const judged: Judgement = { outcome: 'refused', reason: 'total-limit', said: null };
  const result = resultOf(`${what} (${count})`, judged, [], 0, performance.now());
  return { result, stdout: new Uint8Array(), problem: null };
}

/** A file that nobody asked for, and why: a gap by name. */
function notAsked({ path }: AppFile, reason: 'total-limit' | 'path-unfit'): FinishedCommand {
  const judged: Judgement = { outcome: 'refused', reason, said: null };
  const result = resultOf(`pull ${path.slice(0, 1000)}`, judged, [], 0, performance.now());
  return { result, stdout: new Uint8Array(), problem: null };
}
