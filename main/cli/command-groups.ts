import type { Command } from 'commander';
import type { Bind } from './program.ts';

type Register = (program: Command, bind: Bind) => void;

/** Commands that are registered together. */
interface CommandGroup {
  /** Their first words, in the order of the help. */
  readonly words: readonly string[];
  readonly load: () => Promise<Register>;
}

export const commandGroups: readonly CommandGroup[] = [
  { words: ['demo'], load: async () => (await import('./commands/demo.ts')).registerDemoCommand },
  { words: ['devices'], load: async () => (await import('./commands/devices.ts')).registerDevicesCommands },
  {
    words: ['case', 'handset', 'identifier', 'event'],
    load: async () => (await import('./commands/case.ts')).registerCaseCommands,
  },
  { words: ['intake'], load: async () => (await import('./commands/intake.ts')).registerIntakeCommands },
  {
    words: ['acquire', 'capture', 'import', 'imports'],
    load: async () => (await import('./commands/collect.ts')).registerCollectCommands,
  },
  { words: ['analyse'], load: async () => (await import('./commands/analyse.ts')).registerAnalyseCommand },
  {
    words: ['import-output', 'attach'],
    load: async () => (await import('./commands/outputs.ts')).registerOutputCommands,
  },
  { words: ['plan'], load: async () => (await import('./commands/plan.ts')).registerPlanCommand },
  { words: ['changes', 'undo'], load: async () => (await import('./commands/changes.ts')).registerChangesCommands },
  {
    words: ['exhibits', 'flows', 'messages', 'findings', 'records', 'identifiers', 'events'],
    load: async () => (await import('./commands/query.ts')).registerQueryCommands,
  },
  {
    words: ['search', 'finding', 'compare', 'complaint', 'claims'],
    load: async () => (await import('./commands/judge.ts')).registerJudgeCommands,
  },
  { words: ['report', 'verify'], load: async () => (await import('./commands/report.ts')).registerReportCommands },
  { words: ['schema'], load: async () => (await import('./commands/schema.ts')).registerSchemaCommand },
];

/** Those that a command line needs: the code of the others takes a tenth of a second to load. All of them where none is named. */
export function groupsFor(argv: readonly string[]): Promise<Register[]> {
  const [word = ''] = argv;
  const named = commandGroups.filter(({ words }) => words.includes(word));
  return Promise.all((named.length > 0 ? named : commandGroups).map(({ load }) => load()));
}
