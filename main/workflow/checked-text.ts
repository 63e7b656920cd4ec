import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';

/** Names (labels, runs, handsets, people) are written on every line and are typed again; words may be a page long. */
const nameLength = 200;
const wordsLength = 20_000;
const wordy: ReadonlySet<string> = new Set(['text', 'reason', 'title', 'source', 'from', 'authority', 'note']);

// eslint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/**
 * Checks texts that a person gives, by the name of their option; null is left out. Refused: nothing but space, too long,
 * and characters that would disturb whoever reads them later (controls, terminal escapes, bidirectional marks).
 */
export function checkedText(texts: Readonly<Record<string, string | null>>): Result<null> {
  for (const [what, value] of Object.entries(texts)) {
    if (value === null) continue;
    const most = wordy.has(what) ? wordsLength : nameLength;
    const broken = !wordy.has(what) && /[\t\n]/.test(value);
    const unfit = value.trim() === '' || value.length > most || broken || unprintable.test(value);
    // The value is quoted in a message: its beginning is enough to know it by.
    if (unfit) return fail('value-invalid', { what, value: value.slice(0, 60) }, `1 to ${most} printable characters`);
  }
  return ok(null);
}
