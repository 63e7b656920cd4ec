/** What the rooms above need of the lattice: identifiers in, a set of patterns for the searcher out. */
export { compilePatterns, maxLiterals } from '../transforms/compile-patterns.ts';
export type { PatternSet } from '../transforms/pattern-set.ts';
export type { PatternCounts } from '../transforms/pattern-set.ts';
export type { PatternSource } from '../transforms/compile-patterns.ts';
export type { Salt } from '../transforms/joined-digests.ts';
export { maxSeeds } from '../transforms/patterns-beside.ts';
