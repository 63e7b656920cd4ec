/** What the handset was like when it was received, as a person saw it. `unknown` where nobody looked. */
export const intakeLocks = ['locked', 'unlocked', 'no-lock', 'unknown'] as const;
export const intakePowers = ['on', 'off', 'unknown'] as const;
export const intakeAirplanes = ['on', 'off', 'unknown'] as const;
export const intakeSims = ['present', 'removed', 'none', 'unknown'] as const;

/**
 * What a person confirms before the cable goes in: photographs taken; seal compared; it was settled whether the radio stays on;
 * the authority covers an examination of the running handset; what plugging in and enabling debugging change was read.
 */
export const intakeChecks = ['photographs', 'seal', 'radio', 'authority', 'changes'] as const;
export type IntakeCheck = (typeof intakeChecks)[number];

export interface IntakeState {
  readonly lock: (typeof intakeLocks)[number];
  readonly power: (typeof intakePowers)[number];
  readonly airplane: (typeof intakeAirplanes)[number];
  readonly sim: (typeof intakeSims)[number];
  /** Percent, 0..100; null: not read. */
  readonly battery: number | null;
}

/** The handset as an exhibit before it is plugged in. Rows are never edited: a correction is a later intake of the same handset. */
export interface Intake {
  readonly id: string;
  readonly handset: string;
  readonly exhibitNumber: string;
  readonly seal: string | null;
  readonly receivedFrom: string;
  /** RFC 3339 UTC. */
  readonly receivedAt: string;
  readonly state: IntakeState;
  /** What allows the examination: order, consent, statute, with its date. */
  readonly authority: string;
  /** Ids of exhibits (attached files) that show it. */
  readonly photographs: readonly string[];
  readonly confirmed: readonly IntakeCheck[];
  readonly note: string | null;
  readonly recordedBy: string;
  readonly recordedAt: string;
  /** Null until a second person signed. */
  readonly signed: { readonly by: string; readonly at: string } | null;
}

/** What stands in the way of plugging it in, by the rules of the intake: nothing recorded, or what was not confirmed. */
export function intakeWants(latest: Intake | null): readonly IntakeCheck[] {
  return intakeChecks.filter((check) => latest?.confirmed.includes(check) !== true);
}
