import { eachDumpLine } from '../dump-lines.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';
import { noSectionCode } from '../parse-result.ts';

const row = /^(\d{1,9}): (\[Legacy VPN\]|[A-Za-z][\w.]{0,255})$/;

/**
 * `dumpsys vpn_management` (from 12 on; frameworks/base, VpnManagerService.dump): of each user the app that may build a virtual
 * private network. `[Legacy VPN]` stands for none but the system's own, and is kept as the handset says it.
 */
export function parseVpn({ text }: FormatInput, sink: ParseSink): void {
  let within = false;
  eachDumpLine(text, sink, ({ line, indent, text: said }) => {
    if (said === 'VPNs:') within = true;
    const match = row.exec(said);
    if (within && indent > 0 && match !== null) {
      const [, user = '', value = ''] = match;
      const owner = value.startsWith('[') ? null : value;
      sink.add({ kind: 'fact', topic: 'network', package: owner, name: `VPNs/${user}`, value, atHandset: null });
    } else if (!within) sink.skip(line, said, noSectionCode('VPNs'));
  });
}
