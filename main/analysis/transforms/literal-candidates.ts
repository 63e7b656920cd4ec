import { base64Writings } from './base64-writings.ts';
import { binaryFormsOf } from './binary-forms.ts';
import { encodings } from './encodings.ts';
import { uuidWritings } from './name-uuid.ts';
import type { NormalForm } from './normal-forms.ts';
import type { FieldForm, LiteralPattern, PatternValue } from './pattern-set.ts';

/** Below this a sampled search cannot be sure to touch the pattern, and chance finds it anyway. */
export const minLiteralBytes = 7;

/** A literal with its place in the order in which the limit takes them: lower ones stay. */
export interface Candidate extends LiteralPattern {
  readonly tier: number;
}

/** From this tier on (base64), contacts come after all writings of the handset's own identifiers: contacts may be thousands. */
const rareTier = 2;
const contactTier = 10;

/** Contacts are many by nature; a handset's own identifiers are few. */
export function isContact(entry: Pick<PatternValue, 'kind'>): boolean {
  return entry.kind === 'contact-msisdn' || entry.kind === 'contact-name';
}

function tierOf(entry: Pick<PatternValue, 'kind'>, tier: number, rank = 0): number {
  if (!isContact(entry)) return tier;
  if (rank > 1) return tier + 2 * contactTier;
  return tier >= rareTier ? tier + contactTier : tier;
}

/** The text's writings in every encoding. */
export function textLiterals(form: NormalForm, entry: PatternValue, value: number): Candidate[] {
  if (form.digestOnly) return [];
  const literals: Candidate[] = [];
  form.texts.forEach((text, variant) => {
    // A value of few bytes is found by chance in any encoding: only its digests single it out.
    if (Buffer.byteLength(text) < minLiteralBytes) return;
    for (const encoding of encodings) {
      for (const encoded of encoding.encode(text, form.fold)) {
        // Texts that differ in case only are one pattern where the search folds case; in hex, case is that of the digits.
        const sameWhenFolded =
          variant > 0 && encoded.fold && encoding.name !== 'hex' && differsInCaseOnly(text, form.texts[0]);
        if (sameWhenFolded || encoded.bytes.length < minLiteralBytes) continue;
        literals.push({
          value,
          form: form.form,
          steps: encoded.steps,
          // A copy of its own: a slice of Buffer's pool would take the pool along to a worker.
          bytes: Uint8Array.from(encoded.bytes),
          fold: encoded.fold,
          edge: form.edge,
          ...(encoded.partial === undefined ? {} : { partial: encoded.partial }),
          span: text.length,
          bits: bitsOf(text, form),
          tier: tierOf(entry, encoding.tier + form.rank / 2, form.rank),
        });
      }
    }
  });
  return literals;
}

/** Digests of a text in the writing of a UUID: their dashes cut the token, so they are searched as text. */
export function uuidLiterals(form: NormalForm, entry: PatternValue, value: number): Candidate[] {
  if (isContact(entry) || form.digestOnly || form.rank > 0) return [];
  return form.texts.flatMap((text) =>
    uuidWritings(text).map(({ steps, text: written }) => ({
      value,
      form: form.form,
      steps,
      bytes: Uint8Array.from(Buffer.from(written)),
      fold: true,
      edge: 'hex' as const,
      span: written.length,
      bits: 122,
      tier: 4,
    })),
  );
}

/** Behind the digests of the handset's own identifiers. */
const shortBase64Tier = 9.5;

/**
 * BCD and other bytes that are long enough to be searched everywhere; also in hex digits and, of the handset's own identifiers, in base64
 * where the characters are too few to be undone: a UUID's sixteen bytes give 22.
 */
export function binaryLiterals(entry: PatternValue, value: number): Candidate[] {
  const literals: Candidate[] = [];
  for (const { form, steps, bytes, span, bits, inHex } of binaryFormsOf(entry.kind, entry.value)) {
    const add = (
      path: readonly string[],
      text: Uint8Array,
      fold: boolean,
      tier: number,
      partial?: LiteralPattern['partial'],
    ): void => {
      if (text.length < minLiteralBytes) return;
      const literal = {
        value,
        form,
        steps: path,
        bytes: text,
        fold,
        edge: null,
        span,
        bits,
        tier: tierOf(entry, tier),
      };
      literals.push(partial === undefined ? literal : { ...literal, partial });
    };
    add(steps, bytes, false, 6);
    if (inHex) add([...steps, 'hex'], Uint8Array.from(Buffer.from(Buffer.from(bytes).toString('hex'))), true, 6.5);
    if (isContact(entry) || bytes.length < minLiteralBytes) continue;
    for (const one of base64Writings(Buffer.from(bytes)))
      add([...steps, ...one.steps], Uint8Array.from(one.bytes), false, shortBase64Tier, one.partial);
  }
  return literals;
}

/** Of a digest sent as bytes: the whole, and its first sixteen, to which others are cut. */
const shortDigestBytes = 16;

/** Customary digests: of contacts' rare forms, only they are searched as bytes. */
const commonDigests: ReadonlySet<string> = new Set(['md5', 'sha1', 'sha256']);

/** The digest (a character a byte) of an identifier's text. */
export interface TextDigest {
  readonly value: number;
  readonly algorithm: string;
  readonly digest: string;
}

/** A digest sent as raw bytes. The hundred software versions of an IMEI and joined digests are left to the token look-up. */
export function rawDigestLiterals(
  { value, algorithm, digest: text }: TextDigest,
  form: NormalForm,
  entry: PatternValue,
): Candidate[] {
  if (form.form === 'imeisv') return [];
  if (isContact(entry) && form.rank > 0 && !commonDigests.has(algorithm)) return [];
  const tier = tierOf(entry, algorithm === 'sha384' ? 8 : 7, form.rank);
  const digest = Uint8Array.from(Buffer.from(text, 'binary'));
  const whole: Candidate = {
    value,
    form: form.form,
    steps: [algorithm],
    bytes: digest,
    fold: false,
    edge: null,
    span: digest.length,
    bits: digest.length * 8,
    tier,
  };
  if (digest.length === shortDigestBytes || (isContact(entry) && form.rank > 0)) return [whole];
  const bytes = digest.slice(0, shortDigestBytes);
  const steps = [algorithm, `first-bytes-${shortDigestBytes}`];
  return [whole, { ...whole, steps, bytes, span: shortDigestBytes, bits: shortDigestBytes * 8, tier: tier + 1 }];
}

/** The texts of an identifier that are too short to be searched everywhere: looked for in fields named like it (short-fields.ts). */
export function fieldFormsOf(value: number, forms: readonly NormalForm[]): FieldForm[] {
  return forms.flatMap((form): FieldForm[] => {
    const [text] = form.texts;
    if (form.digestOnly || form.rank > 0 || text === undefined) return [];
    const writings = encodings
      .filter(({ name }) => inFields.has(name))
      .flatMap(({ encode }) => encode(text, form.fold));
    return writings
      .filter(({ steps, bytes }) => steps.length < 2 && isShort(bytes))
      .map(({ steps, bytes }) => ({
        value,
        form: form.form,
        steps,
        bytes: Uint8Array.from(bytes),
        bits: bitsOf(text, form),
      }));
  });
}

/** Encodings that fields hold as they are; what escapes hide is undone. */
const inFields: ReadonlySet<string> = new Set(['plain', 'big5', 'gbk']);

/** One character alone in a field is nobody's. */
const isShort = ({ length }: Uint8Array): boolean => length < minLiteralBytes && length >= 2;

export function differsInCaseOnly(text: string, first: string | undefined): boolean {
  return first !== undefined && text.toLowerCase() === first.toLowerCase();
}

/** Surprise of a text in bits: uniform for numbers and ids, cautious for words that people write anyway. */
function bitsOf(text: string, form: NormalForm): number {
  if (form.edge === 'digit') return text.replace(/\D/g, '').length * Math.log2(10) + (text.startsWith('+') ? 4 : 0);
  if (form.edge === 'hex' || form.edge === null) return text.replace(/[^0-9a-f]/gi, '').length * 4 - form.constantBits;
  // Letters and digits in one token are a serial number rather than a word.
  const letter = /^(?=.*\d)(?=.*[a-z])[0-9a-z]{8,}$/i.test(text) ? 4 : 2.5;
  let bits = 0;
  for (const character of text) bits += /[0-9]/.test(character) ? 3.3 : character.charCodeAt(0) > 127 ? 10 : letter;
  return bits;
}
