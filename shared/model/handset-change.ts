/** Why a handset is changed, as custody states it (English, in the notes of every case). */
export const changeReasons = {
  screenshot: 'screenshot of a release that cannot send binary output',
  canary: 'control request of a live capture',
} as const;
export type HandsetChangeReason = keyof typeof changeReasons;

/** Something that is done to a handset beyond reading; recorded before it is made, and at its end. */
export interface HandsetChange {
  readonly state: 'begun' | 'undone' | 'left';
  /** A command of its shell, or a service of its adb (`reverse:forward:…`). */
  readonly command: string;
  readonly reason: HandsetChangeReason;
  /** What takes it back. */
  readonly undo: string;
  /** Of `left`: why it could not be taken back: a code of an outcome or a problem, or `exit-N`. */
  readonly why: string | null;
}

/** What custody notes of a change; `subject` says on whose behalf (`A1`). The same for every state, but for `left`'s why. */
export function changeNote(subject: string, change: Omit<HandsetChange, 'state'>): string {
  const { command, reason, undo, why } = change;
  return `${subject}: ${command} (${changeReasons[reason]}; undo: ${undo})${why === null ? '' : `; left: ${why}`}`;
}

export interface NotedChange extends Omit<HandsetChange, 'state'> {
  readonly subject: string;
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
