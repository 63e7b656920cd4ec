import type { IdentifierKind } from '../../../shared/model/identifier.ts';

/** An identifier as bytes that are no text. */
export interface BinaryForm {
  readonly form: string | null;
  readonly steps: readonly string[];
  readonly bytes: Uint8Array;
  /** Symbols of the identifier that the bytes fix, and the surprise of that in bits. */
  readonly span: number;
  readonly bits: number;
  /** Also written in hex digits, where a run is too short to be undone. */
  readonly inHex: boolean;
}

interface BinaryRow {
  readonly kinds: readonly IdentifierKind[];
  readonly step: string;
  readonly source: string;
  readonly form?: string;
  readonly inHex?: true;
  /** Digits or hex digits that are written, and their bytes. */
  readonly write: (value: string) => readonly { readonly symbols: string; readonly bytes: Uint8Array }[];
}

const numberKinds: readonly IdentifierKind[] = ['msisdn', 'contact-msisdn'];
const macKinds: readonly IdentifierKind[] = ['wifi-mac', 'bluetooth-mac', 'bssid'];
const digitsOf = (value: string): string => value.replace(/\D/g, '');
const hexOf = (value: string): string => value.replace(/[^0-9a-f]/gi, '');
const each = (symbols: string, ...writings: Uint8Array[]): { symbols: string; bytes: Uint8Array }[] =>
  writings.map((bytes) => ({ symbols, bytes }));

/** Identifiers as bytes: a second table of the second axis, one row a writing. */
export const binaryRows: readonly BinaryRow[] = [
  {
    kinds: ['imei'],
    step: 'tbcd',
    source: '3GPP TS 29.002 17.7.8 TBCD-STRING; TS 29.274 8.10',
    inHex: true,
    write: (v) => each(v, tbcd(v), tbcd(`${v}0`)),
  },
  {
    kinds: ['imei'],
    form: 'imei-14',
    step: 'tbcd',
    source: '3GPP TS 29.274 8.10: MEI with any software version',
    inHex: true,
    write: (v) => each(v.slice(0, 14), tbcd(v.slice(0, 14))),
  },
  {
    kinds: ['imsi'],
    step: 'tbcd',
    source: '3GPP TS 29.274 8.3; TS 29.060 7.7.2',
    inHex: true,
    write: (v) => each(v, tbcd(v)),
  },
  {
    kinds: ['iccid'],
    step: 'tbcd',
    source: 'ETSI TS 102 221 13.2 EF_ICCID',
    inHex: true,
    write: (v) => each(v, tbcd(v)),
  },
  {
    kinds: numberKinds,
    step: 'tbcd',
    source: '3GPP TS 29.274 8.11; TS 23.003 3.3; the address of an SMS (TS 23.040 9.1.2.5)',
    inHex: true,
    write: (v) => each(digitsOf(v), tbcd(digitsOf(v))),
  },
  {
    kinds: ['imsi'],
    step: 'mobile-identity',
    source: '3GPP TS 24.008 10.5.1.4, type 1; EF_IMSI (TS 31.102 4.2.2)',
    inHex: true,
    write: (v) => each(v, mobileIdentity(v, 1)),
  },
  {
    kinds: ['imei'],
    step: 'mobile-identity',
    source: '3GPP TS 24.008 10.5.1.4, type 2',
    inHex: true,
    write: (v) => each(v, mobileIdentity(v, 2)),
  },
  {
    kinds: ['imei', 'imsi', 'iccid', ...numberKinds],
    step: 'bcd',
    source: 'two decimal digits a byte, the first above; an odd count filled with F or 0 after, or 0 before',
    write: (v) => {
      const digits = digitsOf(v);
      return digits.length % 2 === 0
        ? each(digits, packed(digits))
        : each(digits, packed(`${digits}f`), packed(`${digits}0`), packed(`0${digits}`));
    },
  },
  {
    kinds: ['meid', 'android-id', ...macKinds],
    step: 'bytes',
    source: 'hex digits as the bytes they name',
    write: (v) => each(hexOf(v), packed(hexOf(v))),
  },
  {
    kinds: ['android-id'],
    step: 'bytes-le',
    source: 'Protocol Buffers fixed64, as in the Google check-in',
    write: (v) => each(hexOf(v), packed(hexOf(v)).reverse()),
  },
  {
    kinds: ['advertising-id'],
    step: 'bytes',
    source: 'RFC 9562 4: sixteen bytes',
    write: (v) => each(hexOf(v), packed(hexOf(v))),
  },
  {
    kinds: ['advertising-id'],
    step: 'bytes-le',
    source: 'RFC 9562 4: the first three fields little-endian, as Microsoft writes a GUID',
    write: (v) => each(hexOf(v), guid(packed(hexOf(v)))),
  },
  {
    kinds: ['imei', 'imsi', ...numberKinds, 'android-id'],
    step: 'varint',
    source: 'Protocol Buffers encoding: base 128, lowest group first',
    write: (v) =>
      /^[0-9a-f]{16}$/.test(v) ? each(v, varint(BigInt(`0x${v}`))) : each(digitsOf(v), varint(BigInt(digitsOf(v)))),
  },
  {
    kinds: ['imei', 'imsi'],
    step: 'int64',
    source: 'java.io.DataOutput.writeLong',
    write: (v) => each(v, int64(BigInt(v))),
  },
  {
    kinds: ['imei', 'imsi'],
    step: 'int64-le',
    source: 'Protocol Buffers fixed64, and memory of ARM',
    write: (v) => each(v, int64(BigInt(v)).reverse()),
  },
];

/** The binary writings of a canonical value. */
export function binaryFormsOf(kind: IdentifierKind, value: string): BinaryForm[] {
  const forms: BinaryForm[] = [];
  for (const row of binaryRows) {
    if (!row.kinds.includes(kind)) continue;
    for (const { symbols, bytes } of row.write(value)) {
      forms.push({
        form: row.form ?? null,
        steps: [row.step],
        bytes,
        span: symbols.length,
        bits:
          symbols.length *
          (/^\d+$/.test(symbols) && row.step !== 'bytes' && row.step !== 'bytes-le' ? Math.log2(10) : 4),
        inHex: row.inHex === true,
      });
    }
  }
  return forms;
}

/** Telephony BCD: the first digit in the lower half; an odd count is filled with F. */
function tbcd(digits: string): Uint8Array {
  const even = digits.length % 2 === 0 ? digits : `${digits}f`;
  return packed(even.replace(/(.)(.)/g, '$2$1'));
}

/** Type and parity share the first byte with the first digit. `type` is 1 for an IMSI, 2 for an IMEI. */
function mobileIdentity(digits: string, type: 1 | 2): Uint8Array {
  const odd = digits.length % 2;
  const first = `${digits.charAt(0)}${((odd << 3) | type).toString(16)}`;
  return Uint8Array.from([...packed(first), ...tbcd(digits.slice(1))]);
}

function packed(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

function guid(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from([3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15], (i) => bytes[i] ?? 0);
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 128n) return Uint8Array.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) | 128);
  }
}

function int64(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return Uint8Array.from(bytes);
}
