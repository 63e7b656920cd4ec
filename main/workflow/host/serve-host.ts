import type { Result } from '../../../shared/model/problem.ts';
import { fail } from '../../../shared/model/problem.ts';
import type { Envelope, FromHost, HostHandlers, HostMethod, HostStart, ToHost } from './host-protocol.ts';
import { browsingHandlers } from './browsing.ts';
import { caseHandlers } from './cases.ts';
import { checkingHandlers } from './checking.ts';
import { collectingHandlers } from './collecting.ts';
import { exchangeHandlers } from './exchanges.ts';
import { importingHandlers } from './importing.ts';
import { outputHandlers } from './outputs.ts';
import { handsetHandlers } from './handsets.ts';
import type { HostContext } from './host-context.ts';
import { intakeHandlers } from './intake.ts';
import { judgingHandlers } from './judging.ts';
import { openingHandlers } from './opening.ts';
import { LiveHandsetsService } from './live-handsets.ts';
import { OutstandingUndo } from './outstanding.ts';
import { snapshotHandlers } from './snapshots.ts';
import { rowPageHandlers } from './row-pages.ts';
import { TaskBoard } from './task-board.ts';

/** The workflow host behind a thin port: give it messages, it posts messages. Runs in a worker of the window's process. */
export function serveHost(start: HostStart, post: (message: FromHost) => void): (message: ToHost) => void {
  process.env['HANDSIGHT_RESOURCES'] = start.resources;
  const printing = new Map<number, (result: Result<null>) => void>();
  let nextPrint = 1;
  const changed: HostContext['changed'] = (topic, directory) => post({ type: 'changed', topic, directory });
  const live: LiveHandsetsService = new LiveHandsetsService(start.adbPath, () => {
    changed('handsets', null);
    outstanding.look();
  });
  const outstanding = new OutstandingUndo(live, changed);
  const context: HostContext = {
    tasks: new TaskBoard((task) => {
      post({ type: 'task', task });
      if (task.endedAt !== null) outstanding.look();
    }),
    live,
    outstanding,
    changed,
    print: (html, pdf) => {
      const id = nextPrint;
      nextPrint += 1;
      return new Promise((resolve) => {
        printing.set(id, resolve);
        post({ type: 'print-pdf', id, html, pdf });
      });
    },
  };
  const handlers: HostHandlers = {
    ...caseHandlers(context),
    ...handsetHandlers(context),
    ...intakeHandlers(context),
    ...collectingHandlers(context),
    ...importingHandlers(context),
    ...outputHandlers(context),
    ...browsingHandlers(context),
    ...exchangeHandlers(),
    ...openingHandlers(context),
    ...rowPageHandlers,
    ...snapshotHandlers,
    ...judgingHandlers(context),
    ...checkingHandlers(context),
  };
  return (message) => {
    if (message.type === 'printed') {
      printing.get(message.id)?.(message.result);
      printing.delete(message.id);
      return;
    }
    const { id, method, input, actor, language } = message;
    void answer(handlers, method, input, { actor, language }).then((result) => post({ type: 'reply', id, result }));
  };
}

async function answer(
  handlers: HostHandlers,
  method: HostMethod,
  input: unknown,
  envelope: Envelope,
): Promise<Result<unknown>> {
  // The shell's dispatch has checked channel and input by schema; this only finds the function.
  const handler = handlers[method] as (
    input: unknown,
    envelope: Envelope,
  ) => Promise<Result<unknown>> | Result<unknown>;
  try {
    return await handler(input, envelope);
  } catch (error) {
    process.stderr.write(`${method}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return fail('internal', undefined, error instanceof Error ? error.message : String(error));
  }
}
