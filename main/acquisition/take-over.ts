import type { ToldStatus } from '../../shared/model/exhibit.ts';
import type { CommandResult } from './ports.ts';
import type { AppFile } from './pull-app-code.ts';
import { runCommand } from './run-command.ts';
import type { FinishedCommand, StepContext } from './run-command.ts';

/** A part of an app's code that came whole in an acquisition that is gone on with. */
export interface StoredCode extends AppFile {
  readonly exhibit: string;
  readonly acquisition: string;
  readonly bytes: number;
  readonly sha256: string;
  /** What the handset said of the file before it was pulled. */
  readonly told: ToldStatus;
  /** By its own manifest; null: it cannot be read. */
  readonly versionCode: string | null;
}

/** Version codes by package, as the handset says; null: this release has no way to ask for them all (before Android 8). */
type Versions = ReadonlyMap<string, string> | null;

/** `pm list packages --show-versioncode` came with Android 8 (test/handset-simulator/commands/packages.ts). */
const sdkOfVersionList = 26;
const versionsCommand = 'pm list packages --show-versioncode';
/** Name of the pseudo-command under which it is stored what was taken over. */
export const takenOverCommand = 'app-code-taken-over';

/**
 * Which of the files need not be pulled again: of the same package, at the same path, as long and as old as the handset said then,
 * as long as what came, and of the version that the handset says now. A release that cannot be asked for versions leaves that out.
 */
export function takenOver(
  files: readonly AppFile[],
  told: ReadonlyMap<string, ToldStatus>,
  stored: readonly StoredCode[],
  versions: Versions,
): ReadonlyMap<string, StoredCode> {
  const taken = new Map<string, StoredCode>();
  for (const file of files) {
    const now = told.get(file.path);
    const found = stored.findLast(
      (one) =>
        one.package === file.package &&
        one.path === file.path &&
        one.bytes === now?.sizeBytes &&
        one.told.sizeBytes === now.sizeBytes &&
        one.told.modifiedSecondsAtHandset === now.modifiedSecondsAtHandset &&
        (versions === null || (one.versionCode !== null && versions.get(one.package) === one.versionCode)),
    );
    if (found !== undefined) taken.set(file.path, found);
  }
  return taken;
}

export interface TakeOver {
  /** What was asked and stored to decide it. */
  readonly done: readonly FinishedCommand[];
  /** By path. */
  readonly taken: ReadonlyMap<string, StoredCode>;
}

/** Asks for the versions, decides, and stores as an exhibit of JSON what is taken over, before anything is pulled. */
export async function takeOverCode(
  context: StepContext,
  collector: string,
  about: {
    readonly files: readonly AppFile[];
    readonly told: ReadonlyMap<string, ToldStatus>;
    readonly stored: readonly StoredCode[];
    /** Null: not known; then nothing is taken over. */
    readonly sdk: number | null;
  },
): Promise<TakeOver> {
  const { files, told, stored, sdk } = about;
  if (stored.length === 0 || sdk === null) return { done: [], taken: new Map() };
  const done: FinishedCommand[] = [];
  let versions: Versions = null;
  if (sdk >= sdkOfVersionList) {
    const listed = await runCommand(context, collector, { command: versionsCommand });
    done.push(listed);
    versions = listed.result.outcome === 'read' ? context.knowledge.versionsOf(listed.stdout) : new Map();
  }
  const taken = takenOver(files, told, stored, versions);
  if (taken.size > 0) done.push(await storeList(context, collector, [...taken.values()], versions));
  return { done, taken };
}

async function storeList(
  context: StepContext,
  collector: string,
  taken: readonly StoredCode[],
  versions: Versions,
): Promise<FinishedCommand> {
  const began = performance.now();
  const files = taken.map((one) => ({ ...one, versionCodeAtHandset: versions?.get(one.package) ?? null }));
  const bytes = Buffer.from(`${JSON.stringify({ files }, null, 1)}\n`);
  const note = 'parts of apps’ code that an acquisition which this one goes on with has whole: not pulled again';
  const held = await context.evidence.hold(
    {
      collector,
      command: takenOverCommand,
      kind: 'file',
      originalName: `${takenOverCommand}.json`,
      origin: { type: 'workstation', note },
    },
    bytes,
  );
  const exhibits = [await held.finish({ outcome: 'read', fault: null })];
  const result: CommandResult = {
    command: takenOverCommand,
    outcome: 'read',
    reason: null,
    said: null,
    exhibits,
    bytes: bytes.length,
    durationMs: performance.now() - began,
    replaced: false,
  };
  return { result, stdout: bytes, problem: null };
}

/** In place of a pull: the exhibit of the earlier acquisition. */
export function takenResult({ path, exhibit, acquisition, bytes }: StoredCode): FinishedCommand {
  const result: CommandResult = {
    command: `pull ${path}`,
    outcome: 'read',
    reason: null,
    said: null,
    exhibits: [exhibit],
    bytes,
    durationMs: 0,
    replaced: false,
    takenOver: acquisition,
  };
  return { result, stdout: new Uint8Array(), problem: null };
}
