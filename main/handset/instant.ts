/**
 * The workstation's clock as RFC 3339 UTC with microseconds. JavaScript's wall clock ticks in
 * milliseconds; the last three digits are therefore always zero, never invented.
 */
export function instantOf(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, -1)}000Z`;
}

export function nowInstant(): string {
  return instantOf(Date.now());
}
