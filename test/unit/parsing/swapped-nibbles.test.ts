import { describe, expect, it } from 'vitest';
import { normaliseIdentifier } from '../../../main/analysis/identifiers/normalise-identifier.ts';
import { identifiersOfProperty } from '../../../main/parsing/identifier-properties.ts';
import { digitsFromSwappedNibbles } from '../../../main/parsing/identifier-shapes.ts';

// EF_ICCID and the number that belongs to it, of Android's emulator:
// https://android.googlesource.com/device/generic/goldfish/+/cc5ff994/data/etc/iccprofile_for_sim0.xml
const stored = '98683081462002318379';
const printed = '89860318640220133897';

describe('an ICCID as the card stores it', () => {
  it('is put in order, with its filling taken off', () => {
    expect(digitsFromSwappedNibbles(stored)).toBe(printed);
    expect(digitsFromSwappedNibbles('986830814620023183F9')).toBe('8986031864022013389');
    expect(digitsFromSwappedNibbles('986830814620023183f9')).toBe('8986031864022013389');
  });

  it('is nothing else: no number in order, no letters within, no other length', () => {
    for (const text of [printed, '9868308146200231837', `${stored}00`, '98A83081462002318379', '98', '']) {
      expect(digitsFromSwappedNibbles(text), text).toBeNull();
    }
  });

  it('is found in properties, written plainly or in base64, and says how', () => {
    const one = { identifierKind: 'iccid', value: printed };
    expect(identifiersOfProperty('ril.iccid.sim1', stored)).toEqual([
      { ...one, method: 'property ril.iccid.sim1, nibbles swapped' },
    ]);
    expect(identifiersOfProperty('ril.iccid.sim1', btoa(stored))).toEqual([
      { ...one, method: 'property ril.iccid.sim1, base64 decoded, nibbles swapped' },
    ]);
    expect(identifiersOfProperty('ril.iccid.sim1', printed)).toEqual([{ ...one, method: 'property ril.iccid.sim1' }]);
  });

  it('may be typed so, which is said', () => {
    const typed = normaliseIdentifier('iccid', stored, { strict: true });
    expect(typed.ok && typed.value.value).toBe(printed);
    expect(typed.ok && typed.value.warnings).toContain('nibbles-swapped');
  });
});
