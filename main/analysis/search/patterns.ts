/** What the rooms above need of the lattice: identifiers in, a set of patterns for the searcher out. */
export { compilePatterns } from '../transforms/compile-patterns.ts';
export type { PatternSet } from '../transforms/pattern-set.ts';
