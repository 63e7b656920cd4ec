import { expect, test } from 'vitest';
import { UsageError } from '../../../main/cli/command.ts';
import { chosenScope } from '../../../main/cli/collector-options.ts';

const refusal = (options: Parameters<typeof chosenScope>[0]): UsageError | null => {
  try {
    chosenScope(options);
    return null;
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
};

test('a profile by name, the standard one without, or a selection of one’s own', () => {
  expect(chosenScope({})).toEqual({ profile: 'standard', collectors: [] });
  expect(chosenScope({ profile: 'full' })).toEqual({ profile: 'full', collectors: [] });
  expect(chosenScope({ collectors: 'packages, power,' })).toEqual({
    profile: 'own',
    collectors: ['packages', 'power'],
  });
});

test('a selection of nothing, of what there is none of, or beside a profile is wrong usage that lists what there is', () => {
  const unknown = refusal({ collectors: 'packages,apks' });
  expect(unknown?.kind).toBe('collectors-unknown');
  expect(unknown?.params['value']).toBe('"apks"');
  expect(unknown?.params['known']).toContain('settings-system, settings-secure');
  expect(refusal({ collectors: ' , ' })?.kind).toBe('collectors-unknown');
  expect(refusal({ collectors: 'packages', profile: 'quick' })?.kind).toBe('collectors-alone');
  // A selection has no name of its own on the command line.
  expect(refusal({ profile: 'own' })?.kind).toBe('choice');
});
