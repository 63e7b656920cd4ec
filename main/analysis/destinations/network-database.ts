import { addressKind, type AddressKind } from './address-kind.ts';

/** Whose network an address lies in, as it was announced on the day of the data. */
export interface NetworkAnswer {
  /** Number of the autonomous system, or null with the reason. */
  readonly asn: number | null;
  /** Name of its holder as the database writes it. */
  readonly holder: string | null;
  readonly reason: AddressKind | 'not-in-database' | null;
}

export interface NetworkDatabase {
  /** `YYYY-MM-DD` of the data. */
  readonly dataAt: string;
  readonly name: string;
  /** What its maker says against it; shown with every holder. */
  readonly caution: string | null;
  networkOf(address: string): NetworkAnswer;
}

const magic = 'HSNET001';

/**
 * Networks from the bytes that scripts/network-data.mjs wrote: magic, then little-endian 32-bit words: counts of IPv4 and IPv6
 * stretches and of holders, bytes of names; begins and holders of the IPv4 stretches; upper and lower halves of the first 64 bits and holders of
 * the IPv6 ones; numbers of the holders and ends of their names; the names. Holder 0 is nobody. Throws on other bytes: they are our own.
 */
export function openNetworkDatabase(
  file: Uint8Array,
  about: Pick<NetworkDatabase, 'dataAt' | 'name' | 'caution'>,
): NetworkDatabase {
  // Words are read where they lie; only bytes that do not begin at one are moved.
  const bytes = file.byteOffset % 4 === 0 ? file : Uint8Array.from(file);
  if (Buffer.from(bytes.subarray(0, magic.length)).toString('latin1') !== magic) throw new Error('not a network file');
  let at = magic.length;
  const words = (count: number): Uint32Array => {
    const taken = new Uint32Array(bytes.buffer, bytes.byteOffset + at, count);
    at += count * 4;
    return taken;
  };
  const [v4Count = 0, v6Count = 0, holderCount = 0, nameBytes = 0] = words(4);
  const v4 = { begins: words(v4Count), owners: words(v4Count) };
  const v6 = { high: words(v6Count), low: words(v6Count), owners: words(v6Count) };
  const [numbers, ends] = [words(holderCount), words(holderCount)];
  const names = Buffer.from(bytes.buffer, bytes.byteOffset + at, nameBytes);
  const answerOf = (holder: number): NetworkAnswer =>
    holder === 0
      ? { asn: null, holder: null, reason: 'not-in-database' }
      : {
          asn: numbers[holder] ?? null,
          holder: names.toString('utf8', ends[holder - 1] ?? 0, ends[holder] ?? 0) || null,
          reason: null,
        };
  return {
    ...about,
    networkOf(address) {
      const kind = addressKind(address);
      if (kind !== 'public') return { asn: null, holder: null, reason: kind };
      const octets = v4Octets(address);
      if (octets !== null) {
        const place = lastAtOrBefore(v4Count, (i) => (v4.begins[i] ?? 0) <= octets);
        return answerOf(v4.owners[place] ?? 0);
      }
      const [high, low] = firstHalf(address);
      const place = lastAtOrBefore(v6Count, (i) => {
        const begin = v6.high[i] ?? 0;
        return begin < high || (begin === high && (v6.low[i] ?? 0) <= low);
      });
      return answerOf(v6.owners[place] ?? 0);
    },
  };
}

/** Index of the last of `count` ascending entries that `reached` holds for; -1: of none. */
function lastAtOrBefore(count: number, reached: (index: number) => boolean): number {
  let [from, to] = [0, count];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (reached(middle)) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}

function v4Octets(address: string): number | null {
  const match = /(?:^|^::ffff:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/i.exec(address);
  return match === null ? null : match.slice(1).reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

/** The first 64 bits of an IPv6 address, as two words. */
function firstHalf(address: string): readonly [number, number] {
  const [front = '', back] = address.split('::');
  const groups = front === '' ? [] : front.split(':');
  const behind = back === undefined || back === '' ? [] : back.split(':');
  const filled = [
    ...groups,
    ...Array.from({ length: Math.max(0, 8 - groups.length - behind.length) }, () => '0'),
    ...behind,
  ];
  const group = (i: number): number => Number.parseInt(filled[i] ?? '0', 16) || 0;
  return [group(0) * 65536 + group(1), group(2) * 65536 + group(3)];
}
