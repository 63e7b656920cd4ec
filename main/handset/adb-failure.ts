import { fail } from '../../shared/model/problem.ts';
import type { Problem, ProblemCode } from '../../shared/model/problem.ts';

/** What adb servers 1.0.41 (29, 34) say after FAIL, in the order in which the first match decides. */
const failureCodes: readonly (readonly [RegExp, ProblemCode])[] = [
  [/unauthorized|still authorizing|failed to authenticate/i, 'UNAUTHORIZED'],
  [/no permissions|insufficient permissions/i, 'REFUSED'],
  [/device ('.*' )?not found|no devices|no such device|unknown device|device '.*' not found/i, 'NOT_FOUND'],
  [/offline|still connecting/i, 'OFFLINE'],
  [/closed/i, 'REFUSED'],
];

/** Turns the text after FAIL into a problem; the text itself is kept, without control characters, as detail. */
export function problemOfFailure(text: string, serial: string | null): Problem {
  const detail = printable(text, 500);
  const code = failureCodes.find(([pattern]) => pattern.test(text))?.[1] ?? 'REMOTE';
  return fail(code, serial === null ? undefined : { serial: printable(serial, 200) }, detail).problem;
}

/** Hostile text for one line of a log: control and bidi characters become `?`, length is capped with `…`. */
export function printable(text: string, maximum: number): string {
  // Lines of a text of several are told apart by a space, as words are.
  const lines = text.trim().replace(/[\t\n\r]+/g, ' ');
  const clean = lines.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, '?');
  return clean.length > maximum ? `${clean.slice(0, maximum)}…` : clean;
}
