import * as z from 'zod';
import type { Acquisition, ChosenProfile, Difference, Outcome } from '../model/acquisition.ts';
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
  /** Ids of those whose answers say what it asks: asked with it. */
  readonly buildsOn: readonly string[];
}

export interface AcquisitionPlan {
  /** `own`: everything that can be chosen. */
  readonly profile: ChosenProfile;
  /** The handset that was asked for its release; null: none was, or it did not answer, and what changes it is not known. */
  readonly handset: { readonly serial: string; readonly release: string | null } | null;
  readonly collectors: readonly PlannedCollector[];
}

/** What going on with an acquisition that was cut off would ask of the handset as it is now. */
export interface ResumedPlan {
  readonly id: string;
  /** Why everything is asked again; empty: what has an answer is taken over. */
  readonly because: readonly Difference[];
  /** Ids of the collectors that are asked. */
  readonly asks: readonly string[];
  /** Parts of apps' code that came whole: not pulled again where the handset still says the same of them. */
  readonly codeFiles: number;
  readonly codeBytes: number;
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
  /** Asks the handset three small things. Null: it does not answer, or there is nothing to go on with. `id`: the one that was cut off. */
  'acquisition.resumed': query<ResumedPlan | null>()(
    z
      .strictObject({
        ...inCase,
        id: displayId,
        serial,
        handset: displayId,
        label: shortText,
        run: optionalShortText,
        profile: chosenProfile,
        collectors: collectorIds.nullable(),
      })
      .refine((wish) => (wish.profile === 'own') === (wish.collectors !== null)),
  ),
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
