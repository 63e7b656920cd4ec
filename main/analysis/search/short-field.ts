import { fieldNameAt, isFieldEnd, valueStart } from '../transforms/field-probe.ts';
import type { FieldForm, PatternSet } from '../transforms/pattern-set.ts';
import { shortFieldRows, type ShortFieldRow } from '../transforms/short-fields.ts';
import { byteAt, foldedBytes } from './byte-classes.ts';

/** By row, the forms that its fields may hold, by their first byte (case folded), the longest first. */
export type ShortFieldIndex = ReadonlyMap<string, ShortFieldForms>;

interface ShortFieldForms {
  readonly row: ShortFieldRow;
  readonly byFirst: ReadonlyMap<number, readonly FieldForm[]>;
}

export interface ShortFieldMatch {
  readonly form: FieldForm;
  readonly start: number;
  readonly end: number;
  /** False where the bytes end with the value: more of it may come. */
  readonly closed: boolean;
}

export function buildShortFields({ values, fieldForms }: PatternSet): ShortFieldIndex {
  const index = new Map<string, ShortFieldForms>();
  for (const row of shortFieldRows) {
    const byFirst = new Map<number, FieldForm[]>();
    for (const form of fieldForms) {
      if (!row.kinds.includes(values[form.value]?.kind ?? 'custom')) continue;
      const first = byteAt(foldedBytes, byteAt(form.bytes, 0));
      const same = byFirst.get(first) ?? [];
      same.push({ ...form, bytes: form.bytes.map((byte) => byteAt(foldedBytes, byte)) });
      byFirst.set(first, same);
    }
    for (const same of byFirst.values()) same.sort((a, b) => b.bytes.length - a.bytes.length || a.value - b.value);
    if (byFirst.size > 0) index.set(row.id, { row, byFirst });
  }
  return index;
}

/**
 * A listed value of a few bytes that is the whole value of the field whose name ends at `nameEnd`, letter case aside. Most fields hold something
 * else: they are told by one byte, and nothing is made of them. `ends`: no byte follows `to`.
 */
export function shortFieldAt(
  { row, byFirst }: ShortFieldForms,
  bytes: Uint8Array,
  nameEnd: number,
  from: number,
  to: number,
  ends: boolean,
): ShortFieldMatch | null {
  const start = valueStart(bytes, nameEnd, to);
  if (start === -1) return null;
  for (const form of byFirst.get(byteAt(foldedBytes, byteAt(bytes, start))) ?? []) {
    const end = start + form.bytes.length;
    if (end > to || !holds(bytes, start, form.bytes)) continue;
    if (end < to && !isWhole(bytes, start, end, to)) continue;
    const name = fieldNameAt(bytes, nameEnd, from);
    return row.name.test(name) || row.camel.test(name) ? { form, start, end, closed: end < to || ends } : null;
  }
  return null;
}

function holds(bytes: Uint8Array, start: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) {
    const byte = byteAt(foldedBytes, byteAt(bytes, start + i));
    // A form writes a blank as a plus (application/x-www-form-urlencoded).
    if (byte !== wanted[i] && !(byte === 0x2b && wanted[i] === 0x20)) return false;
  }
  return true;
}

/** What opened the value says what ends it: `"name":"Amy Lin"` and `<name>Amy Lin<` are not Amy's. */
function isWhole(bytes: Uint8Array, start: number, end: number, to: number): boolean {
  const opener = byteAt(bytes, start - 1);
  const next = byteAt(bytes, end);
  if (opener === 0x22 || opener === 0x27)
    return next === opener || (next === 0x5c && (end + 1 >= to || bytes[end + 1] === opener));
  if (opener === 0x3e) return next === 0x3c;
  return isFieldEnd(next) && (opener === 0x3d || (next !== 0x20 && next !== 0x09));
}
