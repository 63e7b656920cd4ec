import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PersonaFile } from './persona-file.ts';

/** The files of a persona: its own first, then those of the personas it extends. */
export interface PersonaFolder {
  readonly persona: PersonaFile;
  /** null when no folder of the line has it. */
  text(name: string): string | null;
  bytes(name: string): Buffer | null;
  /** Names of all files below `folder`, relative to it. */
  names(folder: string): readonly string[];
}

const longestLine = 4;

/** Reads `folder/id`. A persona is our own file: what is wrong in it throws. */
export function openPersona(folder: string, id: string): PersonaFolder {
  const chain: string[] = [];
  let persona: PersonaFile | null = null;
  for (let next: string | undefined = id; next !== undefined && chain.length < longestLine;) {
    const path = join(folder, next);
    const file = JSON.parse(readFileSync(join(path, 'persona.json'), 'utf8')) as PersonaFile;
    persona ??= file;
    chain.push(path);
    next = file.extends;
  }
  if (persona === null) throw new Error(`no persona ${id}`);
  const bytes = (name: string): Buffer | null => {
    const path = chain.map((at) => join(at, name)).find((candidate) => existsSync(candidate));
    return path === undefined ? null : readFileSync(path);
  };
  const namesIn = (at: string): string[] =>
    existsSync(at)
      ? readdirSync(at, { withFileTypes: true }).flatMap((entry) =>
          entry.isDirectory() ? namesIn(join(at, entry.name)).map((name) => `${entry.name}/${name}`) : [entry.name],
        )
      : [];
  return {
    persona,
    bytes,
    text: (name) => bytes(name)?.toString('utf8') ?? null,
    names: (below) => [...new Set(chain.flatMap((at) => namesIn(join(at, below))))].sort(),
  };
}

/** Ids of all personas in a folder. */
export function personaIds(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'persona.json')))
    .map((entry) => entry.name)
    .sort();
}
