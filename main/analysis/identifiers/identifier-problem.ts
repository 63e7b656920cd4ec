import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import { fail, type Result } from '../../../shared/model/problem.ts';

export interface NormalisedIdentifier {
  /** Canonical writing: digits, lower-case hex, E.164 with `+`, trimmed text. */
  readonly value: string;
  /** Codes of doubts that do not refuse it: `luhn`, `mcc-unknown`, `placeholder`, `check-digit-computed`, `imeisv`, `region-assumed`, `number-plan` … */
  readonly warnings: readonly string[];
}

/** Why a value cannot be an identifier of its kind; goes out as `params.reason` of problem `identifier-invalid`. */
export const identifierReasons = [
  'empty',
  'too-long',
  'characters',
  'length',
  'luhn',
  'prefix',
  'not-a-number',
] as const;
export type IdentifierReason = (typeof identifierReasons)[number];

const wording: Readonly<
  Record<
    IdentifierReason,
    { readonly en: (expected: string) => string; readonly 'zh-Hant': (expected: string) => string }
  >
> = {
  empty: { en: () => 'the value is empty', 'zh-Hant': () => '未輸入內容' },
  'too-long': { en: (e) => `the value is longer than ${e} bytes`, 'zh-Hant': (e) => `內容超過 ${e} 位元組` },
  characters: { en: (e) => `only ${e} may occur`, 'zh-Hant': (e) => `只能包含 ${e}` },
  length: { en: (e) => `the length should be ${e}`, 'zh-Hant': (e) => `長度應為 ${e}` },
  luhn: {
    en: (e) => `the check digit should be ${e}; look at the label again`,
    'zh-Hant': (e) => `檢查碼應為 ${e}，請再核對標籤`,
  },
  prefix: { en: (e) => `it should begin with ${e}`, 'zh-Hant': (e) => `開頭應為 ${e}` },
  'not-a-number': {
    en: (e) => `it is not a telephone number of region ${e}; write it with + and the country code`,
    'zh-Hant': (e) => `不是 ${e} 地區的電話號碼，請以 + 與國碼輸入`,
  },
};

/** Words the reason of an `identifier-invalid` problem in one language; `expected` is what the problem's params carry. */
export function identifierReasonText(reason: IdentifierReason, expected: string, lang: 'en' | 'zh-Hant'): string {
  return wording[reason][lang](expected);
}

/** Problem `identifier-invalid` with params kind, reason, expected and an English detail; the value itself stays out of logs. */
export function refuseIdentifier(
  kind: IdentifierKind,
  reason: IdentifierReason,
  expected = '',
): Extract<Result<NormalisedIdentifier>, { ok: false }> {
  return fail(
    'identifier-invalid',
    { kind, reason, expected },
    `${kind}: ${identifierReasonText(reason, expected, 'en')}`,
  );
}
