import * as z from 'zod';
import { intakeAirplanes, intakeChecks, intakeLocks, intakePowers, intakeSims } from '../model/intake.ts';
import type { Intake } from '../model/intake.ts';
import { command, displayId, inCase, instant, longText, optionalShortText, query, shortText } from './operation.ts';

export const intakeState = z.strictObject({
  lock: z.enum(intakeLocks),
  power: z.enum(intakePowers),
  airplane: z.enum(intakeAirplanes),
  sim: z.enum(intakeSims),
  battery: z.number().int().min(0).max(100).nullable().describe('percent'),
});

export const intake = {
  'intake.list': query<readonly Intake[]>()(z.strictObject(inCase)),
  'intake.record': command<Intake>()(
    z.strictObject({
      ...inCase,
      handset: displayId,
      exhibitNumber: shortText,
      seal: optionalShortText,
      receivedFrom: shortText,
      receivedAt: instant,
      state: intakeState,
      authority: longText,
      photographs: z.array(displayId).max(100),
      confirmed: z.array(z.enum(intakeChecks)).max(intakeChecks.length),
      note: longText.nullable(),
    }),
    24_576,
  ),
  /** By who acts now. Problems: intake-unknown, intake-superseded, intake-signed, intake-own. */
  'intake.sign': command<Intake>()(z.strictObject({ ...inCase, id: displayId })),
} as const;
