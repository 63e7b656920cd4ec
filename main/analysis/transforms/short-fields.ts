import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import { beforeFields, separators } from './field-probe.ts';
import { isContact, minLiteralBytes, type Candidate } from './literal-candidates.ts';
import type { FieldForm, PatternValue } from './pattern-set.ts';

/** Fields that hold values of a kind: only there are listed values of fewer than seven bytes looked for. */
export interface ShortFieldRow {
  readonly id: string;
  readonly kinds: readonly IdentifierKind[];
  /** Who names fields so. */
  readonly source: string;
  /** How names end, in lower case; any case is found. */
  readonly endings: readonly string[];
  /** How the whole name ends: alone or after what is no letter … */
  readonly name: RegExp;
  /** … or after a small letter, with a capital. */
  readonly camel: RegExp;
}

/** One row a kind; every name agrees with its kind (surroundings.ts). */
export const shortFieldRows: readonly ShortFieldRow[] = [
  {
    id: 'short-ssid',
    kinds: ['ssid'],
    source: 'WifiInfo.getSSID, and names that follow it',
    endings: ['ssid', 'wifi_name', 'wifiname', 'network_name', 'networkname', 'wifi'],
    name: /(^|[^a-z])(e?ssid|wifi(_?name)?|network_?name)$/i,
    camel: /[a-z](Ssid|SSID|Wifi(Name)?|NetworkName)$/,
  },
  {
    id: 'short-account',
    kinds: ['account', 'email'],
    source: 'RFC 6749 4.3.2 username; Android AccountManager; MQTT 3.1.1 3.1.3.4; vendors’ passports',
    endings: ['account', 'username', 'user_name', 'user', 'userid', 'user_id', 'uid', 'login', 'login_name', 'email'],
    name: /(^|[^a-z])(account(_?name)?|user(_?(name|id))?|uid|login(_?(name|id))?|e?mail)$/i,
    camel: /[a-z](Account|User(Name|Id)?|Uid|Email)$/,
  },
  {
    id: 'short-name',
    kinds: ['contact-name'],
    source: 'ContactsContract display_name; vCard (RFC 6350 6.2.1) FN; address books as they are sent up',
    endings: ['name', 'contact', 'nick', 'fn'],
    name: /(^|[^a-z])(name|(contact|display|full|nick|given)(_?name)?|fn)$/i,
    camel: /[a-z](Contact|Display|Full|Nick)(Name)?$/,
  },
  {
    id: 'short-number',
    kinds: ['msisdn', 'contact-msisdn'],
    source: 'short numbers of a numbering plan in address books and call lists',
    endings: ['phone', 'phone_number', 'phonenumber', 'mobile', 'msisdn', 'tel', 'number', 'address'],
    name: /(^|[^a-z])(phone(_?(number|num|no))?|mobile|msisdn|tel|number|address)$/i,
    camel: /[a-z](Phone(Number)?|Mobile)$/,
  },
  {
    id: 'short-cell',
    kinds: ['cell-id'],
    source: '3GPP TS 23.003 4: location area, tracking area and cell, as location services ask for them',
    endings: ['cellid', 'cell_id', 'cell-id', 'cid', 'lac', 'tac'],
    name: /(^|[^a-z])(cell[_-]?id|cid|lac|tac)$/i,
    camel: /[a-z](CellId|Cid|Lac|Tac)$/,
  },
  {
    id: 'short-serial',
    kinds: ['serial'],
    source: 'Build.SERIAL, and names that follow it',
    endings: ['serial', 'serialno', 'serial_no', 'serialnumber', 'serial_number', 'sn'],
    name: /(^|[^a-z])(serial(_?(no|number))?|sn)$/i,
    camel: /[a-z]Serial(No|Number)?$/,
  },
];

const ownTier = 1;
/** After everything that is written of a handset's own identifiers, as other writings of contacts. */
const contactTier = 9;

/** Literals made of the first bytes of contacts' values come last: an address book has thousands. */
const headTier = 12;

/** vCard separates names from values by a colon alone, at the beginning of a line. */
const separatorsOf = (ending: string): readonly string[] => (ending === 'fn' ? [':'] : [...separators, '":', '" :']);

export function shortFieldRowOf(kind: IdentifierKind): ShortFieldRow | null {
  return shortFieldRows.find(({ kinds }) => kinds.includes(kind)) ?? null;
}

/**
 * What finds the names of fields that may hold these forms, and the values (numbered from `first`) that stand for those names. A name that is too
 * short with what separates it is searched for with what stands before it or with the first bytes of the values.
 */
export function shortFieldPatterns(
  values: readonly PatternValue[],
  forms: readonly FieldForm[],
  first: number,
): { readonly values: readonly PatternValue[]; readonly literals: readonly Candidate[] } {
  const found: PatternValue[] = [];
  const literals: Candidate[] = [];
  for (const row of shortFieldRows) {
    const own = forms.filter((form) => row.kinds.includes(values[form.value]?.kind ?? 'custom'));
    const [kind] = row.kinds;
    if (own.length === 0 || kind === undefined) continue;
    const index = first + found.length;
    found.push({ kind, value: row.id, owners: [], beside: { category: null, probe: row.id, handsets: [] } });
    const contacts = own.every(({ value }) => isContact(values[value] ?? { kind }));
    for (const [text, { nameEnd, withValue }] of literalsOf(row, own)) {
      const bytes = Uint8Array.from(Buffer.from(text, 'latin1'));
      literals.push({
        value: index,
        form: null,
        steps: [],
        bytes,
        fold: true,
        edge: null,
        nameEnd,
        span: text.length,
        bits: 0,
        tier: contacts ? (withValue ? headTier : contactTier) : ownTier,
      });
    }
  }
  return { values: found, literals };
}

interface NameLiteral {
  readonly nameEnd: number;
  /** First bytes of a value stand in it. */
  readonly withValue: boolean;
}

/** By text (one character a byte), each once. */
function literalsOf({ endings }: ShortFieldRow, forms: readonly FieldForm[]): ReadonlyMap<string, NameLiteral> {
  const literals = new Map<string, NameLiteral>();
  const heads = forms.map(({ bytes }) =>
    Buffer.from(bytes)
      .toString('latin1')
      .replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  );
  for (const ending of endings) {
    for (const separator of separatorsOf(ending)) {
      const text = ending + separator;
      const missing = minLiteralBytes - text.length;
      const befores = separator.startsWith('"') ? ['"'] : separator.startsWith('=') ? beforeFields : ['\n'];
      const add = (before: string, head: string): void => {
        literals.set(before + text + head, { nameEnd: before.length + ending.length, withValue: head !== '' });
      };
      if (missing <= 0) add('', '');
      else if (missing === 1 && separator !== ': ' && separator !== '>') for (const before of befores) add(before, '');
      else
        for (const head of heads) {
          if (head.length >= missing) add('', head.slice(0, missing));
          else if (head.length === missing - 1) for (const before of befores) add(before, head);
        }
    }
  }
  return literals;
}
