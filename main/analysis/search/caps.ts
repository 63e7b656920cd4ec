/** Counts that a limit has bitten: what is left out is reported by its name. */
export function countCap({ caps }: { readonly caps: Map<string, number> }, cap: string): void {
  caps.set(cap, (caps.get(cap) ?? 0) + 1);
}
