import { Command } from 'commander';
import { expect, it } from 'vitest';
import { commandGroups, groupsFor } from '../../../main/cli/command-groups.ts';
import { shapeOfCommand } from '../../../shared/contract/cli-commands.ts';

const registeredBy = async (argv: readonly string[]): Promise<string[]> => {
  const program = new Command('handsight');
  for (const register of await groupsFor(argv)) register(program, () => undefined);
  return program.commands.map((one) => one.name());
};

it('each group registers the commands it is found by, and no others', async () => {
  for (const { words } of commandGroups) for (const word of words) expect(await registeredBy([word])).toEqual(words);
});

it('every command is in one group', () => {
  const words = commandGroups.flatMap((group) => group.words);
  const commands = new Set(Object.keys(shapeOfCommand).map((one) => one.split(' ')[0]));
  expect(new Set(words)).toEqual(commands);
});

it('a command line that names none knows them all', async () => {
  const all = commandGroups.flatMap(({ words }) => words);
  for (const argv of [[], ['--help'], ['nonsense'], ['__proto__']]) expect(await registeredBy(argv)).toEqual(all);
});
