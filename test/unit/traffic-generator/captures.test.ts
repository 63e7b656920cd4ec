import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeRandom } from '../../demo-world/random.ts';
import { makeWorld, runOf } from '../../demo-world/world.ts';
import type { RunId, World } from '../../demo-world/world.ts';
import { captureTruths, writeCaptures } from '../../traffic-generator/index.ts';
import type { CaptureTruth, PlantedIdentifier } from '../../traffic-generator/index.ts';
import { makeNoise } from '../../traffic-generator/noise.ts';
import { conversationKey, conversations, follow, hasTshark, isWrong, packetsOf, withoutTshark } from './tshark.ts';
import type { SeenPacket } from './tshark.ts';

const runs: readonly RunId[] = ['R1', 'R2', 'R5', 'R3', 'R4', 'R6a', 'R6b'];
let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'handsight-traffic-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Made {
  readonly world: World;
  readonly truths: ReadonlyMap<RunId, CaptureTruth>;
  readonly pathOf: (run: RunId) => string;
}

const made = new Map<number, Made>();
function capturesOf(seed: number): Made {
  const known = made.get(seed);
  if (known !== undefined) return known;
  const world = makeWorld(seed);
  const dir = join(folder, `seed ${seed}`);
  writeCaptures(world, dir);
  const truths = new Map(captureTruths(world).map((truth) => [truth.run, truth]));
  const one = { world, truths, pathOf: (run: RunId) => join(dir, `${run}-gateway.pcap`) };
  made.set(seed, one);
  return one;
}

function truthOf(seed: number, run: RunId): CaptureTruth {
  const truth = capturesOf(seed).truths.get(run);
  if (truth === undefined) throw new Error(`no truth of ${run}`);
  return truth;
}

test('a seed gives the same bytes twice, and each run its file, label and unit', () => {
  const first = writeCaptures(makeWorld(3), join(folder, 'one'));
  const second = writeCaptures(makeWorld(3), join(folder, 'two'));
  for (const [index, { path }] of first.entries()) {
    const other = second[index]?.path ?? '';
    expect(readFileSync(path).equals(readFileSync(other)), path).toBe(true);
  }
  expect(first.map(({ run }) => run).toSorted()).toEqual(runs.toSorted());
  expect(first.find(({ run }) => run === 'R4')).toMatchObject({ label: 'after-reset', handset: 'H1' });
  expect(first.find(({ run }) => run === 'R6b')).toMatchObject({ label: 'mi2s-after', handset: 'H2' });
});

test('other seeds give other identifiers, servers, times and order', () => {
  const sums = [1, 2, 3].map((seed) => {
    const { world } = capturesOf(seed);
    const { planted, conversations: all } = truthOf(seed, 'R1');
    return {
      values: planted.map(({ value }) => value).join(),
      servers: [...new Set(all.map(({ server }) => server))].toSorted().join(),
      start: runOf(world, 'R1').startAt,
      frames: planted.map(({ frames }) => frames.join('+')).join(),
    };
  });
  for (const key of ['values', 'servers', 'start', 'frames'] as const)
    expect(new Set(sums.map((sum) => sum[key])).size, key).toBe(3);
  const orders = Array.from({ length: 8 }, (_, seed) =>
    runOf(makeWorld(seed), 'R1')
      .stimuli.map(({ kind }) => kind)
      .join(),
  );
  expect(new Set(orders).size).toBeGreaterThan(3);
});

/** What the story promises of each run, whatever the seed (handbook: case-2014.md). */
const promised: Record<RunId, readonly string[]> = {
  R1: ['imei', 'msisdn', 'contact-msisdn', 'iccid'],
  R2: ['imei', 'msisdn', 'contact-msisdn', 'iccid', 'imsi', 'account'],
  R5: ['imei', 'msisdn', 'contact-msisdn', 'iccid'],
  R3: [],
  R4: [],
  R6a: [],
  R6b: [],
};

test.each([1, 5, 2014])('seed %i plants what the case tells, and nothing else leaves the network', (seed) => {
  for (const run of runs) {
    const sent = truthOf(seed, run).planted.filter(({ direction }) => direction === 'to-server');
    const kinds = new Set<string>(sent.map(({ kind }) => kind));
    for (const kind of promised[run]) expect(kinds, run).toContain(kind);
    if (promised[run].length === 0) expect(sent, run).toEqual([]);
  }
  const plainTo = (run: RunId, kind: string): PlantedIdentifier[] =>
    truthOf(seed, run).planted.filter(
      (one) => one.kind === kind && one.host === 'api.account.xiaomi.com' && one.transform.length === 0,
    );
  const { H1 } = capturesOf(seed).world.handsets;
  for (const run of ['R1', 'R5'] as const) {
    expect(plainTo(run, 'imei').map(({ text }) => text)).toContain(H1.imei);
    expect(plainTo(run, 'msisdn').map(({ text }) => text)).toContain(H1.msisdn);
    expect(plainTo(run, 'contact-msisdn').map(({ value }) => value)).toContain(H1.smsSender.msisdn);
  }
  expect(plainTo('R1', 'imsi')).toEqual([]);
  expect(plainTo('R2', 'imsi').map(({ text }) => text)).toContain(H1.imsi);
  // One answer sends the own number back; another unit's number is in R2 once.
  expect(truthOf(seed, 'R1').planted.filter(({ direction }) => direction === 'to-client')).toHaveLength(1);
  expect(truthOf(seed, 'R2').planted.filter(({ unit }) => unit === 'H2')).toHaveLength(1);
  const codings = new Set(runs.flatMap((run) => truthOf(seed, run).planted.map(({ coding }) => coding)));
  expect([...codings].toSorted()).toEqual(['chunked', 'gzip', 'gzip+chunked', 'none']);
});

/** Packets of a classic pcap, without its own headers. */
function* packetsIn(file: Buffer): Generator<Buffer> {
  for (let at = 24; at < file.length;) {
    const length = file.readUInt32LE(at + 8);
    yield file.subarray(at + 16, at + 16 + length);
    at += 16 + length;
  }
}

test.each([1, 7, 99])('seed %i: no packet holds an identifier but those that were planted', (seed) => {
  const { world, pathOf } = capturesOf(seed);
  const noise = makeNoise(world, makeRandom(seed, 'unused'));
  for (const run of runs) {
    const { planted } = truthOf(seed, run);
    const known = new Set(planted.flatMap(({ frames }) => frames));
    const texts = planted.map(({ text }) => text);
    let frame = 0;
    for (const packet of packetsIn(readFileSync(pathOf(run)))) {
      frame += 1;
      const bytes = packet.subarray(14);
      // A segment sent twice holds the same again.
      if (known.has(frame) || texts.some((text) => bytes.includes(text))) continue;
      expect(() => noise.assertInnocent(bytes), `${run} frame ${frame}`).not.toThrow();
    }
    expect(frame).toBe(truthOf(seed, run).packets);
  }
});

const seen = new Map<string, readonly SeenPacket[]>();
function seenIn(seed: number, run: RunId): readonly SeenPacket[] {
  const path = capturesOf(seed).pathOf(run);
  const packets = seen.get(path) ?? packetsOf(path);
  seen.set(path, packets);
  return packets;
}
const has = (name: string, value?: string) => (packet: SeenPacket) =>
  value === undefined ? packet[name] !== '' : packet[name] === value;
const timeUs = (packet: SeenPacket): number => Number(packet['frame.time_epoch']) * 1e6;

describe.skipIf(!hasTshark)(`as tshark reads them${withoutTshark}`, () => {
  const cases = [1, 7].flatMap((seed) => runs.map((run) => [seed, run] as const));

  test.each(cases)('seed %i, %s: no malformed packet, every checksum right, the same counts', (seed, run) => {
    const truth = truthOf(seed, run);
    const packets = seenIn(seed, run);
    expect(packets.filter(isWrong)).toEqual([]);
    // The question is put at all: tshark did look at the sums.
    expect(packets.some(has('tcp.checksum.status', '1'))).toBe(true);
    expect(packets).toHaveLength(truth.packets);
    const times = packets.map(timeUs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(truth.packets).toBeGreaterThan(150);
    const expected = new Map(
      truth.conversations.map((c) => [conversationKey(c.transport, c.client, c.server), c.packets]),
    );
    expect(expected.size).toBe(truth.conversations.length);
    expect(conversations(capturesOf(seed).pathOf(run))).toEqual(expected);
  });

  test.each([1, 7, 99])('seed %i: every planted identifier is where the truth says', (seed) => {
    for (const run of ['R1', 'R2', 'R5'] as const)
      checkPlanted(capturesOf(seed).pathOf(run), truthOf(seed, run), seenIn(seed, run));
  });

  test.each([1, 7])('seed %i: repeated and disordered segments are there', (seed) => {
    expect(seenIn(seed, 'R1').some(has('tcp.analysis.retransmission', '1'))).toBe(true);
    expect(seenIn(seed, 'R1').some(has('tcp.analysis.out_of_order', '1'))).toBe(true);
  });

  test.each(cases)('seed %i, %s: the canary passes at the moments the world says, at both ends', (seed, run) => {
    const asked = seenIn(seed, run).filter(
      (packet) => packet['http.request.uri']?.includes('handsight-canary') === true,
    );
    const expected = runOf(capturesOf(seed).world, run).canaries;
    expect(asked.map((packet) => packet['http.request.uri'])).toEqual(
      expected.map(({ nonce }) => `/handsight-canary/${nonce}`),
    );
    for (const [index, packet] of asked.entries())
      expect(Math.abs(timeUs(packet) / 1000 - Date.parse(expected[index]?.at ?? ''))).toBeLessThan(2);
  });

  test.each([1, 7])(
    'seed %i: switched off nothing asks for the vendor; switched on, only after the act and in TLS',
    (seed) => {
      for (const run of ['R3', 'R6a', 'R6b'] as const)
        expect(seenIn(seed, run).filter((p) => /xiaomi|umeng|qq\.com/.test(p['dns.qry.name'] ?? ''))).toEqual([]);
      const { world } = capturesOf(seed);
      const service = 'api.account.xiaomi.com';
      const addresses = world.hosts.find(({ name }) => name === service)?.addresses ?? [];
      const packets = seenIn(seed, 'R4');
      expect(packets.filter(has('http.host', service))).toEqual([]);
      const concerned = packets.filter((p) => p['dns.qry.name'] === service || addresses.includes(p['ip.dst'] ?? ''));
      expect(concerned.length).toBeGreaterThan(20);
      const consentUs = Date.parse(runOf(world, 'R4').consentAt ?? '') * 1000;
      expect(concerned.every((packet) => timeUs(packet) >= consentUs)).toBe(true);
      const hellos = packets.filter(has('tls.handshake.extensions_server_name', service));
      expect(hellos).toHaveLength(4);
      for (const hello of hellos) expect(['0x0301', '0x0302', '0x0303']).toContain(hello['tls.handshake.version']);
      expect(packets.map((packet) => packet['x509ce.dNSName']).join()).toContain(service);
    },
  );
});

/** Bodies of a stream's HTTP messages without chunks and gzip; written apart from the product's and the generator's code. */
function decodedBodies(stream: Buffer): string[] {
  const bodies: string[] = [];
  for (let at = 0; at < stream.length;) {
    const headEnd = stream.indexOf('\r\n\r\n', at);
    if (headEnd < 0) break;
    const head = stream.toString('latin1', at, headEnd).toLowerCase();
    at = headEnd + 4;
    const parts: Buffer[] = [];
    if (head.includes('transfer-encoding: chunked')) {
      for (let size = -1; size !== 0;) {
        const line = stream.indexOf('\r\n', at);
        size = Number.parseInt(stream.toString('latin1', at, line), 16);
        parts.push(stream.subarray(line + 2, line + 2 + size));
        at = line + 2 + size + 2;
      }
    } else {
      const length = Number(/content-length: (\d+)/.exec(head)?.[1] ?? 0);
      parts.push(stream.subarray(at, at + length));
      at += length;
    }
    const body = Buffer.concat(parts);
    bodies.push((head.includes('content-encoding: gzip') ? gunzipSync(body) : body).toString());
  }
  return bodies;
}

function checkPlanted(path: string, truth: CaptureTruth, packets: readonly SeenPacket[]): void {
  const byFrame = new Map(packets.map((packet) => [Number(packet['frame.number']), packet]));
  const planted = truth.planted.filter(({ direction }) => direction !== 'lan');
  const streamOf = (one: PlantedIdentifier): number => Number(byFrame.get(one.frames[0] ?? 0)?.['tcp.stream']);
  const streams = follow(path, [...new Set(planted.map(streamOf))]);
  for (const one of planted) {
    const what = `${truth.run} ${one.kind} ${one.transform.join('>')} ${one.coding} frames ${one.frames.join()}`;
    const stream = streams.get(streamOf(one))?.[one.direction === 'to-client' ? 'to-client' : 'to-server'];
    if (stream === undefined) throw new Error(`no stream: ${what}`);
    const texts = one.coding === 'none' ? [stream.toString('latin1')] : decodedBodies(stream);
    expect(
      texts.some((text) => text.includes(one.text)),
      what,
    ).toBe(true);
    if (one.coding.startsWith('gzip')) expect(stream.includes(one.text), what).toBe(false);
    const carried = one.frames
      .map((frame): SeenPacket => byFrame.get(frame) ?? {})
      .toSorted((a, b) => Number(a['tcp.seq']) - Number(b['tcp.seq']));
    expect(carried.length, what).toBe(one.frames.length);
    for (const packet of carried) expect(packet['tcp.port']?.split(','), what).toContain(String(one.clientPort));
    if (one.coding !== 'none') continue;
    const bytes = Buffer.from(carried.map((packet) => packet['tcp.payload']).join(''), 'hex').toString('latin1');
    expect(bytes, what).toContain(one.text);
    // No packet too many: each one carries a part of it.
    for (let drop = 0; drop < carried.length && carried.length > 1; drop += 1) {
      const fewer = carried.filter((_, index) => index !== drop).map((packet) => packet['tcp.payload']);
      expect(Buffer.from(fewer.join(''), 'hex').toString('latin1'), what).not.toContain(one.text);
    }
  }
  // Some lie across two packets, so that only a reassembled stream shows them.
  expect(planted.some(({ frames }) => frames.length > 1)).toBe(true);
}
