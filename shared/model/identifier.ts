import type { IdentifierMethod, SourceConfidence } from './identifier-source.ts';

/** Kinds of the command-line contract (handbook: cli.md). */
export const identifierKinds = [
  'imei',
  'meid',
  'imsi',
  'iccid',
  'msisdn',
  'android-id',
  'serial',
  'wifi-mac',
  'bluetooth-mac',
  'advertising-id',
  'account',
  'email',
  'contact-msisdn',
  'contact-name',
  'ssid',
  'bssid',
  'cell-id',
  'location',
  'custom',
] as const;
export type IdentifierKind = (typeof identifierKinds)[number];

/** A value that singles out a person, SIM or handset. One row per (handset, kind, value, source). */
export interface Identifier {
  /** `I1`, `I2` …: one id per (handset, kind, normalised value); several sources share it. */
  readonly id: string;
  readonly handset: string;
  readonly kind: IdentifierKind;
  /** As normalised by `analysis/identifiers` (digits only for numbers, lower-case hex for ids). */
  readonly value: string;
  /** As typed or read. */
  readonly original: string;
  /** Where it came from: `label`, `*#06#`, `sim-card`, or an exhibit id such as `E004` for values read from the handset. */
  readonly source: string;
  readonly addedAt: string;
  /** Codes of doubts that do not refuse it: `luhn`, `mcc-unknown`, `placeholder`, `contradicted` … */
  readonly warnings: readonly string[];
  /** Set where `value` and `original` are masked: names of accounts, which are listed in full only where they are asked for. */
  readonly masked?: true;
  /** By which way the source was had, and how far a value of this kind had so can be relied on; added when identifiers are listed. */
  readonly method?: IdentifierMethod;
  readonly sourceConfidence?: SourceConfidence;
}
