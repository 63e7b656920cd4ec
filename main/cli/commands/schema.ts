import type { Command } from 'commander';
import { cliShapes, jsonSchemaOf } from '../../../shared/contract/cli-shapes.ts';
import type { CliShapeName } from '../../../shared/contract/cli-shapes.ts';
import { choice } from '../command.ts';
import type { Bind } from '../program.ts';

export function registerSchemaCommand(program: Command, bind: Bind): void {
  const names = Object.keys(cliShapes) as CliShapeName[];
  const schema = program
    .command('schema')
    .description('the JSON Schema of the lines a command prints with --json')
    .argument('<name>', names.join(', '));
  bind<[string]>(schema, ({ terminal }, name) => {
    const shape = choice('schema', name, names);
    terminal.raw(JSON.stringify(jsonSchemaOf(shape), null, terminal.json ? 0 : 2) + '\n');
    return 0;
  });
}
