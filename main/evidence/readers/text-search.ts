import { wellFormed } from '../well-formed.ts';

/** Pattern for `LIKE … ESCAPE '\'` that finds `text` inside JSON text (JSON writes quotes and backslashes escaped). */
export function likePattern(text: string): string {
  const inJson = JSON.stringify(wellFormed(text)).slice(1, -1);
  return `%${inJson.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
}

/** True when a string or number anywhere in `value` (not a field's name) holds `text`; ASCII letters in either case. */
export function mentions(value: unknown, text: string): boolean {
  const wanted = foldAscii(text);
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next === 'string' || typeof next === 'number') {
      if (foldAscii(String(next)).includes(wanted)) return true;
    } else if (typeof next === 'object' && next !== null) {
      pending.push(...Object.values(next));
    }
  }
  return false;
}

/** As SQLite's LIKE: only A-Z are folded. */
function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
