import type { FormatInput, ParseSink } from '../parse-result.ts';
import { noSection } from '../parse-result.ts';

/** `User 10: admin=a.b/.C,ProfileOwner,ManagedProfileOwner(parentUserId=0),Affiliated`; the kinds differ by release. */
const owner = /^User\s{1,4}(\d{1,9}): admin=([A-Za-z][\w.]{0,255})\/([\w.$]{1,256}),([\w(),=]{1,200})$/;

/**
 * `dpm list-owners` (frameworks/base, DevicePolicyManagerServiceShellCommand, from 12 on): which app owns the handset or a profile on it.
 */
export function parseOwners({ text }: FormatInput, sink: ParseSink): void {
  let known = false;
  text.split('\n').forEach((raw, i) => {
    const line = raw.slice(0, 1000).trim();
    if (line === '') return;
    if (/^(?:no owners|\d{1,9} owners?:)$/.test(line)) {
      known = true;
      return;
    }
    const [, user, app = '', name = '', kinds = ''] = owner.exec(line) ?? [];
    if (user === undefined) {
      if (known || sink.recordCount > 0) sink.skip(i + 1, line, 'not-an-owner');
      return;
    }
    const value = `${app}/${name}: ${kinds.split(',').join(', ')}`;
    sink.add({ kind: 'fact', topic: 'policy', package: app, name: `owner of user ${user}`, value, atHandset: null });
  });
  if (!known && sink.recordCount === 0) noSection(sink, text, 'owners');
}
