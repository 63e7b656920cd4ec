/** Text as UTF-8 can keep it: lone surrogates become U+FFFD, so that what is hashed is what comes back. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}
