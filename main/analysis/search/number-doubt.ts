import type { ConfidenceReason } from '../../../shared/model/finding.ts';
import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import type { ByteContext } from './surroundings.ts';

/**
 * Names that hold numbers of the kind and hardly anything else. Others that agree with it (`to`, `address`, `uid` …) hold times, positions and
 * ids as well: of digits that may be one of these they tell nothing.
 */
const strong: Readonly<Partial<Record<IdentifierKind, readonly RegExp[]>>> = {
  msisdn: numberNames(),
  'contact-msisdn': numberNames(),
  account: [/user|account|login|uid|jid/i],
};

function numberNames(): readonly RegExp[] {
  return [
    /phone|mobile|msisdn|line1|caller|callee|sender|recipient/i,
    /(?:^|[^A-Za-z])tel(?:s|no|nr|num|number)?(?:$|[^A-Za-z])/i,
    /(?:^|[^A-Za-z])[Tt]el[A-Z]/,
    /^(?:(?:to|from|contact|user)[_.-]?)?numbers?$/i,
    /^contacts?$/i,
  ];
}

/** `phone_updated_at`, `mobileTs`: the name itself says that a time stands there. */
const timeNames: readonly RegExp[] = [
  /(?:time|date|dated|stamp|epoch|since|until|expiry|expires?)$/i,
  /(?:^|[^A-Za-z])(?:at|ts|ms)$/i,
  /[a-z](?:At|Ts|TS|Ms)$/,
];

/** Does a field of this name hold this kind rather than a time, a position or some id? */
export function nameIsStrong(kind: IdentifierKind, name: string | null): boolean {
  if (name === null || timeNames.some((one) => one.test(name))) return false;
  return strong[kind]?.some((one) => one.test(name)) === true;
}

const dayMs = 24 * 3600 * 1000;
const yearsMs = 5 * 365.25 * dayMs;

/** What else the digits of a match may be, for a kind that only the name of a field tells from a time; null where they are nothing else. */
export function numberDoubt(
  { kind, value }: { readonly kind: IdentifierKind; readonly value: string },
  context: ByteContext,
  packetUs: number,
): ConfidenceReason | null {
  if (strong[kind] === undefined) return null;
  const [before, digits, after] = textOf(context);
  if (!/^\d+$/.test(digits)) return null;
  if (isFraction(value, before, digits, after)) return 'fraction';
  const apart = Math.abs(timeMs(digits) - packetUs / 1000);
  if (apart <= dayMs) return 'time-of-packet';
  return apart <= yearsMs ? 'time-of-years' : null;
}

/** A Unix time in seconds has ten digits from 2001 to 2286, in milliseconds thirteen. */
function timeMs(digits: string): number {
  if (digits.length === 10) return Number(digits) * 1000;
  return digits.length === 13 ? Number(digits) : Number.NaN;
}

/** One point with digits before it makes a decimal; several, a plus, or the rest of the same telephone number before it do not. */
function isFraction(value: string, before: string, digits: string, after: string): boolean {
  const whole = /(?:^|[^\d.])(\d+)\.$/.exec(before)?.[1];
  if (whole === undefined || /^\.\d/.test(after)) return false;
  if (/(?:\+|%2b)$/i.test(before.slice(0, -1 - whole.length))) return false;
  return value.replaceAll(/\D/g, '') !== whole + digits;
}

/** What stands before, in and behind the match. */
function textOf({ bytes, start, end }: ByteContext): readonly [string, string, string] {
  const text = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).toString('latin1');
  return [text(0, start), text(start, end), text(end, bytes.length)];
}
