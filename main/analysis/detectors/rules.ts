import { categoryDetectors } from './data-category.ts';
import type { Detector } from './finding-input.ts';
import { identifierEchoed } from './identifier-echoed.ts';
import { identifierOfOtherHandset } from './identifier-of-other-handset.ts';
import { identifierOnLink } from './identifier-on-link.ts';
import { identifierProposed } from './identifier-proposed.ts';
import { identifierTransmitted } from './identifier-transmitted.ts';
import { serviceContactedProtected } from './service-contacted-protected.ts';
import { serviceStartedWithoutConsent } from './service-started-without-consent.ts';
import { silentSms } from './silent-sms.ts';

/** Every rule; a new one is its file and one line here. */
export const rules: readonly Detector[] = [
  identifierTransmitted,
  identifierEchoed,
  identifierOnLink,
  identifierOfOtherHandset,
  identifierProposed,
  serviceStartedWithoutConsent,
  serviceContactedProtected,
  silentSms,
  ...categoryDetectors,
];
