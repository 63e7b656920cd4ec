import { connect } from 'node:net';
import { join } from 'node:path';
import { makeWorld } from '../../../demo-world/world.ts';
import { startHandset, type HandsetOptions, type SimulatedHandset } from '../../../handset-simulator/handset.ts';
import { checkout } from './build-window.ts';

/** Plugs nothing in yet: a simulated handset that listens, as a handset lies on the desk. */
export async function layHandset(
  persona: string,
  options: Partial<Omit<HandsetOptions, 'personas' | 'persona'>> = {},
): Promise<SimulatedHandset> {
  return startHandset({ personas: join(checkout, 'test', 'personas'), persona, world: makeWorld(7), ...options });
}

/** Asks a running adb server for one service by its smart-socket protocol: four hex digits of length, then the words. */
async function askServer(server: string, service: string): Promise<void> {
  const [host = '127.0.0.1', port = ''] = server.split(':');
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host, port: Number(port) });
    let answer = '';
    socket.on('connect', () => socket.write(service.length.toString(16).padStart(4, '0') + service));
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
    });
    socket.on('error', reject);
    socket.on('close', () => (answer.startsWith('FAIL') ? reject(new Error(answer)) : resolve()));
    // `host:emulator:` closes without a word.
    socket.setTimeout(5000, () => socket.destroy());
  });
}

/** The cable goes in: the adb server finds the handset by itself, as it does with USB. It vanishes at once when pulled. */
export async function plugInto(server: string, handset: SimulatedHandset): Promise<void> {
  await askServer(server, `host:emulator:${handset.port}`);
}

/** The serial that a handset has when it came by `plugInto`. */
export function cableSerial(handset: SimulatedHandset): string {
  return `emulator-${handset.port - 1}`;
}
