import { describe, expect, it } from 'vitest';
import { luhnCheckDigit, makeWorld, shortHash } from '../../demo-world/world.ts';

const seeds = [1, 2, 3, 17, 4711, 99_999];
const luhn = (digits: string): boolean => luhnCheckDigit(digits.slice(0, -1)) === digits.at(-1);

describe('the demonstration world', () => {
  it('gives the same world for the same seed, and survives JSON', () => {
    for (const seed of seeds) {
      expect(makeWorld(seed)).toEqual(makeWorld(seed));
      expect(JSON.parse(JSON.stringify(makeWorld(seed)))).toEqual(makeWorld(seed));
    }
  });

  it('changes identifiers, hosts, times and order with the seed', () => {
    const worlds = seeds.map(makeWorld);
    const distinct = (values: string[]): number => new Set(values).size;
    expect(distinct(worlds.map((world) => world.handsets.H1.imei))).toBe(seeds.length);
    expect(distinct(worlds.map((world) => JSON.stringify(world.hosts)))).toBe(seeds.length);
    expect(distinct(worlds.map((world) => world.runs[0]?.startAt ?? ''))).toBe(seeds.length);
    const order = worlds.map((world) => world.runs[0]?.stimuli.map(({ kind }) => kind).join() ?? '');
    expect(distinct(order)).toBeGreaterThan(2);
  });

  it('has identifiers that are valid in form', () => {
    for (const seed of seeds) {
      for (const unit of Object.values(makeWorld(seed).handsets)) {
        expect(unit.imei).toMatch(/^86999\d{10}$/);
        expect(luhn(unit.imei)).toBe(true);
        expect(unit.iccid).toMatch(/^89886(92|97)\d{12}$/);
        expect(luhn(unit.iccid)).toBe(true);
        expect(unit.imsi).toMatch(/^466(92|97)\d{10}$/);
        expect(unit.imsi.slice(0, 5)).toBe(unit.operator);
        expect(unit.msisdn).toMatch(/^\+8869[0-8]\d{7}$/);
        expect(unit.national).toBe(`0${unit.msisdn.slice(4)}`);
        expect(new Set(unit.contacts.map(({ name }) => name)).size).toBe(3);
      }
    }
  });

  it('keeps the order that the story needs', () => {
    for (const seed of seeds) {
      const { runs } = makeWorld(seed);
      expect(runs.map(({ id }) => id)).toEqual(['R1', 'R2', 'R6a', 'R5', 'R6b', 'R3', 'R4']);
      for (const run of runs) {
        const at = [run.startAt, run.bootAt, ...run.stimuli.map((stimulus) => stimulus.at), run.endAt];
        expect([...at].sort()).toEqual(at);
        const when = (kind: string): string => run.stimuli.find((stimulus) => stimulus.kind === kind)?.at ?? '';
        expect(run.canaries[0].at > when('wifi-joined')).toBe(true);
        expect(run.canaries[1].at > (at.at(-2) ?? '')).toBe(true);
        for (const kind of ['sms-sent', 'mms-sent', 'call-made']) {
          if (when(kind) !== '') expect(when(kind) > when('contact-created')).toBe(true);
        }
        expect(run.consentAt).toBe(run.id === 'R4' ? when('messaging-switched-on') : null);
      }
    }
  });

  it('hashes as the maker does (test vectors of the public record)', () => {
    expect(shortHash('490154203237518')).toBe('l6IQUjLsyHVvA6Ap');
    expect(shortHash('490154203237518', true)).toBe('l6IQUjLsyHVvA6ApqDm5fe1ZIH0');
    expect(shortHash(null)).toBe('tlifxqsNyCzxIJnR');
  });
});
