import type { Destination } from '../../../shared/model/finding.ts';

/** Sources of names that the conversation itself asked for. */
const asking: ReadonlySet<string> = new Set(['http-host', 'sni', 'flow-name']);

/**
 * Names of a recipient by which something may be laid to its owner's account. A proxy serves many: of a request to one the host counts that
 * it names itself. An address may serve many names too: where DNS gave it for a name that the conversation asked for, what else DNS gave it
 * for was asked for something else. Where nothing tells them apart, all count.
 */
export function recipientNames({ names, sources }: Pick<Destination, 'names' | 'sources'>): readonly string[] {
  const valuesOf = (is: (what: string) => boolean): string[] =>
    sources.filter(({ what }) => is(what)).map(({ value }) => value);
  const target = valuesOf((what) => what === 'http-target');
  if (target.length > 0) return target;
  const asked = valuesOf((what) => asking.has(what));
  const answered = new Set(valuesOf((what) => what === 'dns'));
  return asked.some((name) => answered.has(name)) ? asked : names;
}
