import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import { binaryRows } from './binary-forms.ts';
import { digestAlgorithms, digestOf } from './digests.ts';
import { encodeBase32 } from './base32.ts';
import { base64Writings } from './base64-writings.ts';
import { chineseCharsets, encodeChinese, percentBytes } from './chinese-charsets.ts';
import { reverse } from './encodings.ts';
import { normalFormsOf } from './normal-forms.ts';

/** A writing on the way from an identifier to the wire: text, or bytes that are none. */
export interface ReplayedStep {
  readonly step: string;
  /** Null where this step cannot be computed from the identifier alone (salted, joined), and all that follow. */
  readonly output: Uint8Array | null;
}

export interface Replay {
  /** The form that was written, before any step. */
  readonly text: string;
  readonly steps: readonly ReplayedStep[];
  /**
   * `equal`: what was computed is what stood on the wire. `inside`: the wire held it as a part of a longer encoded text.
   * `differs`: it was computed and is not what stood there. `not-computed`: a step has values that are not known here.
   */
  readonly compared: 'equal' | 'inside' | 'differs' | 'not-computed';
}

type Step = (input: Buffer) => Buffer;

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Steps that need nothing but their input, by name (digests.ts, encodings.ts). */
const steps: Readonly<Record<string, Step>> = {
  ...Object.fromEntries(digestAlgorithms.map((one) => [one.name, (input: Buffer) => digestOf(one, input)])),
  hex: (input) => ascii(input.toString('hex')),
  'upper-hex': (input) => ascii(input.toString('hex').toUpperCase()),
  base32: (input) => ascii(encodeBase32(input)),
  base64: (input) => ascii(input.toString('base64')),
  base64url: (input) => ascii(input.toString('base64url')),
  percent: (input) => ascii(percentBytes(input)),
  ...Object.fromEntries(
    chineseCharsets.map((one) => [one, (input: Buffer) => encodeChinese(one, input.toString('utf8')) ?? input]),
  ),
  'utf-16le': (input) => Buffer.from(input.toString('utf8'), 'utf16le'),
  'utf-16be': (input) => Buffer.from(input.toString('utf8'), 'utf16le').swap16(),
  reversed: (input) => Buffer.from(reverse(input.toString('utf8')), 'utf8'),
  line: (input) => Buffer.concat([input, Buffer.from('\n')]),
};

function stepOf(name: string): Step | null {
  const known = Object.hasOwn(steps, name) ? (steps[name] ?? null) : null;
  if (known !== null) return known;
  const [, where, count] = /^(first|last|first-bytes)-(\d+)$/.exec(name) ?? [];
  const length = Number(count);
  if (where === 'first' || where === 'first-bytes') return (input) => input.subarray(0, length);
  if (where === 'last') return (input) => input.subarray(Math.max(0, input.length - length));
  // «16-character MD5»: characters 9 to 24.
  return name === 'middle-16' ? (input) => input.subarray(8, 24) : null;
}

/**
 * Writes an identifier again as a finding says it was written, step by step, and compares the end with the bytes of the wire.
 * Of the texts that a form has (letter cases, groupings) the one that leads to these bytes is taken.
 */
export function replayTransform(
  kind: IdentifierKind,
  value: string,
  form: string | null,
  transform: readonly string[],
  wire: Uint8Array,
): Replay {
  const binary = replayBinary(kind, value, form, transform, Buffer.from(wire));
  if (binary !== null) return binary;
  const texts = normalFormsOf(kind, value).find((one) => one.form === form)?.texts ?? [];
  const candidates = (texts.length === 0 ? [value] : texts).map((text) => replayText(text, transform, wire));
  const best =
    candidates.find(({ compared }) => compared === 'equal') ?? candidates.find((one) => one.compared === 'inside');
  return best ?? candidates[0] ?? replayText(value, transform, wire);
}

/** Writings as bytes that are no text (telephony BCD, integers): one step from the value. */
function replayBinary(
  kind: IdentifierKind,
  value: string,
  form: string | null,
  transform: readonly string[],
  wire: Buffer,
): Replay | null {
  const [step] = transform;
  if (step === undefined || transform.length > 1) return null;
  const rows = binaryRows.filter((row) => row.kinds.includes(kind) && row.step === step && (row.form ?? null) === form);
  const found = rows.flatMap((row) => row.write(value)).find(({ bytes }) => wire.equals(bytes));
  return found === undefined ? null : { text: value, steps: [{ step, output: found.bytes }], compared: 'equal' };
}

function replayText(text: string, transform: readonly string[], wire: Uint8Array): Replay {
  const replayed: ReplayedStep[] = [];
  let current: Buffer | null = Buffer.from(text, 'utf8');
  for (const step of transform) {
    const apply: Step | null = current === null ? null : stepOf(step);
    current = current === null || apply === null ? null : apply(current);
    replayed.push({ step, output: current === null ? null : Uint8Array.from(current) });
  }
  return { text, steps: replayed, compared: compare(text, replayed, Buffer.from(wire)) };
}

function compare(text: string, replayed: readonly ReplayedStep[], wire: Buffer): Replay['compared'] {
  const outputs = [Buffer.from(text, 'utf8'), ...replayed.map(({ output }) => output)];
  const last = outputs.at(-1) ?? null;
  if (last === null) return 'not-computed';
  if (isSame(Buffer.from(last), wire)) return 'equal';
  // Where the search has undone a longer encoded text, the bytes of the match are those before the encoding.
  const earlier = outputs.slice(0, -1).map((one) => Buffer.from(one ?? []));
  if (earlier.some((one) => isSame(one, wire))) return 'inside';
  // In a longer base64 text the characters depend on where the value stands in it.
  const encoded = /^base64(url)?$/.test(replayed.at(-1)?.step ?? '')
    ? base64Writings(earlier.at(-1) ?? Buffer.alloc(0))
    : [];
  return encoded.some(({ bytes }) => wire.includes(Buffer.from(bytes))) ? 'inside' : 'differs';
}

/** Letters of either case: hexadecimal is written in both; padding is left out by many. */
function isSame(computed: Buffer, wire: Buffer): boolean {
  const plain = (bytes: Buffer): string => bytes.toString('latin1').replace(/=+$/, '');
  return computed.equals(wire) || plain(computed).toLowerCase() === plain(wire).toLowerCase();
}
