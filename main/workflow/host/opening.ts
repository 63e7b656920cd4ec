import type { HostHandlers } from './host-protocol.ts';
import type { HostContext } from './host-context.ts';
import { quickConduct } from './host-context.ts';
import { openInWireshark } from '../wireshark/open-in-wireshark.ts';

/** Handing exhibits to other programs. */
export function openingHandlers(context: HostContext): Pick<HostHandlers, 'wireshark.open'> {
  return {
    'wireshark.open': async ({ directory, what }, envelope) => {
      const opened = await openInWireshark(directory, what, quickConduct(envelope));
      if (opened.ok && opened.value.noted) context.changed('case', directory);
      return opened;
    },
  };
}
