import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { createDissector } from '../../../main/dissection/dissector.ts';
import type { CaptureBatch } from '../../../main/workflow/capture-job.ts';
import { secretsFor } from '../../../main/workflow/own-secrets.ts';
import { readCaptures } from '../../../main/workflow/read-captures.ts';
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

describe('secrets that a capture holds behind the packets that they open', () => {
  const late = before(first, secretsBlock(first.keyLog));
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
    const { keyLog, ownSecrets } = await secretsFor([path], [log]);
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
      await secretsFor([path], [log]),
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
    await secretsFor([other], [], count);
    // Before its first block of 512 KiB, and behind it.
    expect(asked).toBe(2);
    expect((await secretsFor([written('stop.pcapng', late)], [], () => true)).ownSecrets?.size).toBe(0);
  });
});
