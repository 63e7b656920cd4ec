import type { Visibility } from '../../shared/model/comparison.ts';

/**
 * Whether silence means anything: something could be read, both control requests were found, and the recording has no hole in which
 * what is missed may have gone.
 */
export function isFitForAbsence(visibility: Visibility | null): visibility is Visibility {
  return (
    visibility !== null &&
    visibility.canaries === 'both' &&
    visibility.readablePercent !== null &&
    (visibility.holes ?? 0) === 0
  );
}
