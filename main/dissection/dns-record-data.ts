import { i32, ipv4Text, ipv6Text, latin1, textOf, u16, u8 } from './bytes.ts';
import { dnsTypeName } from './dns-names.ts';
import type { NameReader } from './dns-name-reader.ts';

/** RFC 9460, 14.3.2. */
const SERVICE_KEYS = ['mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ech', 'ipv6hint', 'dohpath'];

/** Data of one resource record as text: addresses, names, strings; of other types only the type's name. */
export function recordData(b: Uint8Array, type: number, at: number, end: number, names: NameReader): string {
  if (type === 1 && end - at === 4) return ipv4Text(i32(b, at) >>> 0);
  if (type === 28 && end - at === 16) return ipv6At(b, at);
  if (type === 2 || type === 5 || type === 12 || type === 39) return names.read(at);
  if (type === 15 && end - at > 2) return names.read(at + 2);
  if (type === 33 && end - at > 6) return `${names.read(at + 6)}:${u16(b, at + 4)}`;
  if (type === 16 || type === 99) {
    return characterStrings(b, at, end)
      .map(([from, to]) => textOf(b, from, to))
      .join('');
  }
  if ((type === 64 || type === 65) && end - at > 2) return serviceBinding(b, at, end, names);
  return dnsTypeName(type);
}

function ipv6At(b: Uint8Array, at: number): string {
  return ipv6Text([i32(b, at) >>> 0, i32(b, at + 4) >>> 0, i32(b, at + 8) >>> 0, i32(b, at + 12) >>> 0]);
}

/** RFC 1035, 3.3: strings of up to 255 bytes behind their length, as ranges. */
export function characterStrings(b: Uint8Array, at: number, end: number): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  for (let i = at; i < end; i += 1 + u8(b, i)) ranges.push([i + 1, Math.min(end, i + 1 + u8(b, i))]);
  return ranges;
}

/** RFC 9460, 2.1: `priority target key=value …`. */
function serviceBinding(b: Uint8Array, at: number, end: number, names: NameReader): string {
  const target = names.read(at + 2);
  const words = [String(u16(b, at)), target === '<Root>' ? '.' : target];
  let i = names.end;
  while (i + 4 <= end) {
    const from = i + 4;
    const to = Math.min(end, from + u16(b, i + 2));
    const key = SERVICE_KEYS[u16(b, i)] ?? `key${u16(b, i)}`;
    const value = serviceValue(b, key, from, to);
    words.push(value === '' ? key : `${key}=${value}`);
    i = to;
  }
  return words.join(' ');
}

function serviceValue(b: Uint8Array, key: string, from: number, to: number): string {
  if (key === 'alpn') {
    const list = characterStrings(b, from, to);
    return list.map(([a, z]) => textOf(b, a, z)).join(',');
  }
  if (key === 'port' && to - from === 2) return String(u16(b, from));
  if (key === 'dohpath') return latin1(b, from, to);
  const hints: string[] = [];
  if (key === 'ipv4hint') for (let i = from; i + 4 <= to; i += 4) hints.push(ipv4Text(i32(b, i) >>> 0));
  if (key === 'ipv6hint') for (let i = from; i + 16 <= to; i += 16) hints.push(ipv6At(b, i));
  return hints.join(',');
}
