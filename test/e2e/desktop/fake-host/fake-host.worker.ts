// A workflow host that answers from fixtures: for looking at screens and for tests of the shell. Never part of a build of the program.
import { parentPort } from 'node:worker_threads';
import type { FromHost, HostHandlers, HostMethod, ToHost } from '../../../../main/workflow/host/host-protocol.ts';
import { fakeHandlers } from './handlers.ts';

const port = parentPort;
if (port === null) throw new Error('to be started as a worker');

const say = (message: FromHost): void => port.postMessage(message);
const handlers: HostHandlers = fakeHandlers(say);

port.on('message', (message: ToHost) => {
  if (message.type !== 'request') return;
  const { id, method, input, actor, language } = message;
  const handler = handlers[method] as (input: unknown, envelope: unknown) => ReturnType<HostHandlers[HostMethod]>;
  void Promise.resolve(handler(input, { actor, language })).then((result) => say({ type: 'reply', id, result }));
});
