/** `2014-08-07 10:00:00` or RFC 3339, read as UTC; null when it is no instant. */
export function instantFromText(text: string): string | null {
  const match = /^\s*(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2}(?:\.\d{1,6})?)?\s*(?:Z|UTC)?\s*$/.exec(text);
  if (match === null) return null;
  const [, date = '', minutes = '', seconds = ':00'] = match;
  const instant = `${date}T${minutes}${seconds}Z`;
  return Number.isNaN(Date.parse(instant)) ? null : instant;
}
