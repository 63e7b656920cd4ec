import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { createDissector } from '../../../main/dissection/dissector.ts';
import type { CaptureBatch } from '../../../main/workflow/capture-job.ts';
import { secretsFor } from '../../../main/workflow/own-secrets.ts';
import { maxPlaces } from '../../../main/workflow/own-secrets-note.ts';
import type { SecretsPlace, SecretsPlaces } from '../../../main/workflow/own-secrets-note.ts';
import { readCaptures } from '../../../main/workflow/read-captures.ts';
import type { CaptureStep } from '../../../main/workflow/read-captures.ts';
import { patternsOf } from '../analysis/feeding.ts';
import { EXCHANGES, type Exchange, IMEI, packetsOf } from '../dissection/keylog/tls-exchanges.ts';
import { block, pcap, PcapngBuilder } from '../dissection/packet-builder.ts';

const folder = mkdtempSync(join(tmpdir(), 'own-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [first, second] = EXCHANGES as readonly [Exchange, Exchange];

const written = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const secretsBlock = (keyLog: string, type = 0x544c534b): Buffer => {
  const file = new PcapngBuilder();
  const text = Buffer.from(keyLog);
  const padding = Buffer.alloc((4 - (text.length % 4)) % 4);
  return block(10, Buffer.concat([file.w32(type), file.w32(text.length), text, padding]), true);
};
/** The packets of an exchange, and behind them `last`. */
const before = (one: Exchange, last: Buffer): Buffer => {
  const file = new PcapngBuilder().section().interface(1);
  packetsOf(one).forEach((packet, i) => file.enhanced(0, BigInt(i), packet));
  return file.raw(last).bytes();
};

interface Told {
  readonly rows: CaptureBatch[][];
  readonly faults: string[][];
}

async function read(captures: readonly (readonly string[])[], workers: number, keyLogs: string[] = []): Promise<Told> {
  const told: Told = { rows: captures.map(() => []), faults: captures.map(() => []) };
  await readCaptures(
    captures.map((paths) => ({ paths, bytes: statSync(paths[0] ?? '').size, keyLogs })),
    patternsOf(),
    workers,
    {
      onBatch: (input, batch) => told.rows[input]?.push(batch),
      onDone: (input, { summary }) => told.faults[input]?.push(...summary.faults.map(({ code }) => code)),
      onFile: () => undefined,
      onProgress: () => undefined,
    },
    new AbortController().signal,
  );
  return told;
}
const hitsOf = (batches: readonly CaptureBatch[] | undefined) =>
  (batches ?? []).flatMap(({ hits }) => hits.map(({ kind, decodings }) => ({ kind, decodings })));

const late = before(first, secretsBlock(first.keyLog));

describe('secrets that a capture holds behind the packets that they open', () => {
  const opened = [{ kind: 'imei', decodings: ['tls-keylog'] }];

  it('open them, with one worker and with several, compressed or not', async () => {
    const paths = [
      written('late.pcapng', late),
      written('late.pcapng.gz', gzipSync(late)),
      written('bare.pcapng', before(second, Buffer.alloc(0))),
    ];
    const alone = await read(
      paths.map((path) => [path]),
      1,
    );
    expect(alone.rows.map(hitsOf)).toEqual([opened, opened, []]);
    expect(alone.faults).toEqual([[], [], []]);
    expect(
      await read(
        paths.map((path) => [path]),
        4,
      ),
    ).toEqual(alone);
  });

  it('open those of an earlier file of the same capture', async () => {
    const parts = [
      written('part-1.pcap', pcap(packetsOf(first))),
      written('part-2.pcapng', before(second, secretsBlock(first.keyLog))),
    ];
    expect(hitsOf((await read([parts], 1)).rows[0])).toEqual(opened);
  });

  it('are found behind damage', async () => {
    const damaged = before(first, Buffer.concat([Buffer.alloc(400, 0xee), secretsBlock(first.keyLog)]));
    const { rows, faults } = await read([[written('damaged.pcapng', damaged)]], 1);
    expect(hitsOf(rows[0])).toEqual(opened);
    expect(faults[0]).toContain('passed-over');
  });

  it('are added to a key log, and counted once', async () => {
    const log = written('other.keys', Buffer.from(second.keyLog));
    const path = written('with-log.pcapng', late);
    const { keyLog, ownSecrets } = (await secretsFor([path], [log])).options;
    const lines = (one: Exchange): number =>
      one.keyLog.split('\n').filter((l) => /^(CLIENT_R|[CS]\w+_TRAFFIC)/.test(l)).length;
    expect(ownSecrets).toBe(keyLog);
    expect(keyLog?.size).toBe(lines(first) + lines(second));
    const found: string[] = [];
    const dissector = createDissector(
      {
        run: ({ bytes, start, end, decodings }) => {
          if (Buffer.from(bytes.subarray(start, end)).includes(IMEI)) found.push(decodings.join());
        },
        endSequence: () => undefined,
        message: () => undefined,
        flow: () => undefined,
      },
      (await secretsFor([path], [log])).options,
    );
    dissector.push(late);
    expect(dissector.finish().faults).toEqual([]);
    expect(found).toEqual(['tls-keylog']);
  });

  it('say that a key log given with them opened nothing only where none of both did', async () => {
    const log = written('none.keys', Buffer.from(second.keyLog));
    const bare = written('none.pcapng', before(first, secretsBlock('CLIENT_RANDOM 00 11', 0x57474b4c)));
    expect((await read([[bare]], 1, [log])).faults[0]).toEqual(['secrets-present', 'key-log-unused']);
  });

  it('are looked for in a pcapng only, and no longer than is wanted', async () => {
    const packets = Array.from({ length: 1000 }, () => Buffer.alloc(1400));
    const other = written('long.pcap', pcap(packets));
    let asked = 0;
    const count = (): boolean => (asked += 1) < 0;
    await secretsFor([other], [], { cancelled: count });
    // Before its first block of 512 KiB, and behind it.
    expect(asked).toBe(2);
    const stopped = await secretsFor([written('stop.pcapng', late)], [], { cancelled: () => true });
    expect(stopped.options.ownSecrets?.size).toBe(0);
    const known = [[{ offset: late.indexOf(first.keyLog), length: first.keyLog.length }]];
    for (const [cancelled, size] of [
      [() => true, 0],
      [() => false, (await secretsFor([written('go.pcapng', late)], [])).options.ownSecrets?.size],
    ] as const)
      expect((await secretsFor([written('go.pcapng', late)], [], { known, cancelled })).options.ownSecrets?.size).toBe(
        size,
      );
  });
});

describe('what was learned of a capture’s own secrets', () => {
  const [one, two] = [secretsBlock(first.keyLog), secretsBlock(second.keyLog)];
  const both = before(first, Buffer.concat([one, secretsBlock('any', 0x57474b4c), two]));
  const placesOf = (bytes: Buffer, ...texts: string[]): SecretsPlace[] =>
    texts.map((text) => ({ offset: bytes.indexOf(text), length: text.length }));
  const sizeOf = async (path: string, known: SecretsPlaces): Promise<number | undefined> =>
    (await secretsFor([path], [], { known: [known] })).options.ownSecrets?.size;

  it('is where they stand in each file, compression undone', async () => {
    const expected = placesOf(both, first.keyLog, second.keyLog);
    expect(expected.every(({ offset }) => offset > 0)).toBe(true);
    const damaged = before(first, Buffer.concat([Buffer.alloc(400, 0xee), two]));
    // Its two lengths differ: which is right shows where the file ends.
    const doubtful = Buffer.from(late);
    doubtful.writeUInt32LE(0xeeeeeeee, doubtful.length - 4);
    const { places } = await secretsFor(
      [
        written('doubtful.pcapng', doubtful),
        written('both.pcapng', both),
        written('both.pcapng.gz', gzipSync(both)),
        written('no.pcap', pcap(packetsOf(first))),
        written('no.pcapng', before(first, Buffer.alloc(0))),
        written('hurt.pcapng', damaged),
      ],
      [],
    );
    expect(places).toEqual([
      placesOf(doubtful, first.keyLog),
      expected,
      expected,
      [],
      [],
      placesOf(damaged, second.keyLog),
    ]);
  });

  it('is enough to take them without reading the capture again', async () => {
    const [plain, packed] = [written('known.pcapng', both), written('known.pcapng.gz', gzipSync(both))];
    const all = placesOf(both, first.keyLog, second.keyLog);
    const whole = await sizeOf(plain, null);
    const firstOnly = await sizeOf(written('first.pcapng', before(first, one)), null);
    expect(whole).toBeGreaterThan(firstOnly ?? 0);
    for (const path of [plain, packed]) {
      expect(await sizeOf(path, all)).toBe(whole);
      // Nothing but what is known is looked at: of the packed one, what stands up to there.
      expect(await sizeOf(path, [])).toBe(0);
    }
    expect(await sizeOf(plain, all.slice(0, 1))).toBe(firstOnly);
    const far = [secretsBlock(first.keyLog), block(0x0bad, Buffer.alloc(8_000_000), true), two];
    const long = before(first, Buffer.concat(far));
    expect(await sizeOf(written('far.pcapng.gz', gzipSync(long)), placesOf(long, first.keyLog))).toBe(firstOnly);
    // A place behind the end holds nothing.
    expect(await sizeOf(plain, [{ offset: both.length + 5, length: 2 ** 40 }])).toBe(0);
  });

  it('is enough for a block that is long, and for one whose last line has no end', async () => {
    const [unended, other] = [first.keyLog.trimEnd(), second.keyLog.trimEnd()];
    const long = `${'# '.padEnd(400, 'x')}\n`.repeat(6000) + other;
    const path = written(
      'unended.pcapng',
      before(first, Buffer.concat([unended, long].map((one) => secretsBlock(one)))),
    );
    const looked = await secretsFor([path], []);
    const taken = await secretsFor([path], [], { known: looked.places });
    expect(looked.options.ownSecrets?.size).toBe(await sizeOf(path, null));
    expect(taken.options.ownSecrets?.counts).toEqual(looked.options.ownSecrets?.counts);
    expect(taken.options.ownSecrets?.counts.malformed).toBe(0);
    expect(taken.options.ownSecrets?.size).toBe(await sizeOf(written('two.pcapng', both), null));
  });

  it('is bounded: of a file with more blocks it is that it has to be read', async () => {
    const line = (n: number): string => `CLIENT_RANDOM ${n.toString(16).padStart(64, '0')} ${'ab'.repeat(48)}\n`;
    const withBlocks = (count: number): string =>
      written(
        `${count}.pcapng`,
        before(first, Buffer.concat(Array.from({ length: count }, (_, n) => secretsBlock(line(n))))),
      );
    const at = await secretsFor([withBlocks(maxPlaces), withBlocks(maxPlaces + 1)], []);
    expect(at.places[0]).toHaveLength(maxPlaces);
    expect(at.places[1]).toBeNull();
    expect(await sizeOf(withBlocks(maxPlaces + 1), null)).toBe(maxPlaces + 1);
    expect(await sizeOf(withBlocks(maxPlaces), at.places[0] ?? null)).toBe(maxPlaces);
  });
});

describe('progress of looking for secrets', () => {
  const filler = block(0x0bad, Buffer.alloc(12 * 1024 * 1024), true);
  const long = before(first, Buffer.concat([filler, filler, filler, secretsBlock(first.keyLog)]));
  const paths = [written('long-1.pcapng', long), written('long-2.pcapng', long)];

  it('is told of a look that lasts, over all files, and of no other', async () => {
    const told: number[] = [];
    const onProgress = (bytes: number): void => void told.push(bytes);
    const short = written('short.pcapng', late);
    await secretsFor([short, written('wide.pcap', pcap([Buffer.alloc(1400)]))], [], { onProgress });
    expect(told).toEqual([]);
    await secretsFor([short, ...paths], [], { onProgress });
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told[0]).toBeGreaterThanOrEqual(32 * 1024 * 1024);
    expect(told.at(-1)).toBe(late.length + 2 * long.length);
  });

  it.each([1, 2])('is a step of its own in an analysis, with %i workers', async (workers) => {
    const steps: Record<CaptureStep, number[]> = { 'own-secrets': [], captures: [] };
    await readCaptures(
      inputs,
      patternsOf(),
      workers,
      { ...output, onProgress: (n, step) => void steps[step].push(n) },
      never,
    );
    for (const told of Object.values(steps)) {
      expect(told.length).toBeGreaterThan(0);
      expect(told).toEqual(told.toSorted((a, b) => a - b));
      expect(told.at(-1)).toBeLessThanOrEqual(2 * long.length);
    }
    expect(steps.captures.at(-1)).toBe(2 * long.length);
  });

  it('is never of more than the capture was said to have', async () => {
    const told: number[] = [];
    const onProgress = (n: number, step: CaptureStep): void => void (step === 'own-secrets' && told.push(n));
    const said = [{ paths: paths.slice(0, 1), bytes: 1000, keyLogs: [] }];
    await readCaptures(said, patternsOf(), 1, { ...output, onProgress }, never);
    expect(new Set(told)).toEqual(new Set([1000]));
  });

  it('can be ended', async () => {
    const stop = new AbortController();
    const steps: CaptureStep[] = [];
    const onProgress = (_bytes: number, step: CaptureStep): void => {
      steps.push(step);
      stop.abort();
    };
    const onDone = (): void => expect.unreachable('it was ended');
    await readCaptures(inputs, patternsOf(), 1, { ...output, onProgress, onDone }, stop.signal);
    expect(steps).toEqual(['own-secrets']);
  });

  const inputs = paths.map((path) => ({ paths: [path], bytes: long.length, keyLogs: [] }));
  const output = { onBatch: () => undefined, onDone: () => undefined, onFile: () => undefined };
  const never = new AbortController().signal;
});
