import { ask, fullOnly } from '../collector.ts';
import type { Collector } from '../collector.ts';

/**
 * The list of text messages without their texts: to or from which number, when, through which service centre. What an activation
 * by text message sent unasked stands here. They are other people's numbers: in the fullest profile only.
 */
export const messageLog: Collector = {
  id: 'message-log',
  titleKey: 'collector.message-log',
  profiles: fullOnly,
  asks: () => [
    ask('content query --uri content://sms --projection _id:address:date:type:protocol:service_center', {
      timeoutMs: 60_000,
    }),
  ],
};
