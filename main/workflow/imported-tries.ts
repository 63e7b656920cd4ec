import type { Exhibit } from '../../shared/model/exhibit.ts';
import { factListsOf } from '../parsing/parse-exhibit.ts';

/**
 * What others collected comes file by file, each an acquisition of its own: together they are one reading, of each command the
 * latest file. `tries`: exhibits of one collector by the position of their acquisition; changed in place.
 */
export function joinImported(tries: Map<number, Exhibit[]>): void {
  const imported = importedOf(tries).toSorted(([a], [b]) => a - b);
  const last = imported.at(-1);
  if (last === undefined || imported.length < 2) return;
  const latest = new Map(imported.flatMap(([, some]) => some.map((one) => [commandOf(one), one] as const)));
  for (const [position] of imported) tries.delete(position);
  tries.set(last[0], [...latest.values()]);
}

/** What a label was asked directly and answered to the end, be it with nothing. */
export interface DirectlyRead {
  readonly commands: ReadonlySet<string>;
  /** The tables of settings among it: several commands print them. */
  readonly tables: ReadonlySet<string>;
}

export function directlyRead(exhibits: readonly Exhibit[], isCut: (one: Exhibit) => boolean): DirectlyRead {
  const whole = exhibits.filter((one) => {
    const isWhole = (one.outcome === 'read' || one.outcome === 'empty') && !isCut(one);
    return isWhole && one.origin.type === 'command' && !isImported(one) && isOutput(one);
  });
  return { commands: new Set(whole.map(commandOf)), tables: new Set(whole.flatMap(tablesOf)) };
}

/**
 * Takes out of the tries of a collector what stands beside them in files (an imported output, the parts of a bug report), and
 * answers with that of it which was not asked directly: what was asked directly stands.
 */
export function takeFillIns(tries: Map<number, Exhibit[]>, { commands, tables }: DirectlyRead): readonly Exhibit[] {
  return importedOf(tries).flatMap(([position, some]) => {
    tries.delete(position);
    return some.filter((one) => {
      return !commands.has(commandOf(one)) && !tablesOf(one).some((table) => tables.has(table));
    });
  });
}

/**
 * Both together, what fills in first: one that was cut gives way where a file has the same output to its end, and only there is
 * anything of one command taken from a file.
 */
export function filledIn(
  direct: readonly Exhibit[],
  fillIns: readonly Exhibit[],
  isCut: (one: Exhibit) => boolean,
): readonly Exhibit[] {
  const whole = printsOf(fillIns.filter((one) => !isCut(one)));
  const standing = direct.filter(
    (one) => one.origin.type !== 'command' || !isCut(one) || !printsOf([one]).some((print) => whole.includes(print)),
  );
  const told = printsOf(standing.filter(isOutput));
  return [...fillIns.filter((one) => !printsOf([one]).some((print) => told.includes(print))), ...standing];
}

/** What outputs print that another output may print too: that of the same command, and tables of settings by whichever command. */
function printsOf(exhibits: readonly Exhibit[]): readonly string[] {
  return exhibits.flatMap((one) => [commandOf(one), ...tablesOf(one)]);
}

function importedOf(tries: ReadonlyMap<number, Exhibit[]>): (readonly [number, Exhibit[]])[] {
  return [...tries].filter(([, some]) => some.length > 0 && some.every(isImported));
}

function isImported({ origin }: Exhibit): boolean {
  return origin.type === 'command' && origin.imported !== undefined;
}

function isOutput({ origin }: Exhibit): boolean {
  return origin.type === 'command' && origin.stream !== 'stderr';
}

function commandOf({ origin }: Exhibit): string {
  return origin.type === 'command' ? origin.command : '';
}

function tablesOf(one: Exhibit): readonly string[] {
  const { collector } = one;
  return factListsOf({ command: commandOf(one), collector }).filter((list) => list.startsWith('settings '));
}
