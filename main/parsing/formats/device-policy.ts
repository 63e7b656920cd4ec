import { eachDumpLine } from '../dump-lines.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';
import { noSection } from '../parse-result.ts';

/** `Device Owner:`, `Profile Owner (User 10):`, `Enabled Device Admins (User 0, provisioningState: 3):`. */
const heading =
  /^(Device Owner|Profile Owner \(User \d{1,9}\)|Enabled Device Admins \(User \d{1,9})[^:]{0,80}(?::[^:]{0,80})?:$/;
/** `admin=ComponentInfo{a.b/a.b.C}` of an owner; `a.b/.C:` of an administrator. */
const component = /^(?:admin=ComponentInfo\{)?([A-Za-z][\w.]{0,255})\/([\w.$]{1,256})(?:\}|:)$/;

interface Admin {
  readonly package: string;
  readonly name: string;
  readonly component: string;
  policies: string | null;
}

/**
 * `dumpsys device_policy` (frameworks/base, DevicePolicyManagerService.dump): one fact for each owner of the handset or of a
 * profile and each enabled administrator, with what it may do; their single rules stay in the exhibit.
 */
export function parseDevicePolicy({ text }: FormatInput, sink: ParseSink): void {
  let list: { readonly name: string; readonly indent: number } | null = null;
  let open: Admin | null = null;
  let known = false;
  const close = (): void => {
    if (open !== null) {
      const value = open.policies === null ? open.component : `${open.component}; policies: ${open.policies}`;
      sink.add({ kind: 'fact', topic: 'policy', package: open.package, name: open.name, value, atHandset: null });
    }
    open = null;
  };
  eachDumpLine(text, sink, ({ indent, text: said }) => {
    const name = heading.exec(said)?.[1];
    if (name !== undefined || (list !== null && indent <= list.indent)) {
      close();
      list =
        name === undefined ? null : { name: name.includes('(') && !name.endsWith(')') ? `${name})` : name, indent };
    } else if (list !== null) {
      const found = component.exec(said);
      if (found !== null) {
        close();
        const [, owner = '', className = ''] = found;
        open = { package: owner, name: list.name, component: `${owner}/${className}`, policies: null };
      } else if (open !== null && said.startsWith('policies:')) open.policies = said.slice('policies:'.length).trim();
    }
    if (/^Current Device Policy Manager state:$/.test(said)) known = true;
  });
  close();
  if (!known && sink.recordCount === 0) noSection(sink, text, 'Current Device Policy Manager state');
}
