import { digitsFromBase64, digitsFromSwappedNibbles, looksLike, tidyNumber } from './identifier-shapes.ts';

interface PropertyRule {
  readonly name: RegExp;
  readonly kind: string;
}

/**
 * Properties that hold identifiers, by family. Seen in public getprop dumps of Qualcomm, MediaTek, Xiaomi, Samsung,
 * Huawei and nubia builds. A value that does not have its kind's shape is not taken.
 */
export const identifierProperties: readonly PropertyRule[] = [
  { name: /^(?:ro|ro\.boot|ril|persist\.sys|vendor\.boot|sys)\.(?:serialno|serialnumber|serial)$/, kind: 'serial' },
  { name: /^ro\.(?:ril\.miui|ril\.oem|boot|vendor\.oem|gsm)\.imei\d?$/, kind: 'imei' },
  {
    name: /^(?:persist|vendor|gsm|ril|persist\.vendor)\.(?:radio|gsm|ril|sys)?\.?(?:device)?\.?imei\d?$/,
    kind: 'imei',
  },
  { name: /^(?:ro\.(?:ril\.miui|ril\.oem|boot|vendor\.oem)|persist\.(?:vendor\.)?radio)\.meid$/, kind: 'meid' },
  { name: /^persist\.sys\.wifi\.mac$/, kind: 'wifi-mac' },
  { name: /^persist\.(?:vendor\.)?radio\.(?:volte\.)?imsi(?:\.?\d)?$/, kind: 'imsi' },
  {
    name: /^(?:persist\.(?:vendor\.)?radio|ril|gsm\.sim)(?:\.cfu)?\.?(?:sim)?\.?icc(?:id|_id)(?:\.?\d)?$/,
    kind: 'iccid',
  },
  { name: /^ril\.iccid\.sim\d$/, kind: 'iccid' },
  { name: /^ro\.(?:ril\.oem|boot|vendor\.oem)\.(?:wifimac|wifimacaddr)$/, kind: 'wifi-mac' },
  {
    name: /^(?:ro\.(?:ril\.oem|boot|vendor\.oem)|persist\.service\.bdroid|persist\.vendor\.service\.bdroid)\.(?:btmac|btmacaddr|bdaddr)$/,
    kind: 'bluetooth-mac',
  },
  { name: /^(?:gsm\.line1number|ril\.msisdn|persist\.radio\.msisdn)\d?$/, kind: 'msisdn' },
];

export interface PropertyIdentifier {
  readonly identifierKind: string;
  readonly value: string;
  readonly method: string;
}

/** Twelve hexadecimal digits without colons become a MAC as people write it. */
function tidyMac(value: string): string {
  return /^[0-9a-f]{12}$/i.test(value) ? (value.match(/../g) ?? []).join(':').toLowerCase() : value.toLowerCase();
}

function valuesOf(kind: string, raw: string): { value: string; how: string }[] {
  // Dual-SIM builds join both values with a comma; some IMEIs carry their software version as `/01`.
  return raw.split(',').flatMap((part) => {
    const text = part.trim().replace(/^["']|["']$/g, '');
    if (kind === 'wifi-mac' || kind === 'bluetooth-mac') return [{ value: tidyMac(text), how: '' }];
    if (kind === 'imei' && /^\d{15}\/\d{2}$/.test(text))
      return [{ value: text.slice(0, 15), how: ', without the software version' }];
    if (kind === 'msisdn') return [{ value: tidyNumber(text), how: '' }];
    const decoded = kind === 'iccid' || kind === 'imsi' ? digitsFromBase64(text) : null;
    const plain = decoded ?? text;
    const how = decoded === null ? '' : ', base64 decoded';
    const swapped = kind === 'iccid' ? digitsFromSwappedNibbles(plain) : null;
    return swapped === null ? [{ value: plain, how }] : [{ value: swapped, how: `${how}, nibbles swapped` }];
  });
}

/** Identifiers that one property holds: none, one, or two on a dual-SIM build. */
export function identifiersOfProperty(name: string, raw: string): PropertyIdentifier[] {
  if (raw === '' || raw.length > 1024) return [];
  if (name === 'net.hostname') {
    const id = /^android-([0-9a-f]{13,16})$/.exec(raw)?.[1];
    return id === undefined ? [] : [{ identifierKind: 'android-id', value: id, method: 'property net.hostname' }];
  }
  const rule = identifierProperties.find((candidate) => candidate.name.test(name));
  if (rule === undefined) return [];
  return valuesOf(rule.kind, raw)
    .filter(({ value }) => looksLike(rule.kind, value))
    .map(({ value, how }) => ({ identifierKind: rule.kind, value, method: `property ${name}${how}` }));
}
