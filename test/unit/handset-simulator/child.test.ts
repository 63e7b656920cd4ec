import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../handset-simulator/main.ts', import.meta.url));

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

it('the child says where its handsets listen, obeys orders, and leaves when its standard input closes', async () => {
  const child = spawn(process.execPath, [program, '--seed', '3', '--personas', 'founding-before,modern-locked'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Record<string, unknown>> =>
    JSON.parse(String((await lines.next()).value)) as Record<string, unknown>;
  const plugged = [await next(), await next(), await next()];
  expect(plugged).toMatchObject([
    {
      event: 'listening',
      name: 'founding-before:R1',
      persona: 'founding-before',
      run: 'R1',
      label: 'before',
      handset: 'H1',
    },
    { event: 'listening', name: 'founding-before:R2', run: 'R2' },
    { event: 'listening', name: 'modern-locked', run: null },
  ]);
  expect(await next()).toEqual({ event: 'ready', synthetic: 'synthetic demonstration', seed: 3 });
  const port = Number(plugged[2]?.['port']);
  expect(await accepts(port)).toBe(true);

  const order = async (words: object): Promise<Record<string, unknown>> => {
    child.stdin.write(`${JSON.stringify(words)}\n`);
    return next();
  };
  expect(await order({ order: 'unplug', persona: 'modern-locked' })).toMatchObject({ event: 'done' });
  expect(await accepts(port)).toBe(false);
  expect(await order({ order: 'replug', persona: 'modern-locked' })).toMatchObject({ event: 'done' });
  expect(await accepts(port)).toBe(true);
  expect(await order({ order: 'dance', persona: 'modern-locked' })).toMatchObject({ event: 'refused' });
  expect(await order({ order: 'unplug', persona: 'nobody' })).toMatchObject({ event: 'refused' });
  expect(await order(['not an order'])).toMatchObject({ event: 'refused' });

  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.stdin.end();
  expect(await gone).toBe(0);
  expect(await accepts(port)).toBe(false);
});
