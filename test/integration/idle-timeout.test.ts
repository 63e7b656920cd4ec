import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import { createDissector } from '../../main/dissection/dissector.ts';
import type { DissectedFlow } from '../../main/dissection/sink.ts';
import { Dice } from '../fuzz/dice.ts';
import { PcapngBuilder, tcp, tcpBack, udp } from '../unit/dissection/packet-builder.ts';
import { hasTshark, tshark, withoutTshark } from '../unit/traffic-generator/tshark.ts';

const FULL = process.env['HANDSIGHT_TIER'] === 'full';
const CONVERSATIONS = FULL ? 40_000 : 5000;
/** Much longer than the ten minutes after which working memory is given back. */
const SILENCE_US = 2_400_000_000;

const folder = mkdtempSync(join(tmpdir(), 'handsight-idle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Timed {
  readonly us: number;
  readonly packet: Buffer;
}

/**
 * Conversations over half a day that fall silent for 40 minutes and go on; on some 5-tuples a new one begins (another SYN), some
 * are only half seen, some end and are spoken on, some are never heard again. The same seed gives the same packets.
 */
function traffic(): Buffer {
  const dice = new Dice(20_140_807);
  const packets: Timed[] = [];
  for (let n = 0; n < CONVERSATIONS; n++) {
    const ports = { sourcePort: 20_000 + (n % 40_000), targetPort: 80 + (n % 7) * 1000 };
    let us = dice.below(1000) * 40_000_000;
    let seq = dice.below(2 ** 31);
    const answer = dice.below(2 ** 31);
    const put = (packet: Buffer): void => {
      packets.push({ us, packet });
      us += 1000 + dice.below(90_000);
    };
    const say = (text: string): void => {
      put(tcp({ ...ports, seq, ack: answer + 1, flags: 'PA', payload: text }));
      seq += text.length;
    };
    const open = (): void => {
      put(tcp({ ...ports, seq, flags: 'S' }));
      seq += 1;
      put(tcpBack({ ...ports, seq: answer, ack: seq, flags: 'SA' }));
    };
    if (n % 5 !== 0) open();
    say(`GET /first?n=${n} HTTP/1.1\r\nHost: h\r\n`);
    us += SILENCE_US;
    const kind = n % 4;
    if (kind === 0) {
      // The rest of the same request, after the silence.
      say('\r\n');
    } else if (kind === 1) {
      say('\r\n');
      put(tcp({ ...ports, seq, ack: answer + 1, flags: 'FA' }));
      put(tcpBack({ ...ports, seq: answer + 1, ack: seq + 1, flags: 'FA' }));
      us += SILENCE_US;
      put(tcp({ ...ports, seq: seq + 1, ack: answer + 2, flags: 'A' }));
    } else if (kind === 2) {
      seq = dice.below(2 ** 31);
      open();
      say(`GET /second?n=${n} HTTP/1.1\r\nHost: h\r\n\r\n`);
    }
    if (n % 50 === 0) {
      for (let k = 0; k < 3; k++) {
        put(udp(ports.sourcePort, 9000, `datagram ${k}`));
        us += SILENCE_US;
      }
    }
  }
  packets.sort((a, b) => a.us - b.us);
  const file = new PcapngBuilder().section().interface(1);
  for (const { us, packet } of packets) file.enhanced(0, BigInt(1_407_405_600_000_000 + us), packet);
  return file.bytes();
}

const collectGarbage = (): void => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
};

/** Dissects all but the end, so that what is held for open conversations is still there. */
function dissect(capture: Buffer, idleTimeoutMs: number) {
  const flows: DissectedFlow[] = [];
  const sink = {
    run: () => undefined,
    endSequence: () => undefined,
    message: () => undefined,
    flow: (f: DissectedFlow) => flows.push(f),
  };
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const dissector = createDissector(sink, { idleTimeoutMs, maxConnections: 10_000_000 });
  dissector.push(capture);
  collectGarbage();
  const heldBytes = process.memoryUsage().heapUsed - before;
  const summary = dissector.finish();
  flows.sort((a, b) => a.index - b.index);
  return { flows, heldBytes, summary };
}

describe(`the idle time-out${withoutTshark}`, () => {
  const capture = traffic();
  const freed = dissect(capture, 600_000);
  const kept = dissect(capture, Number.MAX_SAFE_INTEGER);

  it('gives memory back', () => {
    expect(freed.heldBytes).toBeLessThan(kept.heldBytes * 0.7);
  });

  it('changes nothing that is told, but of a message that the silence cut in two, and then says so', () => {
    const told = (run: typeof freed): unknown[] =>
      run.flows.map(({ incomplete: _reasons, serverNames: _names, ...rest }) => rest);
    expect(told(freed)).toEqual(told(kept));
    expect(freed.summary).toEqual(kept.summary);
    const other = freed.flows.filter((f, i) => JSON.stringify(f) !== JSON.stringify(kept.flows[i]));
    expect(other.length).toBeGreaterThan(0);
    expect(other.filter((f) => !f.incomplete.includes('idle-timeout'))).toEqual([]);
    expect(kept.flows.some((f) => f.incomplete.includes('idle-timeout'))).toBe(false);
  });

  it.skipIf(!hasTshark)('splits and joins no 5-tuple that tshark does not', () => {
    const path = join(folder, 'idle.pcapng');
    writeFileSync(path, capture);
    const table = (of: 'tcp' | 'udp'): number =>
      tshark(path, ['-q', '-z', `conv,${of}`])
        .split('\n')
        .filter((line) => line.includes('<->')).length;
    const ours = (of: 'tcp' | 'udp'): number => freed.flows.filter((f) => f.transport === of).length;
    expect(ours('tcp')).toBe(table('tcp'));
    expect(ours('udp')).toBe(table('udp'));
    expect(freed.summary.tcpFlows).toBe(table('tcp'));
    // Number by number: tshark's stream of every frame holds as many packets as our conversation of that number.
    const counts = new Map<string, number>();
    for (const line of tshark(path, ['-T', 'fields', '-e', 'tcp.stream', '-e', 'udp.stream']).split('\n')) {
      if (line !== '') counts.set(line, (counts.get(line) ?? 0) + 1);
    }
    const wrong = freed.flows.filter((flow) => {
      const key = flow.transport === 'tcp' ? `${flow.streamIndex}\t` : `\t${flow.streamIndex}`;
      return flow.packets[0] + flow.packets[1] !== counts.get(key);
    });
    expect(wrong).toEqual([]);
  });
});
