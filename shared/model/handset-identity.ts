/** What a handset says of itself that outlasts the way it is connected; null: not told, or a placeholder. */
export interface HandsetIdentity {
  /** `ro.serialno`, else `ro.boot.serialno`: both are what the boot loader handed over (`androidboot.serialno`). */
  readonly hardwareSerial: string | null;
  /** `android_id` of the first user: drawn at the first start, and anew after a reset. */
  readonly androidId: string | null;
  /** `ro.build.fingerprint`: shared by all of a build, so it never tells two of them apart. */
  readonly fingerprint: string | null;
}

/** What spoke for it, in this order. */
export const identitySources = ['hardwareSerial', 'androidId', 'fingerprint'] as const;
export type IdentitySource = (typeof identitySources)[number];

/**
 * Whether the handset that is there is the one of before. `same`: at least two sources agree (the adb serial is one, where
 * it is the same), one of which tells handsets of a build apart; `other`: a serial number or android_id says otherwise; `unknown`: too little is told.
 */
export type Recognition =
  { readonly verdict: 'same'; readonly by: readonly IdentitySource[] } | { readonly verdict: 'other' | 'unknown' };

/**
 * `sameSerial`: the adb serial, where it is listed under that of before; else null. `was` is null where nothing was noted: then
 * that serial is all there is.
 */
export function recogniseHandset(
  was: HandsetIdentity | null,
  now: HandsetIdentity,
  sameSerial: string | null,
): Recognition {
  if (was === null) return sameSerial === null ? { verdict: 'unknown' } : { verdict: 'same', by: [] };
  const known = identitySources.filter((one) => was[one] !== null && now[one] !== null);
  const by = known.filter((one) => was[one] === now[one]);
  // An upgrade changes the fingerprint of the same handset.
  if (known.some((one) => one !== 'fingerprint' && was[one] !== now[one])) return { verdict: 'other' };
  const tellsApart = by.some((one) => one !== 'fingerprint') || (sameSerial !== null && isOfOneHandset(sameSerial));
  return tellsApart && by.length >= (sameSerial === null ? 2 : 1) ? { verdict: 'same', by } : { verdict: 'unknown' };
}

/** Whether an adb serial is one handset's own: no placeholder that a whole series has, and no address that any may have next. */
function isOfOneHandset(serial: string): boolean {
  return serialIn(serial) !== null && !/:\d+$/.test(serial);
}

/** From the texts that a handset printed: trimmed, and null where it is nothing that tells handsets apart. */
export function identityOf(said: Readonly<Record<IdentitySource | 'bootSerial', string | null>>): HandsetIdentity {
  return {
    hardwareSerial: serialIn(said.hardwareSerial) ?? serialIn(said.bootSerial),
    androidId: androidIdIn(said.androidId),
    fingerprint: fingerprintIn(said.fingerprint),
  };
}

/** An identity as a case stored it; null when it is anything else, or says nothing. */
export function readIdentity(stored: unknown): HandsetIdentity | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { hardwareSerial, androidId, fingerprint } = stored as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const identity = identityOf({
    hardwareSerial: text(hardwareSerial),
    bootSerial: null,
    androidId: text(androidId),
    fingerprint: text(fingerprint),
  });
  return identitySources.every((one) => identity[one] === null) ? null : identity;
}

const longest = 200;
// What board files of many makers hand over where no number was burnt in: 0123456789ABCDEF, a part of it, or one digit repeated.
const counting = ['0123456789abcdef', '1234567890abcdef'] as const;
/** Emulators of one release share theirs: EMULATOR29X2X11X0. */
const placeholderSerial = /^(?:unknown|null|none|emulator\d*.*|(.)\1*)$/i;

function serialIn(said: string | null): string | null {
  const text = said?.trim() ?? '';
  if (!/^[\w.:-]{4,100}$/.test(text) || placeholderSerial.test(text)) return null;
  return counting.some((row) => row.includes(text.toLowerCase())) ? null : text;
}

/** Hexadecimal, up to 64 bits; 9774d56d682e549c is what whole series of Android 2.2 handsets shared, and emulators. */
function androidIdIn(said: string | null): string | null {
  const text = said?.trim().toLowerCase() ?? '';
  return /^[0-9a-f]{8,16}$/.test(text) && !/^(.)\1*$/.test(text) && text !== '9774d56d682e549c' ? text : null;
}

function fingerprintIn(said: string | null): string | null {
  const text = said?.trim() ?? '';
  return text.length <= longest && /^[^\s/]+\/[^\s/]+\/\S+$/.test(text) ? text : null;
}

/** What custody notes where a change is met under another adb serial: the values themselves stay out, notes are published. */
export function recognisedNote(change: string, by: readonly IdentitySource[]): string {
  return `${change}: the same handset under another adb serial (${by.join(', ')})`;
}

/** The note's parts again; null when it is no such note. */
export function readRecognisedNote(
  note: string,
): { readonly change: string; readonly by: readonly IdentitySource[] } | null {
  const [, change, list] = /^(HC\d+): the same handset under another adb serial \(([A-Za-z, ]*)\)$/.exec(note) ?? [];
  if (change === undefined || list === undefined) return null;
  return { change, by: identitySources.filter((one) => list.split(', ').includes(one)) };
}
