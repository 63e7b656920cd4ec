import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import { ok, type Result } from '../../../shared/model/problem.ts';
import { refuseIdentifier, type NormalisedIdentifier } from './identifier-problem.ts';
import {
  normaliseAndroidId,
  normaliseImei,
  normaliseMac,
  normaliseMeid,
  normaliseUuid,
} from './normalise-equipment.ts';
import { normaliseIccid, normaliseImsi, normaliseNumber } from './normalise-subscriber.ts';
import { isPlaceholder } from './placeholders.ts';

export interface NormaliseOptions {
  /** ISO 3166 region for numbers written nationally, e.g. `TW`. */
  readonly region?: string;
  /** True for values a person typed: a wrong check digit is then refused. False for values read from a handset. */
  readonly strict?: boolean;
}

/** Longest accepted value: longer ones are no identifier and would blow up the search patterns. */
const maxValueBytes = 128;

/**
 * Checks `text` as an identifier of `kind` and gives its canonical writing with the doubts that do not refuse it.
 * Problem: `identifier-invalid` {kind, reason, expected}, worded by identifierReasonText.
 */
export function normaliseIdentifier(
  kind: IdentifierKind,
  text: string,
  options: NormaliseOptions = {},
): Result<NormalisedIdentifier> {
  const trimmed = text.normalize('NFC').trim();
  if (trimmed === '') return refuseIdentifier(kind, 'empty');
  if (Buffer.byteLength(trimmed) > maxValueBytes) return refuseIdentifier(kind, 'too-long', String(maxValueBytes));
  const answer = normaliseByKind(kind, trimmed, options);
  if (!answer.ok || !isPlaceholder(kind, answer.value.value)) return answer;
  return ok({ value: answer.value.value, warnings: [...answer.value.warnings, 'placeholder'] });
}

function normaliseByKind(kind: IdentifierKind, text: string, options: NormaliseOptions): Result<NormalisedIdentifier> {
  const strict = options.strict === true;
  switch (kind) {
    case 'imei':
      return normaliseImei(text, strict);
    case 'meid':
      return normaliseMeid(text);
    case 'imsi':
      return normaliseImsi(text);
    case 'iccid':
      return normaliseIccid(text, strict);
    case 'msisdn':
    case 'contact-msisdn':
      return normaliseNumber(kind, text, options.region);
    case 'android-id':
      return normaliseAndroidId(text);
    case 'advertising-id':
      return normaliseUuid(text);
    case 'wifi-mac':
    case 'bluetooth-mac':
    case 'bssid':
      return normaliseMac(kind, text);
    case 'email':
      return normaliseEmail(text);
    case 'ssid':
      return normaliseSsid(text);
    case 'serial':
      return /^[\x21-\x7e]+$/.test(text)
        ? ok({ value: text, warnings: shortWarning(text) })
        : refuseIdentifier(kind, 'characters', 'A-Z a-z 0-9');
    case 'account':
    case 'contact-name':
    case 'cell-id':
    case 'location':
    case 'custom':
      return normaliseText(kind, text);
  }
}

function normaliseEmail(text: string): Result<NormalisedIdentifier> {
  const value = text.toLowerCase();
  if (!/^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(value)) return refuseIdentifier('email', 'characters', 'name@domain');
  return ok({ value, warnings: [] });
}

/** Android writes a network's name in quotes (WifiInfo.getSSID). */
function normaliseSsid(text: string): Result<NormalisedIdentifier> {
  const value = /^".*"$/.test(text) && text.length > 2 ? text.slice(1, -1) : text;
  if (Buffer.byteLength(value) > 32) return refuseIdentifier('ssid', 'too-long', '32');
  return ok({ value, warnings: shortWarning(value) });
}

function normaliseText(kind: IdentifierKind, text: string): Result<NormalisedIdentifier> {
  // Control characters cannot come from a label or a screen; they would only forge other rows.
  if (/[\u0000-\u001f\u007f]/.test(text)) return refuseIdentifier(kind, 'characters', 'printable text');
  return ok({ value: text, warnings: shortWarning(text) });
}

/** Under seven bytes a value is found by chance: it is kept, and searched only as a digest. */
function shortWarning(value: string): string[] {
  return Buffer.byteLength(value) < 7 ? ['short'] : [];
}
