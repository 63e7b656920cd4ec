import { describe, expect, it } from 'vitest';
import { packages } from '../../main/acquisition/collectors/packages.ts';
import { properties } from '../../main/acquisition/collectors/properties.ts';
import { runAcquisition } from '../../main/acquisition/run-acquisition.ts';
import { acquisitionKnowledge as knowledge } from '../../main/parsing/acquisition-knowledge.ts';
import { parseExhibit } from '../../main/parsing/parse-exhibit.ts';
import { fakeEvidence } from '../unit/acquisition/fake-handset.ts';
import { deviceLink, fixedDevice, fixedInstant } from './device-link.ts';

const context = { collectedAt: fixedInstant, handsetClock: null };

async function listsOf(persona: string) {
  const evidence = fakeEvidence();
  const run = await runAcquisition({
    link: deviceLink(fixedDevice(persona)),
    evidence,
    knowledge,
    profile: 'own',
    only: [properties, packages],
    now: () => fixedInstant,
  });
  const asked = run.results.flatMap(({ collector, commands }) => (collector === 'packages' ? commands : []));
  const read = (command: string) =>
    evidence.stored.flatMap(({ meta, bytes, outcome }) =>
      meta.command === command && outcome === 'read'
        ? parseExhibit({ collector: 'packages', command, bytes, context }).records.flatMap((one) =>
            one.kind === 'package' ? [one] : [],
          )
        : [],
    );
  return { asked: asked.map(({ command, outcome }) => `${outcome}: ${command}`), gaps: run.gaps, read };
}

describe('the packages of a handset on which the shell may not see one of the users', () => {
  it('are read with UID, installer and version code, of the user named', async () => {
    const { asked, gaps, read } = await listsOf('one-ui-android13');
    expect(asked).toEqual([
      'refused: pm list packages -f -U -i --show-versioncode',
      'read: pm list packages -f -U -i --show-versioncode --user 0',
      'refused: pm list packages -d',
      'read: pm list packages -d --user 0',
      'refused: pm list packages -s',
      'read: pm list packages -s --user 0',
      'refused: pm list packages -3',
      'read: pm list packages -3 --user 0',
    ]);
    expect(gaps).toEqual([]);
    const full = read('pm list packages -f -U -i --show-versioncode --user 0');
    expect(full.length).toBeGreaterThan(10);
    for (const one of full) expect([one.name, one.uid, one.versionCode, one.path]).not.toContain(null);
    expect(full.filter(({ installer }) => installer !== null).length).toBeGreaterThan(0);
    expect(read('pm list packages -3 --user 0').every(({ system }) => system === false)).toBe(true);
    expect(read('pm list packages -d --user 0').every(({ state }) => state === 'disabled')).toBe(true);
  });

  it.each([
    ['pixel-android16', ['read: pm list packages -f -U -i --show-versioncode']],
    ['coloros-android7', ['absent: pm list packages -f -U -i --show-versioncode', 'read: pm list packages -f -i -U']],
    [
      'emui-android6',
      [
        'absent: pm list packages -f -U -i --show-versioncode',
        'absent: pm list packages -f -i -U',
        'read: pm list packages -f -i',
      ],
    ],
  ])('are asked for no longer than before where none is closed: %s', async (persona, ways) => {
    const { asked } = await listsOf(persona);
    const [s, third] = ['-s', '-3'].map((filter) => `read: pm list packages ${filter}`);
    // None is disabled there: an empty list is asked for once more.
    const disabled = ['empty: pm list packages -d', 'empty: pm list packages -d --user 0'];
    expect(asked).toEqual([...ways, ...disabled, s, third]);
  });
});
