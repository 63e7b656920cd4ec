import type { TaskKind } from '../../../shared/contract/tasks.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import { normaliseIdentifier } from '../../analysis/identifiers/normalise-identifier.ts';
import type { HostHandlers } from './host-protocol.ts';
import { readCase } from '../case-session.ts';
import { pairHandset } from '../pair-handset.ts';
import { outstandingChanges, undoChanges } from '../undo-changes.ts';
import { sourceWithPhoto } from '../attach-files.ts';
import { addHandset, addIdentifiers, listIdentifiers } from '../open-case.ts';
import type { HostContext } from './host-context.ts';
import { quickConduct } from './host-context.ts';

type Handlers = Pick<
  HostHandlers,
  | 'handsets.live'
  | 'handsets.connect'
  | 'handsets.disconnect'
  | 'handsets.pair'
  | 'handsets.use-server'
  | 'handsets.outstanding'
  | 'handsets.undo'
  | 'handsets.list'
  | 'handsets.add'
  | 'identifiers.list'
  | 'identifiers.check'
  | 'identifiers.add'
  | 'host.adb-state'
>;

/** Kinds of task that work through the adb server. */
const handsetTasks: ReadonlySet<TaskKind> = new Set(['acquisition', 'capture', 'demonstration']);

export function handsetHandlers(context: HostContext): Handlers {
  return {
    'handsets.live': () => context.live.live(),
    'handsets.connect': ({ address }) => context.live.connect(address),
    'handsets.disconnect': ({ address }) => context.live.disconnect(address),
    'handsets.pair': async ({ address, code, directory }, envelope) => {
      const handsets = await context.live.handsets();
      if (!handsets.ok) return handsets;
      const paired = await pairHandset(handsets.value, { address, code }, directory ?? null, quickConduct(envelope));
      if (directory !== undefined) context.changed('case', directory);
      return paired.ok ? context.live.live() : paired;
    },
    'handsets.use-server': ({ use }) =>
      context.tasks.list().some((task) => task.endedAt === null && handsetTasks.has(task.kind))
        ? fail('server-in-use')
        : context.live.use(use),
    'handsets.outstanding': ({ directory }) => readCase(directory, (reader) => ok(outstandingChanges(reader))),
    'handsets.undo': async ({ directory }, envelope) => {
      const handsets = await context.live.handsets();
      if (!handsets.ok) return handsets;
      const done = await undoChanges(directory, null, handsets.value, quickConduct(envelope));
      context.changed('case', directory);
      return done.ok ? readCase(directory, (reader) => ok(outstandingChanges(reader))) : done;
    },
    'handsets.list': ({ directory }) => readCase(directory, (reader) => ok(reader.handsets())),
    'handsets.add': ({ directory, label, serial, role }, envelope) => {
      const added = addHandset(directory, { label, serial, role }, quickConduct(envelope));
      if (added.ok) context.changed('case', directory);
      return added;
    },
    'identifiers.list': ({ directory, names }) => listIdentifiers(directory, names === true),
    'identifiers.check': ({ kind, value }) => {
      const checked = normaliseIdentifier(kind, value, { strict: true });
      if (checked.ok) return ok({ value: checked.value.value, warnings: checked.value.warnings });
      const why = checked.problem.params?.['reason'] ?? checked.problem.detail ?? checked.problem.code;
      return ok({ value: null, warnings: [String(why)] });
    },
    'identifiers.add': ({ directory, handset, kind, value, source, photo }, envelope) => {
      const read = sourceWithPhoto(directory, handset, source, photo);
      if (!read.ok) return read;
      const wish = { handset, source: read.value, values: [{ kind, value }] };
      const added = addIdentifiers(directory, wish, quickConduct(envelope));
      if (!added.ok) return added;
      context.changed('case', directory);
      const [first] = added.value;
      if (first === undefined) throw new Error('an added identifier came back as nothing');
      return ok(first);
    },
    'host.adb-state': async () => ok(await context.live.state()),
  };
}
