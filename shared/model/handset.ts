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

/** Whose way to «USB debugging» is described, brands of one house together. */
export const usbMakers = ['google', 'samsung', 'xiaomi', 'huawei', 'oppo', 'vivo'] as const;
export type UsbMaker = (typeof usbMakers)[number];

/** A phone that the USB bus shows, whether adb sees it or not. */
export interface UsbHandset {
  /** Four hexadecimal digits, in lower case. */
  readonly vendorId: string;
  readonly productId: string;
  readonly maker: UsbMaker | null;
  /** As the phone says it. */
  readonly name: string | null;
  readonly serial: string | null;
  /** It offers the debug bridge: «USB debugging» is on. */
  readonly debugging: boolean;
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
