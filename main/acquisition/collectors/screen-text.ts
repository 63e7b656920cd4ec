import type { Collector } from '../collector.ts';

/**
 * What stands on the screen, as text: what a dialog of consent says can be quoted. In no profile: the system suspends accessibility
 * services while it is read, and a file is written and removed (developer.android.com/reference/android/app/UiAutomation).
 */
export const screenText: Collector = {
  id: 'screen-text',
  titleKey: 'collector.screen-text',
  profiles: [],
  asks: () => [{ type: 'screen-text' }],
};
