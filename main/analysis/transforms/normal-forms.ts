import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import type { Edge } from './form-row.ts';
import { formRows } from './form-rows.ts';

export type { Edge } from './form-row.ts';

/** One way to write an identifier before any encoding. A finding shows it as `form`; `null` is the canonical writing. */
export interface NormalForm {
  readonly form: string | null;
  /** The form's exact texts: letter cases and groupings; digests and encodings need each, plain search one of those that differ in case only. */
  readonly texts: readonly string[];
  /** Letter case does not matter in plain search. */
  readonly fold: boolean;
  /** Neighbours that make it part of something else: another digit, hex digit, or letter or digit; null: none does. */
  readonly edge: Edge | null;
  /** Bits of the text that are the same for every identifier, and say nothing. */
  readonly constantBits: number;
  /** 0 for the customary writings; 1 for rare ones, left out first when the limit of literals bites; 2: of contacts before all others. */
  readonly rank: 0 | 1 | 2;
  /** Not searched plainly because another form contains it or it would be found by chance; only its digests are. */
  readonly digestOnly: boolean;
}

/** The normal forms of a canonical value; forms that a value does not have are left out, and no text occurs twice. */
export function normalFormsOf(kind: IdentifierKind, value: string): NormalForm[] {
  const seen = new Set<string>();
  const forms: NormalForm[] = [];
  for (const row of formRows) {
    if (!row.kinds.includes(kind)) continue;
    const texts: string[] = [];
    for (const text of row.write(value)) {
      if (text === '' || seen.has(text)) continue;
      seen.add(text);
      texts.push(text);
    }
    const [first] = texts;
    if (first === undefined) continue;
    forms.push({
      form: row.form,
      texts,
      fold: /[a-z]/i.test(first),
      edge: row.edge,
      constantBits: row.constantBits ?? 0,
      rank: row.rank ?? 0,
      digestOnly: row.digestOnly === true,
    });
  }
  return forms;
}

/** For documentation and tests: which forms each kind has, and who writes them so. */
export function describeNormalForms(): {
  readonly kind: IdentifierKind;
  readonly form: string | null;
  readonly source: string;
}[] {
  return formRows.flatMap((row) => row.kinds.map((kind) => ({ kind, form: row.form, source: row.source })));
}
