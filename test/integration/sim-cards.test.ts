import { describe, expect, it } from 'vitest';
import { identifiers } from '../../main/acquisition/collectors/identifiers.ts';
import { properties } from '../../main/acquisition/collectors/properties.ts';
import { simCards } from '../../main/acquisition/collectors/sim-cards.ts';
import { runAcquisition } from '../../main/acquisition/run-acquisition.ts';
import { acquisitionKnowledge as knowledge } from '../../main/parsing/acquisition-knowledge.ts';
import { parseExhibit } from '../../main/parsing/parse-exhibit.ts';
import { fakeEvidence } from '../unit/acquisition/fake-handset.ts';
import { deviceLink, fixedDevice, fixedInstant } from './device-link.ts';

const call = (code: number, whose: number): string =>
  `service call iphonesubinfo ${code} i32 ${whose} s16 com.android.shell`;

async function cardsOf(persona: string, only = [properties, identifiers, simCards]) {
  const device = fixedDevice(persona);
  const evidence = fakeEvidence();
  const run = await runAcquisition({
    link: deviceLink(device),
    evidence,
    knowledge,
    profile: 'own',
    only,
    now: () => fixedInstant,
  });
  const context = { collectedAt: fixedInstant, handsetClock: null, release: run.release };
  const read = evidence.stored.flatMap(({ meta, bytes, outcome }) =>
    meta.collector === 'sim-cards' && outcome === 'read'
      ? parseExhibit({ collector: 'sim-cards', command: meta.command, bytes, context }).records.flatMap((one) =>
          one.kind === 'identifier' ? [`${one.identifierKind} ${one.value}: ${one.method}`] : [],
        )
      : [],
  );
  const asked = run.results.flatMap(({ collector, commands }) => (collector === 'sim-cards' ? commands : []));
  const gaps = run.gaps.filter(({ collector }) => collector === 'sim-cards');
  return { values: device.values, asked: asked.map(({ command, outcome }) => `${outcome}: ${command}`), gaps, read };
}

describe('a handset with two SIM cards', () => {
  it('is asked about each slot and each card that it says is in one, and what each answer is about is told', async () => {
    const { values, asked, gaps, read } = await cardsOf('funtouch-android8');
    expect(asked).toEqual(
      [
        [3, 0],
        [3, 1],
        [8, 1],
        [8, 2],
        [12, 1],
        [12, 2],
        [14, 1],
        [14, 2],
      ].map(([code = 0, whose = 0]) => `read: ${call(code, whose)}`),
    );
    expect(gaps).toEqual([]);
    const of = (code: number, method: string): string => `service call iphonesubinfo ${code} (${method})`;
    expect(read).toEqual([
      `imei ${String(values['imei'])}: ${of(3, 'getDeviceIdForPhone, slot 0')}`,
      `imei ${String(values['imei2'])}: ${of(3, 'getDeviceIdForPhone, slot 1')}`,
      `imsi ${String(values['imsi'])}: ${of(8, 'getSubscriberIdForSubscriber, subscription 1')}`,
      `imsi ${String(values['imsi2'])}: ${of(8, 'getSubscriberIdForSubscriber, subscription 2')}`,
      `iccid ${String(values['iccid'])}: ${of(12, 'getIccSerialNumberForSubscriber, subscription 1')}`,
      `iccid ${String(values['iccid2'])}: ${of(12, 'getIccSerialNumberForSubscriber, subscription 2')}`,
      `msisdn ${String(values['national'])}: ${of(14, 'getLine1NumberForSubscriber, subscription 1')}`,
      `msisdn ${String(values['msisdn2'])}: ${of(14, 'getLine1NumberForSubscriber, subscription 2')}`,
    ]);
    expect(values['imei2']).not.toBe(values['imei']);
  });

  it('an empty second slot has an IMEI all the same; 14 counts its getters otherwise than 8', async () => {
    const { values, asked, read } = await cardsOf('modern-rooted');
    expect(asked).toEqual(
      [
        [4, 0],
        [4, 1],
        [10, 1],
        [14, 1],
        [16, 1],
      ].map(([code = 0, whose = 0]) => `read: ${call(code, whose)}`),
    );
    expect(read[1]).toBe(`imei ${String(values['imei2'])}: service call iphonesubinfo 4 (getDeviceIdForPhone, slot 1)`);
  });

  it('that does not tell its cards is asked about the first ids; an id without a card is no gap', async () => {
    const { asked, gaps, read } = await cardsOf('funtouch-android8', [properties, simCards]);
    expect(asked).toHaveLength(2 + 3 * 4);
    expect(asked.filter((one) => one.startsWith('empty: '))).toHaveLength(3 * 2);
    expect(read).toHaveLength(8);
    expect(gaps).toEqual([]);
  });

  it('that refuses is asked once for each permission, not for each slot and card', async () => {
    const { asked, gaps } = await cardsOf('modern-locked');
    expect(asked).toEqual([call(4, 0), call(10, 1), call(16, 1)].map((one) => `refused: ${one}`));
    expect(gaps).toHaveLength(3);
  });

  it('has no such getters before 5.1', async () => {
    expect((await cardsOf('founding-before')).asked).toEqual([]);
  });
});
