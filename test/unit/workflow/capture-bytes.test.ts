import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCaptureBytes } from '../../../main/workflow/capture-bytes.ts';
import { dns, pcap, udp } from '../dissection/packet-builder.ts';

const CAPTURE = pcap([1, 2, 3].map((i) => udp(40_000 + i, 53, dns(`n${i}.example`, 1))));
/** CAPTURE as `zstd -19` writes it. */
const ZSTD = Buffer.from(
  'KLUv/WQaAG0DAHJGFR+QTWP/CDxYk2qfEbuj85PKYTgCIAsMcPazmYQgf8sUzDSUiwSg+762eVz2aYPS1f/f3+b4ZOcIvOqj8MUb0O/PUxP1v+5/rf6x00L+/TQ9uIYiaQYJIJDbHIfQ1ybOLC2EoZFxnRx4axyaQh6l',
  'base64',
);
/** A skippable frame (RFC 8878, section 3.1.2) of three bytes. */
const SKIPPABLE = Buffer.from('5a2a4d1803000000aabbcc', 'hex');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'capture-bytes-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(bytes: Uint8Array, o: { readonly stopAfter?: number; readonly hash?: true } = {}) {
  const path = join(folder, 'file');
  writeFileSync(path, bytes);
  const blocks: Buffer[] = [];
  const hash = createHash('sha256');
  let fileBytes = 0;
  let stopped = false;
  const result = await readCaptureBytes(path, {
    onFileBytes: (block) => (fileBytes += block.length) > 0,
    onBlock: (block) => {
      if (o.hash === true) hash.update(block);
      if (blocks.length < 64) blocks.push(Buffer.from(block.subarray(0, 4096)));
      stopped = blocks.length >= (o.stopAfter ?? Number.POSITIVE_INFINITY);
    },
    onProgress: () => undefined,
    cancelled: () => stopped,
  });
  return { ...result, blocks, sha256: hash.digest('hex'), seen: fileBytes };
}

it('hears of other things while it reads: with compression after each block, without after some of them', async () => {
  const path = join(folder, 'long');
  for (const [file, atMost] of [
    [Buffer.alloc(6 * 1024 * 1024, 'p'), 6],
    [gzipSync(randomBytes(2 * 1024 * 1024)), 1],
  ] as const) {
    writeFileSync(path, file);
    let [blocks, turns, longest] = [0, 0, 0];
    const turn = (): void => {
      turns += 1;
      blocks = 0;
      turning = setImmediate(turn);
    };
    let turning = setImmediate(turn);
    await readCaptureBytes(path, {
      onFileBytes: () => (longest = Math.max(longest, ++blocks)) > 0,
      onBlock: () => undefined,
      onProgress: () => undefined,
      cancelled: () => false,
    });
    clearImmediate(turning);
    expect(turns).toBeGreaterThan(1);
    expect(longest).toBeLessThanOrEqual(atMost);
  }
});

describe('what lies around a capture', () => {
  it.each([
    ['nothing', CAPTURE, null],
    ['gzip', gzipSync(CAPTURE), 'gzip'],
    ['two gzip members', Buffer.concat([gzipSync(CAPTURE.subarray(0, 50)), gzipSync(CAPTURE.subarray(50))]), 'gzip'],
    ['gzip padded with zeros', Buffer.concat([gzipSync(CAPTURE), Buffer.alloc(512)]), 'gzip'],
    ['zstd', ZSTD, 'zstd'],
    ['zstd after a skippable frame, with another behind', Buffer.concat([SKIPPABLE, ZSTD, SKIPPABLE]), 'zstd'],
  ])('%s is undone', async (_, file, compression) => {
    const got = await read(file);
    expect(Buffer.concat(got.blocks).equals(CAPTURE)).toBe(true);
    expect(got).toMatchObject({
      compression,
      compressionFault: null,
      fileBytes: file.length,
      seen: file.length,
      captureBytes: CAPTURE.length,
    });
  });

  it.each([
    ['gzip', gzipSync(CAPTURE).subarray(0, -9)],
    ['zstd', ZSTD.subarray(0, -9)],
  ])('%s that ends too early is said, and the whole file is still handed on', async (code, file) => {
    const got = await read(file);
    expect(got).toMatchObject({ compression: code, compressionFault: { code }, seen: file.length });
  });

  describe('a fault in gzip takes nothing of what was inflated before it', () => {
    // Small, and so large that slices, blocks and zlib's own output pieces end in the middle of it.
    const contents = [
      CAPTURE,
      Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * 2_654_435_761) >>> (i % 23))),
    ];
    const faults: readonly (readonly [string, (content: Buffer) => Buffer, RegExp])[] = [
      ['a wrong checksum', (content) => changed(gzipSync(content), -8), /incorrect data check .*first \d+ bytes/],
      ['a wrong length', (content) => changed(gzipSync(content), -1), /incorrect length check/],
      [
        'bytes after the member',
        (content) => Buffer.concat([gzipSync(content), Buffer.from('nine byte')]),
        /after the/,
      ],
      ['bytes after padding', (content) => Buffer.concat([gzipSync(content), Buffer.alloc(9), CAPTURE]), /after the/],
      [
        'a member after padding',
        (content) => Buffer.concat([gzipSync(content), Buffer.alloc(70_000), gzipSync(CAPTURE)]),
        /after the/,
      ],
      ['a missing trailer', (content) => gzipSync(content).subarray(0, -8), /unexpected end/],
      ['a block of no kind', (content) => Buffer.concat([begun(content), Buffer.from([7])]), /invalid block type/],
    ];

    /** A member with its content whole but no last block. */
    function begun(content: Buffer): Buffer {
      const header = Buffer.from('1f8b0800000000000003', 'hex');
      return Buffer.concat([header, deflateRawSync(content, { finishFlush: constants.Z_SYNC_FLUSH })]);
    }

    function changed(file: Buffer, at: number): Buffer {
      file.writeUInt8((file.at(at) ?? 0) ^ 0xff, file.length + at);
      return file;
    }

    it.each(faults)('%s', async (_, make, detail) => {
      for (const content of contents) {
        const file = make(content);
        const got = await read(file, { hash: true });
        expect(got.captureBytes).toBe(content.length);
        expect(got.sha256).toBe(createHash('sha256').update(content).digest('hex'));
        expect(got).toMatchObject({ compression: 'gzip', compressionFault: { code: 'gzip' }, seen: file.length });
        expect(got.compressionFault?.detail).toMatch(detail);
      }
    });

    it('that is no gzip from its third byte on is that, not something after one', async () => {
      const got = await read(Buffer.from('1f8b0099999999', 'hex'));
      expect(got.compressionFault?.detail).toMatch(/unknown compression method .*first 4 bytes/);
    });
  });

  it('keeps what came before damage in zstd', async () => {
    const got = await read(
      Buffer.concat([ZSTD, Buffer.from('28b52ffd24ff0000ffffff', 'hex'), Buffer.alloc(5_000_000, 7)]),
    );
    expect(Buffer.concat(got.blocks).equals(CAPTURE)).toBe(true);
    expect(got.compressionFault?.code).toBe('zstd');
    expect(got.seen).toBe(got.fileBytes);
  });

  it('refuses a window that would fill the memory', async () => {
    // RFC 8878, section 3.1.1.1.2: exponent 21 is 2 GiB.
    const got = await read(Buffer.concat([Buffer.from('28b52ffd00a8', 'hex'), Buffer.from('0100004d', 'hex')]));
    expect(got).toMatchObject({
      captureBytes: 0,
      compressionFault: { code: 'zstd', detail: expect.stringContaining('memory') as string },
    });
  });

  it('hears that it is cancelled in the middle of a file that grows 32,768-fold', async () => {
    // Blocks that repeat one byte 128 KiB times: four bytes each.
    const block = Buffer.from('02001000', 'hex');
    const bomb = Buffer.concat([Buffer.from('28b52ffd0058', 'hex'), ...Array<Buffer>(20_000).fill(block)]);
    const got = await read(bomb, { stopAfter: 3 });
    expect(got.blocks).toHaveLength(3);
    expect(got).toMatchObject({ captureBytes: 3 * 131_072, compressionFault: null });
  });

  it('stops at the limit of a file that grows without end, and says so', { timeout: 60_000 }, async () => {
    const block = Buffer.from('02001000', 'hex');
    const bomb = Buffer.concat([Buffer.from('28b52ffd0058', 'hex'), ...Array<Buffer>(40_000).fill(block)]);
    const got = await read(bomb);
    expect(got.compressionFault?.code).toBe('cap-unpacked');
    expect(got.captureBytes).toBeLessThan(4 * 1024 ** 3 + bomb.length * 1032);
    expect(got.captureBytes).toBeGreaterThan(4 * 1024 ** 3 - 1);
  });
});
