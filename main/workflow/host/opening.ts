import type { HostHandlers } from './host-protocol.ts';
import type { HostContext } from './host-context.ts';
import { quickConduct } from './host-context.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import { withLastIndex } from '../current-index.ts';
import { operatorView } from '../operator-view.ts';
import { transformPathOf } from '../transform-path.ts';
import { openInWireshark } from '../wireshark/open-in-wireshark.ts';

/** Following a finding outwards: to the bytes it names, by computing them again and in another program. */
export function openingHandlers(
  context: HostContext,
): Pick<HostHandlers, 'wireshark.open' | 'findings.path' | 'operator.view'> {
  return {
    'wireshark.open': async ({ directory, what }, envelope) => {
      const opened = await openInWireshark(directory, what, quickConduct(envelope));
      if (opened.ok && opened.value.noted) context.changed('case', directory);
      return opened;
    },
    'operator.view': ({ directory, ...wish }, envelope) =>
      withLastIndex(directory, quickConduct(envelope), async (_reader, index) => ok(await operatorView(index, wish))),
    'findings.path': ({ directory, key }, envelope) =>
      withLastIndex(directory, quickConduct(envelope), (reader, index) => {
        const finding = index.finding(key);
        return finding === null ? fail('finding-unknown', { key }) : ok(transformPathOf(finding, reader.identifiers()));
      }),
  };
}
