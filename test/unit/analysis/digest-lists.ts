import { digestAt, DigestCollector, type DigestTable } from '../../../main/analysis/transforms/digest-table.ts';
import type { DigestPattern } from '../../../main/analysis/transforms/pattern-set.ts';

/** All digests of a table, in order. */
export function listOf(table: DigestTable): DigestPattern[] {
  return Array.from({ length: table.count }, (_, i) => {
    const digest = digestAt(table, i);
    if (digest === null) throw new Error(`no digest ${i} of ${table.count}`);
    return digest;
  });
}

/** A table of these, each with a recipe of its own. */
export function tableOf(digests: readonly DigestPattern[]): DigestTable {
  const collector = new DigestCollector();
  for (const { algorithm, digest, ...recipe } of digests) {
    collector.recipe(recipe);
    collector.add(algorithm, Buffer.from(digest).toString('latin1'));
  }
  return collector.table();
}
