import type { CategoryRule } from './data-category.ts';

/** Text of a message that the handset's own log shows it sent, or that was asked of its store. Short ones are words that anybody writes. */
export const smsText: CategoryRule = {
  name: 'sms-text',
  source: 'Adups 2016: text messages every 72 hours',
  severity: 'high',
  least: 1,
  seedsOf: (record) => {
    const text =
      record.kind === 'silent-sms'
        ? record.text
        : record.kind === 'fact' && record.topic === 'message-text'
          ? record.value
          : '';
    // By characters: half of a pair of surrogates cannot be percent-encoded.
    return text.length >= 12 ? [Array.from(text.slice(0, 240)).slice(0, 120).join('')] : [];
  },
};
