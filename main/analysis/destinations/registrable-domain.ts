/**
 * Suffixes of two labels under which names are sold: our own short list, of the regions that handsets of these cases report to.
 * The Public Suffix List is not used: its data are under MPL-2.0, which this product does not carry.
 */
const secondLevel: ReadonlyMap<string, readonly string[]> = new Map([
  ['au', ['com', 'net', 'org', 'edu', 'gov']],
  ['br', ['com', 'net', 'org', 'gov']],
  ['cn', ['com', 'net', 'org', 'gov', 'edu', 'ac', 'mil']],
  ['hk', ['com', 'net', 'org', 'gov', 'edu', 'idv']],
  ['id', ['co', 'ac', 'or', 'go', 'web']],
  ['in', ['co', 'net', 'org', 'gov', 'ac', 'firm']],
  ['jp', ['co', 'ne', 'or', 'ac', 'go', 'ad']],
  ['kr', ['co', 'ne', 'or', 'ac', 'go', 're']],
  ['mx', ['com', 'net', 'org', 'gob']],
  ['my', ['com', 'net', 'org', 'gov', 'edu']],
  ['nz', ['co', 'net', 'org', 'govt', 'ac']],
  ['ph', ['com', 'net', 'org', 'gov']],
  ['pk', ['com', 'net', 'org', 'gov']],
  ['sg', ['com', 'net', 'org', 'gov', 'edu']],
  ['th', ['co', 'in', 'ac', 'go', 'or']],
  ['tr', ['com', 'net', 'org', 'gov']],
  ['tw', ['com', 'net', 'org', 'gov', 'edu', 'idv', 'game', 'club']],
  ['ua', ['com', 'net', 'org', 'gov']],
  ['uk', ['co', 'org', 'ac', 'gov', 'me', 'ltd', 'plc', 'net']],
  ['vn', ['com', 'net', 'org', 'gov', 'edu']],
  ['za', ['co', 'org', 'net', 'gov', 'ac']],
]);

/** The name that somebody registered, of which `name` is part: `account.xiaomi.com` → `xiaomi.com`; null for addresses and single labels. */
export function registrableDomain(name: string): string | null {
  const labels = name.toLowerCase().replace(/\.$/, '').split('.');
  const [top = '', second = ''] = [labels.at(-1), labels.at(-2)];
  if (labels.length < 2 || labels.some((label) => !/^[\w\u0080-\uffff-]{1,63}$/.test(label)) || /^\d+$/.test(top))
    return null;
  const count = secondLevel.get(top)?.includes(second) === true ? 3 : 2;
  return labels.length < count ? null : labels.slice(-count).join('.');
}
