import { u16, u16le, u32, u32le } from './bytes.ts';

/** Block types: https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/ section 11.1 */
export const SECTION = 0x0a0d0d0a;
export const INTERFACE = 1;
export const OBSOLETE_PACKET = 2;
export const SIMPLE_PACKET = 3;
const NAME_RESOLUTION = 4;
const STATISTICS = 5;
export const ENHANCED_PACKET = 6;
const JOURNAL = 9;
export const SECRETS = 10;
const CUSTOM = 0x0bad;
const CUSTOM_NOT_COPIED = 0x40000bad;
/** Blocks without a packet that Wireshark numbers all the same: custom blocks, the systemd journal, sysdig events. */
const NUMBERED = new Set([CUSTOM, CUSTOM_NOT_COPIED, JOURNAL, 0x204, 0x208, 0x216, 0x221, 0x222, 0x223]);
const KNOWN = new Set([
  ...NUMBERED,
  SECTION,
  INTERFACE,
  OBSOLETE_PACKET,
  SIMPLE_PACKET,
  NAME_RESOLUTION,
  STATISTICS,
  ENHANCED_PACKET,
  SECRETS,
]);

/** Wireshark's own bound for a block (MAX_BLOCK_SIZE). */
const MAX_BLOCK_BYTES = 16 * 1024 * 1024;
/** A packet of 256 KiB with its options; a packet block that says it is longer is damaged. */
const MAX_PACKET_BLOCK_BYTES = 1024 * 1024;
const SECTION_BYTES = 28;
const SMALLEST_BYTES = 12;

export function isNumbered(type: number): boolean {
  return NUMBERED.has(type);
}

export function holdsPacket(type: number): boolean {
  return type === ENHANCED_PACKET || type === SIMPLE_PACKET || type === OBSOLETE_PACKET;
}

/** Can a block of this type be so long? */
export function isBlockLength(type: number, length: number): boolean {
  const least = type === SECTION ? SECTION_BYTES : SMALLEST_BYTES;
  const most = holdsPacket(type) ? MAX_PACKET_BLOCK_BYTES : MAX_BLOCK_BYTES;
  return length >= least && length <= most && (length & 3) === 0;
}

/** True for big endian, false for little, null when the section header at `at` has no byte-order mark. */
export function byteOrder(b: Uint8Array, at: number): boolean | null {
  const mark = u32(b, at + 8);
  return mark === 0x1a2b3c4d ? true : mark === 0x4d3c2b1a ? false : null;
}

/**
 * Length of the block of a known type at `at` when its two lengths agree, 0 when none stands there, -n when n bytes from there
 * on are needed to tell.
 */
export function wholeBlockAt(b: Uint8Array, at: number, end: number, bigEndian: boolean): number {
  if (end - at < SMALLEST_BYTES) return -SMALLEST_BYTES;
  const isSection = u32(b, at) === SECTION;
  // The next section may have the other byte order.
  const order = isSection ? byteOrder(b, at) : bigEndian;
  if (order === null) return 0;
  const word = order ? u32 : u32le;
  const type = isSection ? SECTION : word(b, at);
  if (!KNOWN.has(type)) return 0;
  const length = word(b, at + 4);
  if (!isBlockLength(type, length)) return 0;
  if (at + length > end) return -length;
  return word(b, at + length - 4) === length ? length : 0;
}

/** Blocks longer than this are not looked for in damage: what must be held to decide stays small. */
const LONGEST_FOUND = 512 * 1024;
/** Bytes that suffice to decide on every position in the first half of them. */
export const SEARCH_BYTES = 2 * LONGEST_FOUND;

/**
 * Looks for the next block of a known type whose two lengths agree. `found`: it stands at `at`. Otherwise nothing begins
 * before `at`, and from there on more bytes (SEARCH_BYTES) are needed to tell; with `ending` there are none.
 */
export function findBlock(
  b: Uint8Array,
  from: number,
  end: number,
  bigEndian: boolean,
  ending: boolean,
): { readonly found: boolean; readonly at: number } {
  for (let at = from; at + SMALLEST_BYTES <= end; at++) {
    const length = wholeBlockAt(b, at, end, bigEndian);
    if (length > 0 && length <= LONGEST_FOUND) return { found: true, at };
    if (length < 0 && -length <= LONGEST_FOUND && !ending) return { found: false, at };
  }
  return { found: false, at: ending ? end : Math.max(from, end - SMALLEST_BYTES + 1) };
}

/** Known options of packets, and the ranges for local and custom use (section 3.5, 4.3). */
function isPacketOption(code: number): boolean {
  return code <= 9 || code >= 0x8000 || code === 2988 || code === 2989 || code === 19372 || code === 19373;
}

/**
 * The file ends inside this block: do the parts of it that are there agree with the length it says? If not, it is its length
 * that is damaged, and whole blocks may follow.
 */
export function isOnlyCut(type: number, b: Uint8Array, at: number, end: number, bigEndian: boolean): boolean {
  if (type === ENHANCED_PACKET || type === OBSOLETE_PACKET) return isOnlyCutPacket(b, at, end, bigEndian);
  const word = bigEndian ? u32 : u32le;
  if (type === SIMPLE_PACKET) return word(b, at + 4) <= 16 + ((word(b, at + 8) + 3) & ~3);
  return !findBlock(b, at + 1, end, bigEndian, true).found;
}

function isOnlyCutPacket(b: Uint8Array, at: number, end: number, bigEndian: boolean): boolean {
  if (end - at < 28) return true;
  const half = bigEndian ? u16 : u16le;
  const word = bigEndian ? u32 : u32le;
  const stop = at + word(b, at + 4) - 4;
  const data = word(b, at + 20);
  let option = at + 28 + ((data + 3) & ~3);
  if (data > MAX_PACKET_BLOCK_BYTES || option > stop) return false;
  while (option + 4 <= end && option < stop) {
    const code = half(b, option);
    const length = half(b, option + 2);
    option += 4 + ((length + 3) & ~3);
    if (!isPacketOption(code) || option > stop) return false;
    if (code === 0) return length === 0 && option === stop;
  }
  return true;
}
