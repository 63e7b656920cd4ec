import type { CategoryRule } from './data-category.ts';

/** Text of a message that the handset's own log shows it sent. Short ones are words that anybody writes. */
export const smsText: CategoryRule = {
  name: 'sms-text',
  source: 'Adups 2016: text messages every 72 hours',
  severity: 'high',
  least: 1,
  seedsOf: (record) => (record.kind === 'silent-sms' && record.text.length >= 12 ? [record.text.slice(0, 120)] : []),
};
