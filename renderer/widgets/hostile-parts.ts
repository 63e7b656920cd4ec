export interface TextPart {
  readonly text: string;
  /** True for a character that would not be seen, or would move others: shown by its code point. */
  readonly escaped: boolean;
}

// Controls, formats (bidi marks and overrides, tags, soft hyphen), line and paragraph separators, lone surrogates,
// and whatever else Unicode tells programs not to draw.
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Splits text of unknown origin into what can be shown and what must be named instead. */
export function hostileParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(invisible)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index), escaped: false });
    parts.push({ text: codePoint(match[0]), escaped: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), escaped: false });
  return parts;
}

/** The same where only plain text can stand, as in a list to choose from. */
export function hostileLine(text: string): string {
  return hostileParts(text)
    .map((part) => part.text)
    .join('');
}
