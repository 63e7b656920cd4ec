import { ask } from '../collector.ts';
import type { Collector } from '../collector.ts';

/**
 * The text messages with their texts: other people's words, in no profile, asked only where somebody chooses them by name
 * (docs/decisions/0015). Numbers and texts are asked for in hexadecimal: `content query` quotes nothing, and a text may hold line
 * breaks and whatever looks like the next row. Where the provider takes no expression (AOSP's SqlQueryChecker lists functions that
 * it refuses) they are asked for as they are, the text last.
 */
export const messageTexts: Collector = {
  id: 'message-texts',
  titleKey: 'collector.message-texts',
  profiles: [],
  asks: () => [
    ask("content query --uri content://sms --projection '_id:date:type:hex(address):hex(body)'", {
      timeoutMs: 120_000,
      otherwise: [
        ask('content query --uri content://sms --projection _id:date:type:address:body', { timeoutMs: 120_000 }),
      ],
    }),
  ],
};
