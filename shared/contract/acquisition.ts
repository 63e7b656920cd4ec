import * as z from 'zod';
import type { Acquisition, ChosenProfile, Outcome } from '../model/acquisition.ts';
import { collectorIds, command, displayId, inCase, query, optionalShortText, serial, shortText } from './operation.ts';
import type { Started } from './tasks.ts';

/** What one collector will ask; for «what happens when I press this». */
export interface PlannedCollector {
  readonly id: string;
  readonly titleKey: string;
  readonly title: string;
  readonly commands: readonly { readonly command: string; readonly effect: 'reads' | 'changes' }[];
  /** The smallest profile that asks it; `own`: none does, it is asked only where it is chosen by name. */
  readonly from: ChosenProfile;
  /** Asked whatever somebody chooses: the rest is read with it. */
  readonly always: boolean;
}

export interface AcquisitionPlan {
  /** `own`: everything that can be chosen. */
  readonly profile: ChosenProfile;
  /** The handset that was asked for its release; null: none was, or it did not answer, and what changes it is not known. */
  readonly handset: { readonly serial: string; readonly release: string | null } | null;
  readonly collectors: readonly PlannedCollector[];
}

export interface CollectorResult {
  readonly collector: string;
  readonly titleKey: string;
  readonly title: string;
  readonly outcome: Outcome;
  readonly exhibits: readonly string[];
  readonly bytes: number;
  readonly records: number;
  /** Why it is not `read`: worded. */
  readonly reason: string | null;
}

const chosenProfile = z.enum(['quick', 'standard', 'full', 'own']) satisfies z.ZodType<ChosenProfile>;

export const acquisition = {
  'acquisition.plan': query<AcquisitionPlan>()(z.strictObject({ profile: chosenProfile, serial: serial.nullable() })),
  'acquisition.start': command<Started>()(
    z
      .strictObject({
        ...inCase,
        serial,
        handset: displayId,
        label: shortText,
        run: optionalShortText,
        profile: chosenProfile,
        /** Of the profile `own`, and of no other: what was chosen. */
        collectors: collectorIds.nullable(),
        /** Go on with the last one of these, which was cut off. */
        resume: z.boolean(),
      })
      .refine((wish) => (wish.profile === 'own') === (wish.collectors !== null)),
  ),
  /** Newest first. */
  'acquisition.list': query<readonly Acquisition[]>()(z.strictObject(inCase)),
  'acquisition.results': query<readonly CollectorResult[]>()(z.strictObject({ ...inCase, acquisition: displayId })),
} as const;
