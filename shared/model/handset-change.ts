import type { HandsetIdentity } from './handset-identity.ts';

/** Why a handset is changed, as custody states it (English, in the notes of every case). */
export const changeReasons = {
  screenshot: 'screenshot of a release that cannot send binary output',
  canary: 'control request of a live capture',
  'bug-report': 'bug report, chosen by name',
  'screen-text': 'text of the screen, chosen by name',
  pairing: 'wireless pairing: the handset keeps the key of this workstation',
} as const;
export type HandsetChangeReason = keyof typeof changeReasons;

/** One thing that takes a change back: a form of its own for each, so that a case from elsewhere cannot order anything else. */
export type UndoStep =
  | { readonly type: 'remove-file'; readonly path: string }
  /** The archive of a bug report that is in custody; one that the handset itself named. */
  | { readonly type: 'remove-report'; readonly path: string }
  /** The same before the handset named it: only the act that asked for it can take it back. */
  | { readonly type: 'remove-named-report' }
  | { readonly type: 'remove-reverse'; readonly remote: string; readonly local: string }
  /** `value` is what it was; null: there was no such setting. */
  | {
      readonly type: 'restore-setting';
      readonly namespace: 'system' | 'secure' | 'global';
      readonly name: string;
      readonly value: string | null;
    };

/** Something that is done to a handset beyond reading; on disk before it is made, and again at its end. */
export interface HandsetChange {
  /** `made`: from now on it is there to be taken back. */
  readonly state: 'begun' | 'made' | 'undone' | 'left';
  /** A command of its shell, or a service of its adb (`reverse:forward:…`). */
  readonly command: string;
  readonly reason: HandsetChangeReason;
  /** What takes it back. */
  readonly undo: readonly UndoStep[];
  /** Of `left`: why it could not be taken back: a code of an outcome or a problem, or `exit-N`. */
  readonly why: string | null;
}

/** A change as the case keeps it, with every end that was recorded. */
export interface JournalledChange {
  readonly id: string;
  readonly handset: string;
  readonly serial: string;
  /** On whose behalf: `A1`, or a capture. */
  readonly act: string;
  readonly command: string;
  /** A key of `changeReasons`, or what a later version wrote. */
  readonly reason: string;
  /** Null: not in a form that this version would carry out. */
  readonly undo: readonly UndoStep[] | null;
  /** By what the handset is known again; null: it told nothing, or an earlier version wrote this. */
  readonly identity: HandsetIdentity | null;
  readonly begunAt: string;
  /** The last one counts. */
  readonly ends: readonly ChangeEnd[];
}

export interface ChangeEnd {
  readonly endedAt: string;
  readonly outcome: 'undone' | 'left';
  readonly why: string | null;
}

/** Why of a change that leaves only what was said before it was made, and that nothing takes back. */
export const asAnnounced = 'as-announced';

/** Whether it may still be on the handset: the program ended in between, or taking it back did not succeed. */
export function isOutstanding(change: Pick<JournalledChange, 'ends'>): boolean {
  const last = change.ends.at(-1);
  return last?.outcome !== 'undone' && last?.why !== asAnnounced;
}

/** The steps that are no command, as custody keeps them; a person reads them in their language (`ui.undo.KEY`). */
const undoWords = {
  none: 'none',
  'named-report': 'rm of the archive that its answer names, once that is in custody',
} as const;

/** An undo as a line that people read. A setting's value stays out: notes of custody are published. */
export function undoLine(
  undo: readonly UndoStep[],
  say = (key: keyof typeof undoWords): string => undoWords[key],
): string {
  if (undo.length === 0) return say('none');
  return undo
    .map((step) => {
      if (step.type === 'remove-file' || step.type === 'remove-report') return `rm ${step.path}`;
      if (step.type === 'remove-named-report') return say('named-report');
      if (step.type === 'remove-reverse') return `reverse:killforward:${step.remote}`;
      return `settings ${step.value === null ? 'delete' : 'put'} ${step.namespace} ${step.name}`;
    })
    .join('; ');
}

// Only what we ourselves write: a name of ours in the folder for temporary files, one port, the settings of a proxy.
const ownFile = /^\/data\/local\/tmp\/handsight-[0-9a-f]{12}\.(?:png|xml)$/;
// Where AOSP's dumpstate writes (7 and 8: by `-o` of its service; later the folder, which /bugreports leads to): plain names only.
const reportFile =
  /^\/(?:bugreports|data\/user_de\/0\/com\.android\.shell\/files\/bugreports)\/[A-Za-z0-9][\w.-]{0,200}\.zip$/;
const onePort = /^tcp:\d{1,5}$/;
const ownSettings = new Set([
  'http_proxy',
  'global_http_proxy_host',
  'global_http_proxy_port',
  'global_http_proxy_exclusion_list',
]);
const mostSteps = 20;

/** Whether a path is that of an archive in one of the folders for bug reports, and nothing that a shell would take for more. */
export function isReportPath(path: string): boolean {
  return reportFile.test(path);
}

/** The steps of an undo that was stored; null when it is anything but what this program itself would do. */
export function readUndo(stored: unknown): readonly UndoStep[] | null {
  if (!Array.isArray(stored) || stored.length > mostSteps) return null;
  const steps = stored.map(readStep);
  return steps.every((step) => step !== null) ? steps : null;
}

function readStep(stored: unknown): UndoStep | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { type, path, remote, local, namespace, name, value } = stored as Readonly<Record<string, unknown>>;
  if (type === 'remove-file') return typeof path === 'string' && ownFile.test(path) ? { type, path } : null;
  if (type === 'remove-report') return typeof path === 'string' && isReportPath(path) ? { type, path } : null;
  if (type === 'remove-named-report') return { type };
  if (type === 'remove-reverse') {
    const ports =
      typeof remote === 'string' && onePort.test(remote) && typeof local === 'string' && onePort.test(local);
    return ports ? { type, remote, local } : null;
  }
  if (type !== 'restore-setting' || namespace !== 'global') return null;
  if (typeof name !== 'string' || !ownSettings.has(name)) return null;
  if (value !== null && (typeof value !== 'string' || value.length > 1000 || value.includes('\0'))) return null;
  return { type, namespace, name, value };
}

/** What custody notes of a change; `subject` says on whose behalf (`A1`). The same for every state, but for `left`'s why. */
export function changeNote(
  subject: string,
  change: {
    readonly command: string;
    readonly reason: string;
    readonly undo: string;
    readonly why: string | null;
  },
): string {
  const { command, reason, undo, why } = change;
  const known: Readonly<Record<string, string>> = changeReasons;
  return `${subject}: ${command} (${known[reason] ?? reason}; undo: ${undo})${why === null ? '' : `; left: ${why}`}`;
}

export interface NotedChange {
  readonly subject: string;
  readonly command: string;
  readonly reason: HandsetChangeReason;
  readonly undo: string;
  readonly why: string | null;
}

/** The note's parts again; null when it is no note of a change. */
export function readChangeNote(note: string): NotedChange | null {
  const [, subject, command, said, undo, why] =
    /^([^:]+): (.+) \(([^()]+); undo: ([^()]+)\)(?:; left: (.+))?$/s.exec(note) ?? [];
  const reason = (Object.keys(changeReasons) as HandsetChangeReason[]).find((one) => changeReasons[one] === said);
  if (subject === undefined || command === undefined || undo === undefined || reason === undefined) return null;
  return { subject, command, reason, undo, why: why ?? null };
}

/** What a change and its end have in common, however it ended. */
export function changeKey(note: string): string {
  const noted = readChangeNote(note);
  return noted === null ? note : changeNote(noted.subject, { ...noted, why: null });
}
