import { ask, fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** Users and profiles with their restrictions; whether an organisation manages the handset. */
export const users: Collector = {
  id: 'users',
  titleKey: 'collector.users',
  profiles: fromStandard,
  asks: () => [ask('dumpsys user', { otherwise: [ask('pm list users')] })],
};
