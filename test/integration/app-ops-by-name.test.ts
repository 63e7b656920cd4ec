import { describe, expect, it } from 'vitest';
import { appOps } from '../../main/acquisition/collectors/app-ops.ts';
import { packages } from '../../main/acquisition/collectors/packages.ts';
import { properties } from '../../main/acquisition/collectors/properties.ts';
import { runAcquisition } from '../../main/acquisition/run-acquisition.ts';
import { acquisitionKnowledge as knowledge } from '../../main/parsing/acquisition-knowledge.ts';
import { parseExhibit } from '../../main/parsing/parse-exhibit.ts';
import { fakeEvidence } from '../unit/acquisition/fake-handset.ts';
import { deviceLink, fixedDevice, fixedInstant } from './device-link.ts';

const refusal = "Permission Denial: can't dump ApOps service\n";
const context = { collectedAt: fixedInstant, handsetClock: null };

/** What the persona's apps may do, as the records say; the dump refused or not. */
async function opsOf(persona: string, isRefused: boolean): Promise<{ readonly ops: string[]; readonly gaps: number }> {
  const link = deviceLink(fixedDevice(persona));
  const evidence = fakeEvidence();
  const run: typeof link.run = async (command, options) => {
    if (!isRefused || command !== 'dumpsys appops') return link.run(command, options);
    const answer = await link.run('true', options);
    return answer.ok ? { ok: true, value: { ...answer.value, stdout: Buffer.from(refusal) } } : answer;
  };
  const outcome = await runAcquisition({
    link: { ...link, run },
    evidence,
    knowledge,
    profile: 'own',
    only: [properties, packages, appOps],
    now: () => fixedInstant,
  });
  const ops = evidence.stored.flatMap(({ meta, bytes, outcome: kept }) => {
    if (meta.collector !== 'app-ops' || kept !== 'read' || meta.origin.type !== 'command') return [];
    const { command, stream } = meta.origin;
    const { records, unparsedCount, limits } = parseExhibit({ collector: 'app-ops', command, bytes, context, stream });
    expect([command, unparsedCount, limits]).toEqual([command, 0, []]);
    return records.flatMap((one) => (one.kind === 'app-op' ? [`${one.package} ${one.op} ${one.mode}`] : []));
  });
  return { ops: ops.sort(), gaps: outcome.gaps.length };
}

describe('what apps may do, asked of each app by its name', () => {
  it.each(['touchwiz-android5', 'coloros-android7', 'one-ui-android13', 'pixel-android16'])(
    'is what the dump of all of them says: %s',
    async (persona) => {
      const dumped = await opsOf(persona, false);
      const named = await opsOf(persona, true);
      expect(dumped.ops.length).toBeGreaterThan(0);
      expect(named).toEqual({ ops: dumped.ops, gaps: 0 });
    },
  );

  it('before 5 there is no such tool: the refusal stays a gap', async () => {
    expect(await opsOf('founding-before', true)).toEqual({ ops: [], gaps: 1 });
  });
});
