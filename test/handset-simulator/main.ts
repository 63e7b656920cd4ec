import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeWorld } from '../demo-world/world.ts';
import type { RunId } from '../demo-world/world.ts';
import { startHandset } from './handset.ts';
import type { SimulatedHandset } from './handset.ts';
import { openPersona, personaIds } from './persona/persona-folder.ts';
import { writeCaptures } from '../traffic-generator/index.ts';

// Personas lie beside the bundle in an installed demonstration, and one folder up in a checkout.
const personas = ['./personas', '../personas']
  .map((place) => fileURLToPath(new URL(place, import.meta.url)))
  .find((place) => existsSync(place));

const options = {
  seed: { type: 'string', default: '1' },
  out: { type: 'string' },
  personas: { type: 'string' },
  approve: { type: 'string' },
} as const;

function say(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

interface Order {
  readonly order: string;
  readonly persona: string;
}

function readOrder(line: string): Order | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return null;
    const { order, persona } = value as Partial<Record<string, unknown>>;
    return typeof order === 'string' && typeof persona === 'string' ? { order, persona } : null;
  } catch {
    return null;
  }
}

async function obey(order: Order, handsets: ReadonlyMap<string, SimulatedHandset>): Promise<string | null> {
  const named = [...handsets].filter(([name]) => name === order.persona || name.startsWith(`${order.persona}:`));
  const handset = named.length === 1 ? named[0]?.[1] : handsets.get(order.persona);
  if (handset === undefined) return `no such handset: ${order.persona}`;
  const acts: Record<string, () => void | Promise<void>> = {
    unplug: () => handset.unplug(),
    replug: () => handset.replug(),
    mute: () => handset.mute(true),
    unmute: () => handset.mute(false),
    authorise: () => handset.authorise(),
    revoke: () => handset.revoke(),
  };
  const act = acts[order.order];
  if (act === undefined) return `no such order: ${order.order}`;
  await act();
  return null;
}

interface Wanted {
  readonly persona: string;
  readonly run: RunId | null;
}

/** Which handsets to plug in: `persona` or `persona:RUN`, comma-separated; all of them with each of their runs by default. */
function wanted(folder: string, text: string | undefined): Wanted[] {
  const names = text === undefined ? personaIds(folder) : text.split(',').filter((name) => name !== '');
  return names.flatMap((name): Wanted[] => {
    const [persona = '', run] = name.split(':');
    if (run !== undefined) return [{ persona, run: run as RunId }];
    const { runs } = openPersona(folder, persona).persona;
    return runs.length === 0 ? [{ persona, run: null }] : runs.map((each) => ({ persona, run: each as RunId }));
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  const seed = Number(values.seed);
  if (personas === undefined) throw new Error('the folder of personas is missing');
  if (!Number.isSafeInteger(seed)) throw new Error('--seed wants a whole number');
  const world = makeWorld(seed);
  const handsets = new Map<string, SimulatedHandset>();
  for (const { persona, run } of wanted(personas, values.personas)) {
    const approve = values.approve === undefined ? null : Number(values.approve);
    const handset = await startHandset({
      personas,
      persona,
      world,
      approveAfterMs: approve,
      ...(run === null ? {} : { run }),
    });
    const name = run === null ? persona : `${persona}:${run}`;
    handsets.set(name, handset);
    const { label, handset: unit } = handset.device.persona;
    say({ event: 'listening', name, persona, run, label, handset: unit, port: handset.port, address: handset.address });
  }
  // The gateway's part of the laboratory: files, as a person would bring them.
  if (values.out !== undefined)
    for (const capture of writeCaptures(world, values.out)) say({ event: 'capture', ...capture });
  say({ event: 'ready', synthetic: world.synthetic, seed });

  const close = async (): Promise<void> => {
    await Promise.all([...handsets.values()].map((handset) => handset.close()));
    process.exit(0);
  };
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const order = readOrder(line);
    if (order === null) return say({ event: 'refused', reason: 'not an order' });
    void obey(order, handsets).then((reason) =>
      say(reason === null ? { event: 'done', ...order } : { event: 'refused', ...order, reason }),
    );
  });
  // Whoever started us has gone: leave, so that no orphan holds a port.
  lines.on('close', () => void close());
  process.on('SIGTERM', () => void close());
  process.on('SIGINT', () => void close());
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : null;
  process.stderr.write(`${message}\n`);
  // Whoever started us has words of their own for a full disk.
  process.stdout.write(`${JSON.stringify({ event: 'failed', code, message })}\n`, () => process.exit(1));
});
