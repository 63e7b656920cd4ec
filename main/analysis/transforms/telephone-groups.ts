import { Metadata, type CountryCode, type NumberingPlan, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** A telephone number as its numbering plan writes it. */
export interface NationalNumber {
  readonly calling: string;
  /** National significant number, digits only. */
  readonly national: string;
  /** With national prefix, brackets and separators: `(415) 523-8671`. */
  readonly local: string;
  /** After the calling code, in groups with spaces between them: `+1 415 523 8671`. */
  readonly international: string;
  /** What libphonenumber in Java writes after the calling code, separators kept: `415-523-8671`. */
  readonly kept: string;
  /** What the national writing puts before the number itself; empty where it puts nothing, and where it writes other digits. */
  readonly trunk: string;
  /** Of that, what the country dials before any number: the national prefix of the metadata, where the national writing has it. */
  readonly prefix: string;
}

/** Null for what is no telephone number. `value` begins with `+`. */
export function nationalOf(value: string): NationalNumber | null {
  const parsed = parsePhoneNumberFromString(value);
  if (parsed === undefined) return null;
  const { countryCallingCode: calling, nationalNumber: national } = parsed;
  const country = parsed.country ?? parsed.getPossibleCountries()[0];
  const local = parsed.formatNational();
  const digits = local.replace(/\D/g, '');
  const trunk = digits.endsWith(national) ? digits.slice(0, -national.length) : '';
  const plan = country === undefined ? undefined : planOf(country);
  const prefix = plan?.nationalPrefix?.() ?? '';
  return {
    calling,
    national,
    local,
    international: parsed.formatInternational(),
    kept: plan === undefined ? national : keptGroups(plan, national),
    trunk,
    prefix: trunk.startsWith(prefix) ? prefix : '',
  };
}

/** A row of the metadata as the library reads it; its type declarations leave them out. */
interface GroupFormat {
  pattern(): string;
  leadingDigitsPatterns(): readonly string[];
  internationalFormat(): string;
}

type Groups = NumberingPlan & { formats?: () => readonly GroupFormat[]; nationalPrefix?: () => string | undefined };

function planOf(country: CountryCode): Groups | undefined {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  return metadata.numberingPlan;
}

/**
 * formatInternational puts a space for each separator, where PhoneNumberUtil.formatNsn of the library's Java original keeps those of
 * the metadata: these are read here. The digits alone where no row fits.
 */
function keptGroups(plan: Groups, national: string): string {
  const row = plan.formats?.().find((format) => {
    // The last is the most detailed one.
    const leading = format.leadingDigitsPatterns().at(-1) ?? '';
    return new RegExp(`^(?:${leading})`).test(national) && whole(format).test(national);
  });
  return row === undefined ? national : national.replace(whole(row), row.internationalFormat());
}

const whole = (format: GroupFormat): RegExp => new RegExp(`^(?:${format.pattern()})$`);
