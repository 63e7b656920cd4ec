import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createDissector, type Dissector } from '../../../main/dissection/dissector.ts';
import { ENDLESS } from '../../fuzz/endless.ts';
import type { Endless } from '../../fuzz/endless.ts';
import { bytesMovedBy } from '../../fuzz/work-counter.ts';
import { pcap } from '../../unit/dissection/packet-builder.ts';

const FULL = process.env['HANDSIGHT_TIER'] === 'full';
/** So much is sent once and twice: more than the caps, so that what happens beyond them is compared. */
const WORK_BYTES = FULL ? 1_600_000 : 160_000;
/** So much is sent to see what is held. */
const MEMORY_BYTES = (FULL ? 48 : 3) * 1024 * 1024;
/** Of any one sender: what the caps allow (8 MiB windows, 1 MiB of queue, 256 KiB of handshake …), far below what is sent. */
const HELD_BYTES = 24 * 1024 * 1024;

/** A conversation's row stays; working memory is given to 50,000 of them at once at most. */
const FLOW_BYTES = 600;
const MAX_LIVE = 50_000;
const LIVE_BYTES = 6000;

const HEAD = pcap([]);
const SINK = { run: () => undefined, endSequence: () => undefined, message: () => undefined, flow: () => undefined };
const NAMED = ENDLESS.map((one) => [one.name, one] as const);

/** Dissects packet by packet; the capture as a whole is never in memory. */
function dissect(one: Endless, bytes: number): { dissector: Dissector; sent: number; flows: () => number } {
  let flows = 0;
  const dissector = createDissector({ ...SINK, flow: () => (flows += 1) });
  dissector.push(HEAD);
  let sent = 0;
  for (const packet of one.packets(bytes)) {
    dissector.push(pcap([packet]).subarray(24));
    sent += packet.length;
  }
  return { dissector, sent, flows: () => flows };
}

/** Memory in use once everything that can go is gone; buffers are given back some turns after the collection. */
async function held(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let turn = 0; turn < 4; turn++) {
    collect();
    await setImmediate();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe('traffic that grows without end in one place', () => {
  it.each(NAMED)('moves as much again for as much again: %s', (_, one) => {
    const moved = (bytes: number): number => {
      const capture = pcap([...one.packets(bytes)]);
      return bytesMovedBy(() => {
        const dissector = createDissector(SINK);
        for (let at = 0; at < capture.length; at += 4096) dissector.push(capture.subarray(at, at + 4096));
        dissector.finish();
      });
    };
    const bytes = WORK_BYTES / (one.dear === true ? 8 : 1);
    // Four times would be quadratic; a table that doubles may add once.
    expect(moved(2 * bytes)).toBeLessThan(2.6 * moved(bytes) + 1_000_000);
  });

  it.each(NAMED.filter((_, n) => FULL || n % 6 === 0))('is not held: %s', async (_, one) => {
    const bytes = MEMORY_BYTES / (one.dear === true ? 16 : 1);
    dissect(one, 20_000).dissector.finish();
    const before = await held();
    const { dissector, sent, flows } = dissect(one, bytes);
    const more = (await held()) - before;
    dissector.finish();
    expect(more, `of ${sent} bytes sent, ${flows()} conversations`).toBeLessThan(
      HELD_BYTES + Math.min(flows(), MAX_LIVE) * LIVE_BYTES + flows() * FLOW_BYTES,
    );
  });
});
