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
  /** What it may do; null: its dump does not say. */
  policies: string[] | null;
  /** How far the heading of the policies is set in, while they follow. */
  within: number | null;
}

const maxPolicies = 100;

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
      const policies = open.policies ?? [];
      const value = policies.length === 0 ? open.component : `${open.component}; policies: ${policies.join(', ')}`;
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
        open = { package: owner, name: list.name, component: `${owner}/${className}`, policies: null, within: null };
      } else if (open !== null) readPolicies(open, indent, said);
    }
    if (/^Current Device Policy Manager state:$/.test(said)) known = true;
  });
  close();
  if (!known && sink.recordCount === 0) noSection(sink, text, 'Current Device Policy Manager state');
}

/** `policies:`, and below it one a line, set in further: `wipe-data`. */
function readPolicies(admin: Admin, indent: number, said: string): void {
  if (said === 'policies:') {
    admin.policies = [];
    admin.within = indent;
  } else if (admin.within !== null && indent <= admin.within) admin.within = null;
  else if (admin.within !== null && admin.policies !== null && admin.policies.length < maxPolicies)
    admin.policies.push(said.slice(0, 100));
}
