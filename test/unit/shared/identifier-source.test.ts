import { describe, expect, it } from 'vitest';
import { identifiersWithSources } from '../../../main/workflow/identifier-doubts.ts';
import type { CaseReader } from '../../../main/evidence/readers/case-reader.ts';
import type { Identifier } from '../../../shared/model/identifier.ts';
import {
  identifierMethodOf,
  identifierMethods,
  methodReference,
  sourceConfidenceOf,
} from '../../../shared/model/identifier-source.ts';
import { contradictionsOf } from '../../../shared/model/source-contradiction.ts';
import en from '../../../shared/locale/en.json' with { type: 'json' };

const row = (id: string, value: string, source: string, kind: Identifier['kind'] = 'imei'): Identifier => ({
  id,
  handset: 'H1',
  kind,
  value,
  original: value,
  source,
  addedAt: '2026-01-01T00:00:00.000000Z',
  warnings: [],
});

describe('the way by which an identifier was had', () => {
  it.each([
    ['E004', 'service call iphonesubinfo 1 s16 com.android.shell', 'telephony-service'],
    ['E004', 'service call iphonesubinfo 3 i32 1 s16 com.android.shell', 'telephony-slot'],
    ['E004', 'dumpsys isub', 'card-list'],
    ['E004', 'dumpsys iphonesubinfo', 'telephony-dump'],
    ['E004', 'dumpsys wifi', 'wifi-state'],
    ['E004', 'getprop', 'property'],
    ['E004', 'settings list secure', 'setting'],
    ['E004', 'settings --user 11 list secure', 'setting'],
    ['E004', 'content query --uri content://settings/secure', 'setting'],
    ['E004', 'cat /sys/class/net/wlan0/address', 'network-interface'],
    ['E004', 'ip addr show', 'network-interface'],
    ['E004', 'dumpsys account', 'accounts'],
    ['E004', 'content query --uri content://com.android.contacts/data/phones', 'contacts'],
    ['E004', 'dumpsys telephony.registry', 'handset'],
    ['E004', null, 'handset'],
    ['label', null, 'label'],
    ['*#06#', null, 'dialled'],
    ['sim-card', null, 'sim-card'],
    ['invoice', null, 'typed'],
    ['toString', null, 'typed'],
  ] as const)('%s, %s: %s', (source, command, method) => {
    expect(identifierMethodOf(source, command)).toBe(method);
  });

  it('is worth less for some kinds, and each has words and a reference', () => {
    expect(sourceConfidenceOf('telephony-service', 'imei')).toBe('high');
    expect(sourceConfidenceOf('telephony-service', 'msisdn')).toBe('low');
    expect(sourceConfidenceOf('network-interface', 'wifi-mac')).toBe('medium');
    const words: Readonly<Record<string, string>> = en;
    for (const method of identifierMethods) {
      const rests = method === 'typed' || method === 'handset';
      if (rests) expect(methodReference(method)).toBeNull();
      else expect(methodReference(method), method).toMatch(/^https:\/\/|^(?:3GPP|ITU-T) /);
      expect(words[`ui.identifier-method.${method}`], method).toBeTruthy();
      expect(words[`ui.identifier-method-fault.${method}`], method).toMatch(/\.$/);
    }
  });
});

describe('identifiers with their sources', () => {
  const list = (rows: readonly Identifier[]): readonly Identifier[] => {
    const reader = {
      identifiers: () => rows,
      exhibits: () => [{ id: 'E004', origin: { type: 'command', command: 'getprop' } }],
    };
    return identifiersWithSources(reader as unknown as CaseReader);
  };

  it('say the way and what it is worth', () => {
    const [first, second] = list([row('I1', '490154203237518', 'E004'), row('I1', '490154203237518', 'label')]);
    expect(first).toMatchObject({ method: 'property', sourceConfidence: 'medium' });
    expect(second).toMatchObject({ method: 'label', sourceConfidence: 'medium' });
  });

  it('give what they contradict each other in, each value with where it is from', () => {
    const rows = list([
      row('I1', '490154203237518', 'E004'),
      row('I2', '356938035643809', 'label'),
      row('I3', 'serial-1', 'label', 'serial'),
    ]);
    expect(contradictionsOf(rows)).toEqual([
      {
        handset: 'H1',
        kind: 'imei',
        values: [
          { value: '490154203237518', sources: ['E004'] },
          { value: '356938035643809', sources: ['label'] },
        ],
      },
    ]);
    expect(contradictionsOf(list([row('I1', '490154203237518', 'E004')]))).toEqual([]);
  });
});
