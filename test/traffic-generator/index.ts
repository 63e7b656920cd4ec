import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunId, World, WorldRun } from '../demo-world/world.ts';
import { Scene } from './scene.ts';
import { tell } from './stories.ts';
import type { CaptureTruth } from './truth.ts';

export type { CaptureTruth, PlantedIdentifier } from './truth.ts';

export interface GatewayCapture {
  /** Absolute if `dir` is. */
  readonly path: string;
  readonly run: RunId;
  readonly label: string;
  /** The world's unit, not an id of a case. */
  readonly handset: 'H1' | 'H2';
}

function makeCapture(world: World, run: WorldRun): { readonly bytes: Buffer; readonly truth: CaptureTruth } {
  const scene = new Scene(world, run);
  tell(scene);
  const bytes = scene.writer.finish();
  const planted = scene.planted.map(({ plant, packets, ...rest }) => ({
    run: run.id,
    channel: 'cleartext' as const,
    ...plant,
    ...rest,
    frames: packets.map(({ frame }) => frame).sort((a, b) => a - b),
  }));
  return {
    bytes,
    truth: { run: run.id, packets: scene.writer.count, conversations: scene.link.conversations, planted },
  };
}

/**
 * Writes the gateway's view of the handset's Wi-Fi for each run of the world, one classic pcap (microseconds, Ethernet) per
 * run, in the order of the runs. The same world gives the same bytes everywhere. `dir` is made where it is missing.
 */
export function writeCaptures(world: World, dir: string): GatewayCapture[] {
  mkdirSync(dir, { recursive: true });
  return world.runs.map((run) => {
    const path = join(dir, `${run.id}-gateway.pcap`);
    writeFileSync(path, makeCapture(world, run).bytes);
    return { path, run: run.id, label: run.label, handset: run.handset };
  });
}

/** What {@link writeCaptures} puts into each run's capture. For tests: nothing of it is ever written. */
export function captureTruths(world: World): CaptureTruth[] {
  return world.runs.map((run) => makeCapture(world, run).truth);
}
