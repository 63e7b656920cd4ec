import type { Collector } from '../collector.ts';

/**
 * The handset's own report of itself, made by it with the rights of the system: much that a shell is refused stands in it. It is in no
 * profile: making it takes minutes, shows on the handset, and changes it (docs/decisions/0013).
 */
export const bugReport: Collector = {
  id: 'bug-report',
  titleKey: 'collector.bug-report',
  profiles: [],
  asks: () => [{ type: 'bug-report' }],
};
