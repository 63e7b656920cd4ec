import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CaptureFile } from '../../../main/dissection/capture-file.ts';
import { block, PcapngBuilder } from '../../unit/dissection/packet-builder.ts';

const RUNS = process.env['HANDSIGHT_TIER'] === 'full' ? 5000 : 300;

interface Found {
  readonly secrets: { readonly type: number; readonly text: string; readonly offset: number }[];
  /** What is told of the frame of the blocks, and of nothing inside them. */
  readonly faults: string[];
  packets: number;
}
const ofFrame = /^(bad-block-length|bad-magic|bad-version|passed-over|cut-in-record|cap-secrets|empty-file)/;

function read(file: Buffer, pieces: readonly number[], secretsOnly: boolean): Found {
  const found: Found = { secrets: [], faults: [], packets: 0 };
  const reader = new CaptureFile({
    secretsOnly,
    packet: () => (found.packets += 1),
    numberedRecord: () => undefined,
    secrets: (type, bytes, offset) => found.secrets.push({ type, text: Buffer.from(bytes).toString('hex'), offset }),
    fileFault: (code, detail, offset) => found.faults.push(`${code} ${offset} ${detail}`),
  });
  let at = 0;
  for (let n = 0; at < file.length; n += 1) {
    const piece = pieces[n % pieces.length] ?? file.length;
    reader.push(file.subarray(at, at + piece));
    at += piece;
  }
  reader.finish();
  return found;
}

const kinds = ['enhanced', 'simple', 'obsolete', 'secrets', 'interface', 'custom', 'unknown', 'section'] as const;
const oneBlock = fc.record({
  kind: fc.constantFrom(...kinds),
  little: fc.boolean(),
  payload: fc.oneof(
    { weight: 8, arbitrary: fc.uint8Array({ maxLength: 90 }) },
    // Long enough to be cut by the blocks in which the file comes.
    { weight: 1, arbitrary: fc.nat(3000).map((length) => new Uint8Array(length).fill(10)) },
  ),
  /** Which interface a packet names, and what a secrets block says of its length. */
  lie: fc.integer({ min: -3, max: 9 }),
});

function capture(blocks: readonly (typeof oneBlock extends fc.Arbitrary<infer T> ? T : never)[]): Buffer {
  let little = blocks[0]?.little ?? true;
  const parts: Buffer[] = [new PcapngBuilder(little).section().interface(1).bytes()];
  for (const { kind, payload, lie, little: next } of blocks) {
    if (kind === 'section') little = next;
    const file = new PcapngBuilder(little);
    const bytes = Buffer.from(payload);
    if (kind === 'enhanced') file.enhanced(Math.max(0, lie - 7), 5n, bytes);
    else if (kind === 'simple') file.simple(bytes);
    else if (kind === 'obsolete') file.obsolete(Math.max(0, lie - 7), 5n, bytes);
    else if (kind === 'interface') file.interface(1);
    else if (kind === 'section') file.section();
    else if (kind === 'secrets') {
      const said = Math.max(0, bytes.length + Math.min(lie, 0));
      file.raw(block(10, Buffer.concat([file.w32(0x544c534b), file.w32(lie > 8 ? 9999 : said), bytes]), little));
    } else file.raw(block(kind === 'custom' ? 0x0bad : 0x7777, bytes, little));
    parts.push(file.bytes());
  }
  return Buffer.concat(parts);
}

type Damage = { readonly how: 'flip' | 'cut' | 'insert' | 'end'; readonly where: number; readonly byte: number };
const damage: fc.Arbitrary<Damage> = fc.record({
  how: fc.constantFrom('flip', 'cut', 'insert', 'end'),
  where: fc.nat(1_000_000),
  byte: fc.nat(255),
});

function hurt(file: Buffer, { how, where, byte }: Damage): Buffer {
  // The first section header stays: without it nothing is read.
  const at = 28 + (where % Math.max(1, file.length - 28));
  if (how === 'flip') return Buffer.concat([file.subarray(0, at), Buffer.from([byte]), file.subarray(at + 1)]);
  if (how === 'cut') return Buffer.concat([file.subarray(0, at), file.subarray(at + 1 + (byte % 40))]);
  if (how === 'insert')
    return Buffer.concat([file.subarray(0, at), Buffer.alloc(1 + (byte % 40), byte), file.subarray(at)]);
  return file.subarray(0, at);
}

it('a reading for secrets alone finds those of the whole reading, whatever is damaged and however the file comes in', () => {
  let secrets = 0;
  let faults = 0;
  let packets = 0;
  fc.assert(
    fc.property(
      fc.array(oneBlock, { minLength: 1, maxLength: 30 }),
      fc.array(damage, { maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 }),
      (blocks, damages, pieces) => {
        const file = damages.reduce(hurt, capture(blocks));
        const whole = read(file, [file.length], false);
        const alone = read(file, pieces, true);
        expect(alone.secrets).toEqual(whole.secrets);
        expect(alone.faults.filter((one) => ofFrame.test(one))).toEqual(
          whole.faults.filter((one) => ofFrame.test(one)),
        );
        expect(alone.packets).toBe(0);
        for (const { text, offset } of whole.secrets)
          expect(file.subarray(offset, offset + text.length / 2).toString('hex')).toBe(text);
        secrets += whole.secrets.length;
        faults += whole.faults.filter((one) => one.startsWith('passed-over')).length;
        packets += whole.packets;
      },
    ),
    { numRuns: RUNS, seed: 20_140_807 },
  );
  // It met what it is about.
  expect(Math.min(secrets, faults, packets)).toBeGreaterThan(50);
});
