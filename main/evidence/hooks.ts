/**
 * Named points of the write path, in the order a case passes them: each write, fsync, rename and commit.
 * A test kills the real process at any of them (`HANDSIGHT_KILL_AT="vault.rename#2"` = the second time it is reached),
 * so that «nothing acknowledged is lost» is shown by points and not by sleeps.
 */
export const hookNames = [
  'create.directory',
  'create.lock-file',
  'create.database',
  'create.rename',
  'create.directory-fsync',
  'lock.taken',
  'lock.sidecar',
  'lock.release',
  'case.open-mark-removed',
  'case.wal',
  'case.before-commit',
  'case.after-commit',
  'case.checkpoint',
  'case.journal-delete',
  'case.closed-mark',
  'case.migrate',
  'file.write',
  'file.write-half',
  'file.fsync',
  'file.rename',
  'file.directory-fsync',
  'vault.incoming-open',
  'vault.write',
  'vault.write-half',
  'vault.fsync',
  'vault.checkpoint-write',
  'vault.checkpoint-half',
  'vault.checkpoint-fsync',
  'vault.mode',
  'vault.rename',
  'vault.directory-fsync',
  'vault.row',
  'vault.cleanup',
  'vault.abandon',
  'adopt.begin',
  'adopt.truncate',
  'adopt.done',
  'change.before-row',
  'change.after-row',
  'change.made',
  'change.undone',
  'index.begin',
  'index.commit',
  'index.indexes',
  'index.fsync',
  'index.rename',
  'index.pointer',
  'index.remove-old',
] as const;
export type HookName = (typeof hookNames)[number];

type Listener = (name: HookName) => void;

let listener: Listener | null = killer(process.env['HANDSIGHT_KILL_AT']);

/** Passes the point `name`: a single comparison when nobody listens. */
export function hook(name: HookName): void {
  if (listener !== null) listener(name);
}

/** True when somebody listens: writes then go out in two halves with a point between them. */
export function hooksAreOn(): boolean {
  return listener !== null;
}

/** Listens to every point (null: nobody). For tests; a listener that throws stands for a failing system call. */
export function setHook(next: Listener | null): void {
  listener = next;
}

function killer(wanted: string | undefined): Listener | null {
  if (wanted === undefined || wanted === '') return null;
  const [name, count] = wanted.split('#');
  let left = Number(count ?? '1');
  return (passed) => {
    if (passed !== name) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
