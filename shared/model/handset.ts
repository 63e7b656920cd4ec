export type HandsetRole = 'exhibit' | 'twin';

/** A handset of the case. Display id `H1`, `H2` … */
export interface CaseHandset {
  readonly id: string;
  readonly label: string;
  readonly serial: string | null;
  readonly role: HandsetRole;
  readonly addedAt: string;
}

export const handsetStates = [
  'device',
  'offline',
  'unauthorized',
  'authorizing',
  'recovery',
  'sideload',
  'bootloader',
  'no-permissions',
  'unknown',
] as const;
export type HandsetState = (typeof handsetStates)[number];

/** What adb sees now. `advice` is a wording key `advice.<state>`: what the person should do. */
export interface ConnectedHandset {
  readonly serial: string;
  readonly state: HandsetState;
  /** As adb's own list said it, e.g. `no permissions (user in plugdev group; …)`. */
  readonly rawState: string;
  readonly transport: 'usb' | 'tcp' | 'emulator';
  readonly model: string | null;
  readonly product: string | null;
  readonly transportId: string | null;
  readonly advice: string;
}

/** Handset clock minus workstation clock, with the bound of the measurement (half the round trip). */
export interface ClockOffset {
  readonly offsetMs: number;
  readonly boundMs: number;
  readonly measuredAt: string;
  readonly handsetAt: string;
  /** 'date +%s%N', or 'date +%s' on releases without nanoseconds (bound then includes the second). */
  readonly method: string;
  readonly uptimeSeconds: number | null;
  readonly zone: string | null;
}
