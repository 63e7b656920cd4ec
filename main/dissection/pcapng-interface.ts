import { u16, u16le, u32, u32le, u8 } from './bytes.ts';

/** An interface of a pcapng section, as its description block gives it. */
export interface CaptureInterface {
  readonly linkType: number;
  readonly snapLength: number;
  /** Times are counted in units of 10^-digits or 2^-digits seconds (if_tsresol). */
  readonly isBinary: boolean;
  readonly digits: number;
  /** if_tsoffset, in microseconds. */
  readonly offsetUs: number;
  /** An option is longer than its block, or one that times depend on has not the length it must have: times may be wrong. */
  readonly isDoubtful: boolean;
}

/** Taken when a description is too short to say anything: keeps the numbers of the interfaces after it. */
export const UNDESCRIBED: CaptureInterface = {
  linkType: 0,
  snapLength: 0,
  isBinary: false,
  digits: 6,
  offsetUs: 0,
  isDoubtful: true,
};

/** Shortest interface description block: header, three fields, length. */
export const INTERFACE_BLOCK_BYTES = 20;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;
/** Bytes of the options that times depend on. */
const LENGTHS = new Map([
  [IF_TSRESOL, 1],
  [IF_TSOFFSET, 8],
]);

/** Reads an interface description block at `[at, end)`, at least INTERFACE_BLOCK_BYTES long. */
export function readInterface(b: Uint8Array, at: number, end: number, bigEndian: boolean): CaptureInterface {
  const half = bigEndian ? u16 : u16le;
  const word = bigEndian ? u32 : u32le;
  let resolution = 6;
  let offsetUs = 0;
  let isDoubtful = false;
  const stop = end - 4;
  for (let option = at + 16; option + 4 <= stop;) {
    const code = half(b, option);
    const length = half(b, option + 2);
    const value = option + 4;
    if (code === 0) break;
    isDoubtful ||= value + length > stop || length !== (LENGTHS.get(code) ?? length);
    if (value + length > stop) break;
    if (code === IF_TSRESOL && length >= 1) resolution = u8(b, value);
    else if (code === IF_TSOFFSET && length >= 8) {
      // A signed 64-bit number of seconds.
      const high = word(b, bigEndian ? value : value + 4) | 0;
      offsetUs = (high * 4294967296 + word(b, bigEndian ? value + 4 : value)) * 1e6;
    }
    option = value + ((length + 3) & ~3);
  }
  return {
    linkType: half(b, at + 8),
    snapLength: word(b, at + 12),
    isBinary: (resolution & 0x80) !== 0,
    digits: resolution & 0x7f,
    offsetUs,
    isDoubtful,
  };
}

/** The first second of the year 10000, in microseconds: later, and before 1970, no packet was captured. */
const END_OF_TIME_US = 253_402_300_800e6;

/** Microseconds since 1970 of a time of `high` × 2^32 + `low` units, rounded down; NaN when no packet can be that old or young. */
export function timeUs(face: CaptureInterface, high: number, low: number): number {
  const us = unitsToUs(face, high, low) + face.offsetUs;
  return us >= 0 && us < END_OF_TIME_US ? us : Number.NaN;
}

function unitsToUs({ isBinary, digits }: CaptureInterface, high: number, low: number): number {
  if (!isBinary && digits === 6) return high * 4294967296 + low;
  if (!isBinary && digits < 6) return (high * 4294967296 + low) * 10 ** (6 - digits);
  if (!isBinary && digits <= 12) {
    // Long division in two steps: the whole number of units does not fit a double exactly.
    const perUs = 10 ** (digits - 6);
    return Math.floor(high / perUs) * 4294967296 + Math.floor(((high % perUs) * 4294967296 + low) / perUs);
  }
  if (isBinary && digits <= 31) {
    const perSecond = 2 ** digits;
    const seconds = high * 2 ** (32 - digits) + Math.floor(low / perSecond);
    return seconds * 1e6 + Math.floor(((low % perSecond) * 1e6) / perSecond);
  }
  const perSecond = (isBinary ? 2n : 10n) ** BigInt(digits);
  return Number((((BigInt(high) << 32n) | BigInt(low)) * 1_000_000n) / perSecond);
}
