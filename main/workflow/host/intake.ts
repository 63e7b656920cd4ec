import type { Result } from '../../../shared/model/problem.ts';
import { listIntakes, recordIntake, signIntake } from '../intake.ts';
import type { HostContext } from './host-context.ts';
import { quickConduct } from './host-context.ts';
import type { HostHandlers } from './host-protocol.ts';

type Handlers = Pick<HostHandlers, 'intake.list' | 'intake.record' | 'intake.sign'>;

export function intakeHandlers(context: HostContext): Handlers {
  const told = <T>(directory: string, done: Result<T>): Result<T> => {
    if (done.ok) context.changed('case', directory);
    return done;
  };
  return {
    'intake.list': ({ directory }) => listIntakes(directory),
    'intake.record': ({ directory, ...wish }, envelope) =>
      told(directory, recordIntake(directory, wish, quickConduct(envelope))),
    'intake.sign': ({ directory, id }, envelope) => told(directory, signIntake(directory, id, quickConduct(envelope))),
  };
}
