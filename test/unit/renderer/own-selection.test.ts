import { expect, test } from 'vitest';
import { chosenOf, ownPlan } from '../../../renderer/screens/acquisition/own-selection.tsx';
import type { AcquisitionPlan, PlannedCollector } from '../../../shared/contract/acquisition.ts';

const entry = (id: string, from: PlannedCollector['from'], always = false): PlannedCollector => ({
  id,
  titleKey: `collector.${id}`,
  title: id,
  commands: [{ command: id, effect: 'reads' }],
  from,
  always,
  buildsOn: id === 'services' ? ['usage'] : [],
});
const plan: AcquisitionPlan = {
  profile: 'full',
  handset: null,
  collectors: [
    entry('clock', 'quick', true),
    entry('packages', 'quick'),
    entry('usage', 'standard'),
    entry('services', 'full'),
  ],
};

test('what was chosen before stands, as far as this version has it; before that, what «standard» asks', () => {
  expect(chosenOf(plan, ['services', 'gone', 'clock'])).toEqual(['services']);
  expect(chosenOf(plan, [])).toEqual(['packages', 'usage']);
  expect(chosenOf(plan, ['gone'])).toEqual(['packages', 'usage']);
});

test('the plan of a selection is what will be asked: the selection, what it builds on, and what is always asked', () => {
  expect(ownPlan(plan, ['packages']).collectors.map(({ id }) => id)).toEqual(['clock', 'packages']);
  expect(ownPlan(plan, ['services']).collectors.map(({ id }) => id)).toEqual(['clock', 'usage', 'services']);
});
