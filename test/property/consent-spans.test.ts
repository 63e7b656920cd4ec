import fc from 'fast-check';
import { expect, test } from 'vitest';
import { consentAt, consentSpans } from '../../main/analysis/detectors/consent.ts';
import { instantText } from '../../shared/filter/filter-time.ts';
import type { CaseEvent } from '../../shared/model/event.ts';

const exhibit = { label: 'before', run: 'R1', handset: 'H1' };
const us = fc.integer({ min: 1_400_000_000_000_000, max: 1_400_000_000_000_000 + 20_000 });
const event: fc.Arbitrary<CaseEvent> = fc
  .record({
    us,
    kind: fc.constantFrom('consent-act', 'stimulus'),
    boundMs: fc.option(fc.constantFrom(0.5, 2, 7), { nil: null }),
    clock: fc.constantFrom('assumed', undefined),
    run: fc.constantFrom('R1', 'R2'),
  })
  .map(({ us: at, kind, boundMs, clock, run }) => {
    const given = { id: 'V1', label: 'before', handset: 'H1', atHandset: null, text: '', source: 'examiner' };
    return {
      ...given,
      run,
      kind,
      at: instantText(at),
      boundMs,
      ...(clock === undefined ? {} : { clock }),
    } as CaseEvent;
  });

test('spans say of every instant what is said of that instant alone', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 5 }), us, (events, at) => {
      const span = consentSpans(events, exhibit).findLast(({ fromUs }) => fromUs <= at);
      expect(span?.consent).toBe(consentAt(events, exhibit, instantText(at)).consent);
    }),
  );
});
