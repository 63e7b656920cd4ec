/** The workstation's clock as the case writes it: RFC 3339 UTC with six digits (the clock itself has milliseconds). */
export function systemNow(): string {
  return new Date().toISOString().replace(/\.(\d{3})Z$/, '.$1000Z');
}

/** True for an RFC 3339 UTC instant that exists in the calendar, with up to six digits of a second. */
export function isInstant(text: string): boolean {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d{1,6})?Z$/.exec(text);
  if (match === null) return false;
  const ms = Date.parse(`${match[1]}Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(match[1] ?? '-');
}
