import { fail, type Result } from '../../shared/model/problem.ts';
import type { HostTask, Task } from '../../shared/contract/tasks.ts';
import type { ShellPorts, StoredCase } from './ports.ts';
import { createTokenTable, type TokenTable } from './tokens.ts';

/** What the handlers share: tokens, who acts in which case, where reports went. */
export interface Session {
  readonly ports: ShellPorts;
  readonly caseTokens: TokenTable;
  readonly fileTokens: TokenTable;
  /** Actor by case folder. */
  readonly actors: Map<string, string>;
  readonly openCases: Set<string>;
  /** Path by task id, for `report.reveal`. */
  readonly reportPaths: Map<string, string>;
  readonly directoryOf: (token: string) => Result<string>;
  readonly actorIn: (directory: string) => string | null;
}

const longestRecentList = 20;

export function createSession(ports: ShellPorts): Session {
  const caseTokens = createTokenTable();
  const actors = new Map<string, string>();
  return {
    ports,
    caseTokens,
    fileTokens: createTokenTable(),
    actors,
    openCases: new Set(),
    reportPaths: new Map(),
    directoryOf(token) {
      const directory = caseTokens.pathOf(token);
      return directory === null ? fail('case-not-found', { path: token }) : { ok: true, value: directory };
    },
    actorIn: (directory) => actors.get(directory) ?? null,
  };
}

/** Puts a case at the head of the recent list. */
export function remember(session: Session, entry: StoredCase): void {
  const others = session.ports.settings.get().recent.filter((known) => known.directory !== entry.directory);
  session.ports.settings.set({ recent: [entry, ...others].slice(0, longestRecentList) });
}

/** A host task as the page may see it: folders become tokens. */
export function taskForPage(session: Session, task: HostTask): Task {
  const { about, result, ...rest } = task;
  return {
    ...rest,
    about: about === null ? null : { case: session.caseTokens.tokenOf(about.directory) },
    result:
      result !== null && result.kind === 'demonstration'
        ? { kind: 'demonstration', case: session.caseTokens.tokenOf(result.directory) }
        : result,
  };
}
