import type { CategoryRule } from './data-category.ts';

/** Several listed contacts in one message: an address book rather than one number that is looked up. */
export const contacts: CategoryRule = {
  name: 'contacts',
  source: 'F-Secure, August 2014: contacts’ numbers; Adups 2016: whole address books',
  severity: 'high',
  least: 3,
  kinds: ['contact-msisdn', 'contact-name'],
};
