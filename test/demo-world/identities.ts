import { createHash } from 'node:crypto';
import type { Random } from './random.ts';

/** A person the owner of the handset knows. Invented. */
export interface Contact {
  readonly name: string;
  /** E.164, `+8869…`. */
  readonly msisdn: string;
  /** As Taiwan dials it, `09…`. */
  readonly national: string;
}

/** Everything that singles out one simulated unit. All values are synthetic: valid in form, belonging to nobody we know of. */
export interface HandsetIdentity {
  readonly unit: 'H1' | 'H2' | 'H3' | 'H4';
  readonly model: string;
  /** 15 digits, Luhn holds. */
  readonly imei: string;
  /** 15 digits, 466 92 or 466 97. */
  readonly imsi: string;
  /** 19 digits, 89886…, Luhn holds. */
  readonly iccid: string;
  readonly msisdn: string;
  readonly national: string;
  readonly carrier: string;
  /** MCC and MNC in one, e.g. `46692`. */
  readonly operator: string;
  readonly androidId: string;
  /** A factory reset draws a new one. */
  readonly androidIdAfterReset: string;
  readonly serial: string;
  /** Lower case, with colons. */
  readonly wifiMac: string;
  readonly bluetoothMac: string;
  readonly miAccountId: string;
  readonly contacts: readonly [Contact, Contact, Contact];
  /** Who sends the handset its SMS and MMS, and is not among the contacts. */
  readonly smsSender: { readonly msisdn: string; readonly national: string };
  /** Where the silent SMS of the messaging service goes. */
  readonly silentSmsGateway: string;
  /** The password part of the silent SMS. */
  readonly silentSmsPassword: string;
}

const operators = [
  { operator: '46692', issuer: '8988692', carrier: 'Chunghwa Telecom' },
  { operator: '46697', issuer: '8988697', carrier: 'Taiwan Mobile' },
] as const;
const surnames = ['Lin', 'Chen', 'Huang', 'Chang', 'Wu', 'Tsai', 'Yang', 'Hsu', 'Cheng', 'Kuo', 'Hung', 'Chiu'];
const givenNames = ['Demo-Yun', 'Demo-Ting', 'Demo-Hao', 'Demo-Jia', 'Demo-Wei', 'Demo-Shan', 'Demo-Rong', 'Demo-Kai'];
/** Prefixes registered to the maker (Xiaomi Communications), as the handset's own MACs had. */
const makerPrefixes = ['8c:be:be', '64:09:80', '18:59:36', '10:2a:b3', '28:e3:1f', 'f8:a4:5f'];
/** Values of the handbook's test vectors: a seed must not give them by accident. */
const reserved = new Set(['490154203237518', '466920123456789', '+886912345678']);

/** The digit that makes `digits` + check pass Luhn (ISO/IEC 7812-1). */
export function luhnCheckDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

/** The maker's own short hash: first 16 characters of URL-safe base64 of SHA-1 (`full`: all 27). A missing value is hashed as `0`. */
export function shortHash(value: string | null, full = false): string {
  const hash = createHash('sha1')
    .update(value ?? '0')
    .digest('base64url');
  return full ? hash : hash.slice(0, 16);
}

function again<T extends string>(draw: () => T): T {
  for (;;) {
    const value = draw();
    if (!reserved.has(value)) return value;
  }
}

function drawMsisdn(random: Random): { msisdn: string; national: string } {
  const msisdn = again(() => `+8869${random.between(0, 8)}${random.digits(7)}`);
  return { msisdn, national: `0${msisdn.slice(4)}` };
}

function drawContact(random: Random, taken: Set<string>): Contact {
  for (;;) {
    const name = `${random.pick(givenNames)} ${random.pick(surnames)}`;
    if (taken.has(name)) continue;
    taken.add(name);
    return { name, ...drawMsisdn(random) };
  }
}

/** One unit's identifiers. The type allocation code lies in a block that no list we know of assigns. */
export function drawIdentity(random: Random, unit: HandsetIdentity['unit'], model: string): HandsetIdentity {
  const { operator, issuer, carrier } = random.pick(operators);
  const imei = again(() => {
    const body = `86999${random.between(0, 9)}${random.digits(8)}`;
    return `${body}${luhnCheckDigit(body)}`;
  });
  const card = `${issuer}${random.digits(11)}`;
  const mac = (): string => `${random.pick(makerPrefixes)}:${[0, 1, 2].map(() => random.hex(2)).join(':')}`;
  const names = new Set<string>();
  return {
    unit,
    model,
    imei,
    imsi: again(() => `${operator}${random.digits(10)}`),
    iccid: `${card}${luhnCheckDigit(card)}`,
    ...drawMsisdn(random),
    carrier,
    operator,
    androidId: `${random.between(1, 15).toString(16)}${random.hex(15)}`,
    androidIdAfterReset: `${random.between(1, 15).toString(16)}${random.hex(15)}`,
    serial: `${random.between(1, 15).toString(16)}${random.hex(7)}`,
    wifiMac: mac(),
    bluetoothMac: mac(),
    miAccountId: `${random.between(1, 9)}${random.digits(7)}`,
    contacts: [drawContact(random, names), drawContact(random, names), drawContact(random, names)],
    smsSender: drawMsisdn(random),
    silentSmsGateway: `10690${random.digits(7)}`,
    silentSmsPassword: random.hex(8),
  };
}
