import * as z from 'zod';
import type { CaseEvent } from '../model/event.ts';
import { command, inCase, instant, longText, optionalShortText, query, shortText } from './operation.ts';

export const events = {
  /** Attested and read from the handset, by time. */
  'events.list': query<readonly CaseEvent[]>()(z.strictObject(inCase)),
  'events.add': command<CaseEvent>()(
    z.strictObject({
      ...inCase,
      run: shortText,
      label: optionalShortText,
      handset: optionalShortText,
      kind: z.enum(['consent-act', 'stimulus', 'note']),
      at: instant,
      text: longText,
    }),
  ),
} as const;
