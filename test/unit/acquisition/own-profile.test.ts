import { describe, expect, it } from 'vitest';
import { alwaysAsked, collectorsFor, unknownCollectors } from '../../../main/acquisition/own-profile.ts';
import { collectors, collectorsOf } from '../../../main/acquisition/plan.ts';
import { runAcquisition } from '../../../main/acquisition/run-acquisition.ts';
import { acquisitionKnowledge as knowledge } from '../../../main/parsing/acquisition-knowledge.ts';
import { readStartedNote, startedNote } from '../../../shared/model/acquisition-note.ts';
import { fakeEvidence, fakeHandset } from './fake-handset.ts';

const idsOf = (some: readonly { readonly id: string }[]): string[] => some.map(({ id }) => id);

describe('one’s own selection', () => {
  it('asks what was chosen in the order of every plan, whatever order it was given in, and what the rest is read with', () => {
    expect(idsOf(collectorsFor('own', ['power', 'packages']))).toEqual([
      'clock',
      'state-check',
      'properties',
      'packages',
      'power',
    ]);
    expect(idsOf(collectorsFor('own', []))).toEqual(idsOf(alwaysAsked));
    expect(idsOf(collectorsFor('own', idsOf(collectors)))).toEqual(idsOf(collectors));
    expect(collectorsFor('quick', ['power'])).toEqual(collectorsOf('quick'));
  });

  it('brings those whose answers say what a chosen one asks', () => {
    for (const { id, buildsOn = [] } of collectors) {
      const asked = idsOf(collectorsFor('own', [id]));
      for (const other of buildsOn) expect(asked.indexOf(other)).toBeLessThan(asked.indexOf(id));
      for (const other of buildsOn) expect(asked).toContain(other);
    }
    expect(idsOf(collectorsFor('own', ['certificates']))).toEqual([
      'clock',
      'state-check',
      'properties',
      'users',
      'certificates',
    ]);
  });

  it('names what no collector is called', () => {
    expect(unknownCollectors(['packages', 'Packages', '../x', 'power'])).toEqual(['Packages', '../x']);
  });

  it('sends the handset nothing else', async () => {
    const { link, sent } = fakeHandset((command) => ({
      stdout: command.startsWith('date') ? '1707384037123456789\n' : `${command}\n`,
    }));
    const run = await runAcquisition({
      link,
      evidence: fakeEvidence(),
      knowledge,
      profile: 'own',
      only: collectorsFor('own', ['dropbox']),
    });
    expect(run.results.map(({ collector }) => collector)).toEqual([
      'clock',
      'state-check',
      'properties',
      'dropbox',
      'state-check',
      'clock',
    ]);
    expect(sent.filter((one) => one.startsWith('dumpsys'))).toEqual(['dumpsys dropbox --print']);
    expect(run.states).toHaveLength(2);
    expect(run.release).toBeNull();
  });
});

describe('the note of an acquisition that begins', () => {
  it('says what is asked where no named profile says it, and reads back', () => {
    expect(startedNote('A1', {})).toBe('A1');
    expect(readStartedNote('A1')).toEqual({ id: 'A1' });
    const every = { collectors: idsOf(collectors) };
    expect(readStartedNote(startedNote('A12', every))).toEqual({ id: 'A12', ...every });
    const goesOn = { continues: 'A1', collectors: ['clock'] };
    expect(startedNote('A2', goesOn)).toBe('A2; continues A1; asks: clock');
    expect(readStartedNote(startedNote('A2', goesOn))).toEqual({ id: 'A2', ...goesOn });
    const over = { insteadOf: { id: 'A1', because: ['build', 'boot'] as const } };
    expect(readStartedNote(startedNote('A2', over))).toEqual({ id: 'A2', ...over });
  });

  it.each([
    'E001',
    'A1; asks: ',
    'A1; asks: <b>, clock',
    'A1; asks: clock,power',
    `A1; asks: ${Array.from({ length: 101 }, () => 'a').join(', ')}`,
    'A1; asks: clock\nA2',
  ])('is not read out of %j', (note) => {
    expect(readStartedNote(note)).toBeNull();
  });
});
