import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collect } from '../../unit/dissection/collector.ts';
import { Conversation } from '../../unit/dissection/conversation.ts';
import { pcap, udp } from '../../unit/dissection/packet-builder.ts';
import { IMEI } from '../../unit/dissection/protocol-fixtures.ts';
import { DATAGRAMS, STREAMS } from '../../unit/dissection/protocol-talks.ts';

const FULL = process.env['HANDSIGHT_TIER'] === 'full';
/** Many more changes of the same talks are tried by fuzz.test.ts. */
const RUNS = FULL ? 800 : 40;
const SEED = 20_140_807;

/** Kinds and fields of all messages, and the decoded texts: what must not depend on segments. */
function essence(capture: Buffer): unknown {
  const c = collect(capture);
  return {
    messages: c.messages
      .map(({ kind, way, fields }) => [kind, way, fields])
      .sort((a, b) => Number(a[1]) - Number(b[1])),
    decoded: c.sequences.filter((s) => s.layer === 'body').map((s) => [s.way, s.decodings, s.bytes.toString('latin1')]),
    application: c.flows.map((f) => [f.application, f.channel, f.incomplete]),
  };
}

function talk(port: number, client: Buffer, server: Buffer, sizes: readonly number[]): Buffer {
  const t = new Conversation({ targetPort: port });
  const [a, b] = [client, server].map((data) => {
    const pieces: Buffer[] = [];
    for (let at = 0, i = 0; at < data.length; i++) {
      const n = sizes[i % sizes.length] ?? 1;
      pieces.push(data.subarray(at, at + n));
      at += n;
    }
    return pieces;
  });
  // The server greets first; afterwards both speak as they are cut.
  for (const piece of b ?? []) t.toClient(piece);
  for (const piece of a ?? []) t.toServer(piece);
  return pcap(t.packets);
}

describe('small protocols', () => {
  it.each(STREAMS)('%s gives the same messages however it is cut', (application, port, client, server) => {
    const whole = essence(talk(port, client, server, [100_000]));
    expect(JSON.stringify(whole)).toContain(`"${application}"`);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }), (sizes) => {
        expect(essence(talk(port, client, server, sizes))).toEqual(whole);
      }),
      { seed: SEED, numRuns: RUNS / 2 },
    );
  });

  it('never throw nor grow: streams with bytes changed, lost and added', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...STREAMS),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }),
        fc.nat({ max: 12 }),
        ([, port, client, server], changes, sizes, lost) => {
          const damaged = Buffer.from(client);
          for (const [at, value] of changes) damaged[at % damaged.length] = value;
          const t = new Conversation({ targetPort: port }).toClient(server);
          for (let at = 0, i = 0; at < damaged.length; i++) {
            const n = sizes[i % sizes.length] ?? 1;
            if (i === lost) t.clientSeq += n;
            else t.toServer(damaged.subarray(at, at + n));
            at += n;
          }
          const c = collect(pcap(t.close().packets), { needle: IMEI });
          const decoded = c.sequences.filter((s) => s.layer === 'body').reduce((n, s) => n + s.bytes.length, 0);
          expect(decoded).toBeLessThan(4 * client.length + 1000);
          expect(c.messages.length).toBeLessThan(client.length + server.length);
          expect(
            c.sequences.filter((s) => s.layer === 'stream').reduce((n, s) => n + s.bytes.length, 0),
          ).toBeLessThanOrEqual(client.length + server.length);
        },
      ),
      { seed: SEED, numRuns: RUNS * 8 },
    );
  });

  it('never throw nor grow: datagrams with bytes changed and cut', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...DATAGRAMS),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }),
        fc.nat({ max: 40 }),
        ([port, payload], changes, cut) => {
          const damaged = Buffer.from(payload.subarray(0, Math.max(1, payload.length - cut)));
          for (const [at, value] of changes) damaged[at % damaged.length] = value;
          const c = collect(pcap([udp(50_000, port, damaged)]), { needle: IMEI });
          const [raw, ...decoded] = c.sequences;
          expect(raw?.bytes.equals(damaged)).toBe(true);
          expect(decoded.reduce((n, s) => n + s.bytes.length, 0)).toBeLessThan(8 * payload.length + 1000);
        },
      ),
      { seed: SEED, numRuns: RUNS * 20 },
    );
  });

  it('never throw: garbage behind every beginning, and in every port', () => {
    const ports = [...STREAMS.map(([, port]) => port), 2525, 9999];
    fc.assert(
      fc.property(
        fc.constantFrom(...ports),
        fc.constantFrom(...STREAMS.map(([, , client]) => client.subarray(0, 24)), Buffer.alloc(0)),
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 90 }),
        (port, beginning, garbage, piece) => {
          const sent = Buffer.concat([beginning, garbage]);
          const c = collect(pcap(new Conversation({ targetPort: port }).toServer(sent, piece).close().packets));
          const stream = c.sequences.filter((s) => s.layer === 'stream').map((s) => s.bytes);
          expect(Buffer.concat(stream).equals(sent)).toBe(true);
        },
      ),
      { seed: SEED, numRuns: RUNS * 8 },
    );
    fc.assert(
      fc.property(
        fc.constantFrom(53, 67, 137, 123, 547, 1900, 2123, 3478, 5060, 5353, 5355, 5683),
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        (port, garbage) => {
          const c = collect(pcap([udp(50_000, port, garbage)]));
          expect(c.sequences[0]?.bytes.equals(Buffer.from(garbage))).toBe(true);
        },
      ),
      { seed: SEED, numRuns: RUNS * 20 },
    );
  });
});
