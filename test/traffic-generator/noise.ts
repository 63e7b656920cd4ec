import { createHash } from 'node:crypto';
import type { Random } from '../demo-world/random.ts';
import { luhnCheckDigit } from '../demo-world/identities.ts';
import type { HandsetIdentity, World } from '../demo-world/world.ts';

/** Every value of the world that noise must not hold by accident, of all handsets. */
export function identifiersOf(world: World): string[] {
  return Object.values(world.handsets).flatMap((one: HandsetIdentity) => [
    one.imei,
    one.imsi,
    one.iccid,
    one.msisdn,
    one.androidId,
    one.androidIdAfterReset,
    one.serial,
    one.wifiMac,
    one.bluetoothMac,
    one.miAccountId,
    one.smsSender.msisdn,
    ...one.contacts.flatMap(({ msisdn, name }) => [msisdn, name]),
  ]);
}

/** Texts that give a value away: itself, without separators or country, in base64, and its usual digests. */
function traces(value: string): string[] {
  const forms = [
    value,
    value.replace(/^\+886/, ''),
    value.replace(/^\+886/, '0'),
    value.replaceAll(':', ''),
    value.replace(/^\+/, ''),
  ];
  return [...new Set(forms)].flatMap((form) => [
    form,
    Buffer.from(form).toString('hex'),
    // Without its last group, which depends on what follows.
    ...[0, 1, 2].map((skip) => Buffer.from(form.slice(skip)).toString('base64').replace(/=+$/, '').slice(0, -2)),
    ...['md5', 'sha1', 'sha256'].flatMap((name) => {
      const digest = createHash(name).update(form).digest();
      return [
        digest.toString('hex').slice(0, 16),
        digest.toString('base64').slice(0, 12),
        digest.toString('base64url').slice(0, 12),
      ];
    }),
  ]);
}

/** Text with digits, hexadecimal and base64 in it, as ordinary traffic has, and none of the world's identifiers in any form. */
export interface Noise {
  readonly random: Random;
  json(entries: number): string;
  html(paragraphs: number): string;
  bytes(count: number): Buffer;
  token(): string;
  /** Throws when a text of ours holds an identifier: an innocent message must be innocent. */
  assertInnocent(text: string | Buffer): void;
}

/** Shorter traces (a serial's last letters) are left to chance: they would stand in any text. */
const traceStart = 7;

const words =
  'rain sunny cloudy train platform garden museum recipe noodle harbour market concert library bridge tea'.split(' ');

export function makeNoise(world: World, random: Random): Noise {
  const byStart = new Map<string, string[]>();
  for (const trace of new Set(identifiersOf(world).flatMap(traces))) {
    if (trace.length < traceStart) continue;
    const folded = trace.toLowerCase();
    const key = folded.slice(0, traceStart);
    byStart.set(key, [...(byStart.get(key) ?? []), folded]);
  }
  const holds = (text: string): string | undefined => {
    const folded = text.toLowerCase();
    for (let at = 0; at + traceStart <= folded.length; at += 1) {
      const found = byStart.get(folded.slice(at, at + traceStart))?.find((trace) => folded.startsWith(trace, at));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const clean = (draw: () => string): string => {
    for (;;) {
      const text = draw();
      if (holds(text) === undefined) return text;
    }
  };
  const bytes = (count: number): Buffer => Buffer.from(Array.from({ length: count }, () => random.between(0, 255)));
  const value = (): string => {
    const body = `35${random.digits(12)}`;
    return random.pick([
      () => `${body}${luhnCheckDigit(body)}`,
      () => random.hex(32),
      () => random.hex(16),
      () => bytes(random.between(9, 30)).toString('base64'),
      () => bytes(12).toString('base64url'),
      () => `09${random.digits(8)}`,
      () => `46692${random.digits(10)}`,
      () => `${random.pick(words)} ${random.pick(words)} ${random.between(1, 999)}`,
      () => createHash('sha1').update(random.hex(8)).digest('hex'),
    ])();
  };
  return {
    random,
    bytes,
    token: () => clean(() => random.hex(24)),
    json: (entries) =>
      clean(() =>
        JSON.stringify(
          Object.fromEntries(Array.from({ length: entries }, (_, n) => [`${random.pick(words)}${n}`, value()])),
        ),
      ),
    html: (paragraphs) =>
      clean(() => {
        const line = (): string => Array.from({ length: 18 }, () => random.pick(words)).join(' ');
        const blocks = Array.from(
          { length: paragraphs },
          (_, n) => `<p id="p${n}" data-ref="${value()}">${line()} ${value()}</p>`,
        );
        return `<!DOCTYPE html><html><head><title>${random.pick(words)}</title></head><body>\n${blocks.join('\n')}\n</body></html>\n`;
      }),
    assertInnocent: (text) => {
      const found = holds(typeof text === 'string' ? text : text.toString('latin1'));
      if (found !== undefined) throw new Error(`innocent traffic holds an identifier's trace: ${found}`);
    },
  };
}
