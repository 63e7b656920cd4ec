import { closeSync, openSync, writeSync } from 'node:fs';
import { makeRandom } from '../demo-world/random.ts';
import type { Random } from '../demo-world/random.ts';
import { makeWorld } from '../demo-world/world.ts';
import { CaptureWriter } from '../traffic-generator/capture-writer.ts';
import type { Packet } from '../traffic-generator/capture-writer.ts';
import { carriers } from './carriers.ts';
import type { Carrier } from './carriers.ts';
import { makeNoisePool } from './noise-pool.ts';
import { addOrdinary, drawHosts } from './ordinary-mix.ts';
import { Scene } from './scene.ts';
import type { Counters, Host } from './scene.ts';
import { identifiersOf, writings } from './writings.ts';
import type { BenchIdentifier, Writing } from './writings.ts';

/** An identifier that the capture holds, and all that a finding must say of it. */
export interface Plant {
  readonly identifier: BenchIdentifier;
  readonly writing: Writing;
  readonly carrier: Carrier;
  /** Wireshark's numbers of the packets that carry it first, ascending. */
  readonly frames: readonly number[];
}

export interface BigCapture {
  readonly bytes: number;
  readonly packets: number;
  readonly identifiers: readonly BenchIdentifier[];
  readonly plants: readonly Plant[];
}

const sceneBytes = 4_000_000;
/** Planted in every megabyte, once all pairs of writing and carrier had their turn. */
const plantsPerMegabyte = 0.41;
const beginUs = Date.UTC(2014, 7, 7, 2) * 1000;

/**
 * Writes a capture of about `megabytes` (10^6 bytes) of ordinary traffic with identifiers planted in it, a scene of some
 * megabytes at a time: memory does not grow with the size. Same size and seed, same bytes and truth.
 */
export function writeBigCapture(path: string, megabytes: number, seed = 1): BigCapture {
  const world = makeWorld(seed);
  const noise = makeNoisePool(world);
  const hosts = drawHosts(noise.random);
  const identifiers = identifiersOf(world);
  const planned = planOf(identifiers, Math.round(megabytes * plantsPerMegabyte), makeRandom(seed, 'bench plants'));
  const counters: Counters = { conversations: 0 };
  const plants: Plant[] = [];
  const wanted = megabytes * 1e6;
  const file = openSync(path, 'w');
  try {
    let bytes = writeSync(file, new CaptureWriter().finish());
    let packets = 0;
    let startUs = beginUs;
    for (let next = 0; bytes < wanted || next < planned.length;) {
      const scene = new Scene(noise, counters, startUs);
      const upTo = Math.min(wanted, bytes + sceneBytes);
      // Planted evenly over the file; the last scene takes what is left.
      const due = upTo >= wanted ? planned.length : Math.floor((planned.length * upTo) / wanted);
      const put = planned.slice(next, due).map((plan) => ({ plan, packets: plant(scene, hosts, plan) }));
      next = due;
      while (bytes + scene.bytes * 1.09 < upTo) addOrdinary(scene, hosts);
      const records = scene.records();
      for (const { plan, packets: carrying } of put) plants.push({ ...plan, frames: framesOf(carrying, packets) });
      for (let at = 0; at < records.bytes.length;) at += writeSync(file, records.bytes, at);
      bytes += records.bytes.length;
      packets += records.packets;
      startUs = Math.ceil(scene.endUs) + 1_000_000;
    }
    return { bytes, packets, identifiers, plants };
  } finally {
    closeSync(file);
  }
}

type Plan = Omit<Plant, 'frames'>;

/** Every writing in every carrier at least once, identifiers by turns. */
function planOf(identifiers: readonly BenchIdentifier[], atLeast: number, random: Random): Plan[] {
  const plans: Plan[] = [];
  for (let turn = 0; turn === 0 || plans.length < atLeast; turn += 1) {
    const pairs = writings.flatMap((writing) => carriers.map((carrier) => ({ writing, carrier })));
    for (const [n, pair] of pairs.entries()) {
      // A step of seven lets every kind meet most of both.
      for (let k = 0; k < identifiers.length; k += 1) {
        const identifier = identifiers[(n * 7 + turn + k) % identifiers.length];
        if (identifier === undefined || pair.writing.write(identifier.value) === null) continue;
        plans.push({ ...pair, identifier });
        break;
      }
    }
  }
  return random.shuffle(plans).slice(0, Math.max(atLeast, writings.length * carriers.length));
}

function plant(scene: Scene, hosts: readonly Host[], { identifier, writing, carrier }: Plan): readonly Packet[] {
  const written = writing.write(identifier.value);
  if (written === null) throw new Error(`${writing.name} has no writing of ${identifier.kind}`);
  return carrier.put(scene, scene.noise.random.pick(hosts), { field: identifier.field, ...written });
}

function framesOf(packets: readonly Packet[], before: number): number[] {
  if (packets.length === 0) throw new Error('a planted identifier is in no packet');
  return packets.map(({ frame }) => before + frame).sort((a, b) => a - b);
}
