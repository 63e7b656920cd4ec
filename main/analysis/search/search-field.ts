import type { FieldKind } from '../transforms/binary-forms.ts';
import type { FieldForm, PatternSet } from '../transforms/pattern-set.ts';

/** An identifier in a field whose content is known to be of its kind. Offsets are in the field. */
export interface FieldMatch {
  /** Index into the set's values. */
  readonly value: number;
  readonly owners: readonly { readonly id: string; readonly handset: string }[];
  readonly form: string | null;
  readonly transform: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly bits: number;
}

/** A field of an identity is some bytes long; a longer one is searched as far as this. */
export const maxFieldBytes = 256;

/**
 * Identifiers in one field of a binary protocol, such as IMSI, MSISDN and MEI of GTP (3GPP TS 29.060 7.7, TS 29.274 8), the AVPs of Diameter
 * that hold TBCD (TS 29.329 6.3.2), a hardware address of DHCP or ARP, or a text field. Only here are forms of under seven bytes looked for:
 * elsewhere chance finds them. In a field of kind `text` a value has to be the whole text. Each value once, in its most specific writing.
 */
export function searchField(set: PatternSet, bytes: Uint8Array, field: FieldKind): FieldMatch[] {
  const content = bytes.subarray(0, maxFieldBytes);
  const best = new Map<number, { readonly form: FieldForm; readonly start: number }>();
  for (const form of set.fieldForms) {
    if (!form.fields.includes(field) || form.bytes.length > content.length) continue;
    const start =
      field === 'text' && form.steps.length === 0 ? wholeText(content, form.bytes) : placeOf(content, form.bytes);
    const known = best.get(form.value);
    if (start !== -1 && (known === undefined || form.bits > known.form.bits)) best.set(form.value, { form, start });
  }
  return [...best]
    .sort(([a], [b]) => a - b)
    .map(([value, { form, start }]) => ({
      value,
      owners: set.values[value]?.owners ?? [],
      form: form.form,
      transform: form.steps,
      start,
      end: start + form.bytes.length,
      bits: form.bits,
    }));
}

function placeOf(content: Uint8Array, wanted: Uint8Array): number {
  return Buffer.prototype.indexOf.call(content, wanted);
}

/** The text without spaces and zeros around it, letter case aside. */
function wholeText(content: Uint8Array, wanted: Uint8Array): number {
  let start = 0;
  let end = content.length;
  while (start < end && isBlank(content[start])) start++;
  while (end > start && isBlank(content[end - 1])) end--;
  const said = Buffer.from(content.subarray(start, end)).toString('utf8');
  return said.toLowerCase() === Buffer.from(wanted).toString('utf8').toLowerCase() ? start : -1;
}

const isBlank = (byte: number | undefined): boolean => byte === 0 || byte === 0x20;
