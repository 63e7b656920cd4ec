import type { ResumedPlan } from '../../shared/contract/acquisition.ts';
import type { Result } from '../../shared/model/problem.ts';
import { openCaseForReading } from '../evidence/open-case.ts';
import type { AcquireWish } from './acquire-wish.ts';
import type { Handsets } from './handset-session.ts';
import { planResumed } from './resume-acquisition.ts';

const withinMs = 10_000;

/**
 * What going on with the acquisition `id` that was cut off would ask of the handset as it is now, and what it would take over.
 * Null: the handset does not answer, or `id` is not what would be gone on with. Problems: those of opening the case.
 */
export async function previewResumed(
  directory: string,
  id: string,
  wish: AcquireWish,
  live: { handsets(): Promise<Result<Handsets>> },
): Promise<Result<ResumedPlan | null>> {
  const handsets = await live.handsets();
  const link = handsets.ok ? await handsets.value.open(wish.serial, AbortSignal.timeout(withinMs)) : handsets;
  if (!link.ok) return { ok: true, value: null };
  const reader = openCaseForReading(directory);
  if (!reader.ok) {
    link.value.close();
    return reader;
  }
  try {
    const planned = await planResumed(reader.value, wish, link.value);
    if (!planned.ok) return { ok: true, value: null };
    const { asked, scope, storedCode } = planned.value;
    if ((scope.continues ?? scope.insteadOf?.id) !== id) return { ok: true, value: null };
    const codeBytes = storedCode.reduce((sum, one) => sum + one.bytes, 0);
    return {
      ok: true,
      value: {
        id,
        because: scope.insteadOf?.because ?? [],
        asks: asked.map((one) => one.id),
        codeFiles: storedCode.length,
        codeBytes,
      },
    };
  } finally {
    reader.value.close();
    link.value.close();
  }
}
