import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CaseState } from '../../../shared/contract/cases.ts';
import type { Result } from '../../../shared/model/problem.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import { sqliteSelfTest } from '../../evidence/self-test.ts';
import type { HostHandlers } from './host-protocol.ts';
import { isWritable, lastIndex } from '../current-index.ts';
import { engineVersion } from '../engine-version.ts';
import { newCase } from '../open-case.ts';
import { programHash, programVersion } from '../program-version.ts';
import { readCase, writesHere } from '../case-session.ts';
import { runDemonstration } from '../run-demonstration.ts';
import { warmIndex } from './warm-index.ts';
import type { HostContext } from './host-context.ts';
import { quickConduct } from './host-context.ts';

type Handlers = Pick<
  HostHandlers,
  | 'cases.create'
  | 'cases.open'
  | 'cases.close'
  | 'cases.actor'
  | 'cases.state'
  | 'demonstration.start'
  | 'host.self-test'
  | 'host.about'
>;

export function caseHandlers(context: HostContext): Handlers {
  return {
    'cases.create': ({ directory, number, title, examiner }, envelope) => {
      const made = newCase(directory, { number, title, examiner }, quickConduct(envelope));
      if (!made.ok) return made;
      context.outstanding.watch(directory, envelope);
      return caseState(directory);
    },
    'cases.open': ({ directory }, envelope) => {
      const state = caseState(directory);
      if (state.ok) warmIndex(directory);
      if (state.ok) context.outstanding.watch(directory, envelope);
      return state;
    },
    'cases.close': ({ directory }) => {
      if (context.tasks.runsIn(directory))
        return fail('case-locked', { pid: process.pid, host: '', doing: 'a task of this window', since: '' });
      context.outstanding.leave(directory);
      return ok(null);
    },
    'cases.actor': ({ directory }, envelope) => {
      context.outstanding.actsNow(directory, envelope);
      return caseState(directory);
    },
    'cases.state': ({ directory }) => caseState(directory),
    'demonstration.start': ({ directory, seed }, envelope) =>
      ok(
        context.tasks.start(
          {
            kind: 'demonstration',
            title: 'demonstration',
            directory: null,
            actor: envelope.actor,
            lang: envelope.language,
          },
          async (conduct) => {
            // The folder for cases may not be there yet on a new workstation.
            mkdirSync(dirname(directory), { recursive: true });
            const done = await runDemonstration({ directory, parent: join(directory, '..'), seed: seed ?? 1 }, conduct);
            if (!done.ok) return done;
            context.changed('case', directory);
            return ok({ result: { kind: 'demonstration', directory: done.value.directory }, gaps: done.value.gaps });
          },
        ),
      ),
    'host.about': () => ok({ version: programVersion(), programHash: programHash() }),
    'host.self-test': () => ok({ sqlite: sqliteSelfTest(), node: process.version }),
  };
}

/** The case as it stands, and whether this process may write in it. */
export function caseState(directory: string): Result<CaseState> {
  return readCase(directory, (reader) => {
    const summary = reader.summary();
    const foreign = summary.writer !== null && !writesHere(directory);
    const readOnly = !isWritable(directory);
    const index = lastIndex(reader);
    const findings = index.ok ? index.value.findingCount() : 0;
    if (index.ok) index.value.close();
    const runs = [
      ...new Set([...reader.exhibits(), ...reader.events()].map((one) => one.run).filter((run) => run !== null)),
    ];
    return ok({
      summary: index.ok || readOnly ? summary : { ...summary, indexGeneration: null },
      mode: foreign || readOnly ? 'reader' : 'writer',
      readerBecause: foreign ? 'case-locked' : readOnly ? 'case-read-only' : null,
      runs,
      analysed: reader.indexState(engineVersion).state === 'current',
      findings,
    });
  });
}
