import { readImsiParts } from '../identifiers/mobile-country-codes.ts';
import type { CategoryRule } from './data-category.ts';

const properties: ReadonlySet<string> = new Set([
  'gsm.operator.alpha',
  'gsm.sim.operator.alpha',
  'gsm.operator.orig.alpha',
]);

/** The operator's name, as the handset shows it, and its number in a field that is named so. */
export const carrier: CategoryRule = {
  name: 'carrier',
  source: 'F-Secure, August 2014: carrier name in clear to api.account.xiaomi.com',
  severity: 'low',
  least: 1,
  // Dual-SIM builds join both with a comma.
  seedsOf: (record) =>
    record.kind === 'property' && properties.has(record.name)
      ? record.value
          .split(',')
          .map((name) => name.trim())
          .filter((name) => /\p{L}/u.test(name))
      : [],
  probes: [
    {
      id: 'category-carrier',
      kind: 'custom',
      category: 'carrier',
      source: 'TelephonyManager.getSimOperator: country and network code (ITU-T E.212)',
      endings: ['operator', 'carrier', 'mcc_mnc', 'mccmnc', 'plmn'],
      name: /(operator|carrier|mcc_?mnc|plmn)$/i,
      looks: (v) => /^\d{5,6}$/.test(v) && readImsiParts(v.padEnd(15, '0')).region !== null,
    },
  ],
};
